"""`python -m tests.bench.held_out`: the effective size of every held-out set."""

from __future__ import annotations

import re
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.held_out import bare, collapse, read

ROOT = Path(__file__).resolve().parents[2]
SETS = (
    ("intents", "intent"),
    ("intents_again", "intent"),
    ("people", "wants_person"),
    ("people_again", "wants_person"),
)
_EXAMPLE = re.compile(r"^\s*- (.+)$", re.MULTILINE)
_ANNOTATED = re.compile(r"\[([^\]]+)\][({][^)}]*[)}]")


def trained_on() -> set[str]:
    """Return every line of the bot's training text, bared."""
    found: set[str] = set()
    for folder in ("nlu", "emotion"):
        for path in (ROOT / "bot" / "data" / folder).glob("*.yml"):
            lines = _EXAMPLE.findall(path.read_text("utf-8"))
            found.update(
                bare(_ANNOTATED.sub(r"\1", line).strip("'\"")) for line in lines
            )
    return found


def main() -> None:
    seen = trained_on()
    table = Table("set", "lines", "effective", "in the training text")
    for name, key in SETS:
        lines = read(name)
        texts = [line["text"] for line in lines]
        found = collapse(texts, [line[key] for line in lines])
        shared = sum(bare(text) in seen for text in texts)
        table.add_row(name, str(len(lines)), str(found.effective), str(shared))
    talks = read("handoff_conversations")
    whole = ["\n".join(turn["text"] for turn in talk["turns"]) for talk in talks]
    found = collapse(whole, [talk["handoff"]["reason"] for talk in talks])
    table.add_row("handoff_conversations", str(len(talks)), str(found.effective), "-")
    Console().print(table)


if __name__ == "__main__":
    main()
