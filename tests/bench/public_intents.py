"""`bot/.venv/bin/python -m tests.bench.public_intents FOLDER`: the bot's intent head on public sets.

The same head with the same shape as the shipped one, trained on a few lines an intent and
asked the rest; runs in the bot's environment. Each of the folds is once the training part.
"""

from __future__ import annotations

import json
import random
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np

from bot.components import training, vectors
from bot.components.folding import fold

SETS = (("bitext_en", 10, 98.0), ("banking77_en", 7, 85.0))
FOLDS = 5


def lines_of(path: Path) -> list[tuple[str, str]]:
    held = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return list({(each["intent"], each["text"]): None for each in held})


def split(
    lines: list[tuple[str, str]], *, few: int, seed: int
) -> tuple[list[int], list[int]]:
    """Choose `few` lines of every intent for training; the others are asked."""
    by_intent: dict[str, list[int]] = defaultdict(list)
    for row, (intent, _) in enumerate(lines):
        by_intent[intent].append(row)
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    seen: list[int] = []
    for intent in sorted(by_intent):
        seen += chance.sample(by_intent[intent], min(few, len(by_intent[intent]) - 1))
    chosen = set(seen)
    return sorted(chosen), [row for row in range(len(lines)) if row not in chosen]


def accuracy(lines: list[tuple[str, str]], *, few: int, seed: int) -> float:
    rows = vectors.embed_all([text for _, text in lines])
    examples = training.Examples(
        vectors=rows,
        folded=tuple(fold(text) for _, text in lines),
        labels=tuple(intent for intent, _ in lines),
        cues=np.zeros((len(lines), 0)),
    )
    seen, asked = split(lines, few=few, seed=seed)
    head, _ = training.train(examples.rows(np.array(seen)))
    right = sum(
        head.labels[int(head.scores(rows[row], examples.folded[row]).argmax())]
        == lines[row][0]
        for row in asked
    )
    return 100 * right / len(asked)


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    folder = Path(sys.argv[1]) / "intent"
    if not folder.is_dir():
        _tell(f"There is no public data in {folder}: nothing measured.")
        return
    for name, few, target in SETS:
        lines = lines_of(folder / f"{name}.jsonl")
        found = [accuracy(lines, few=few, seed=seed) for seed in range(FOLDS)]
        _tell(
            f"{name}, {few} lines an intent: {np.mean(found):.1f} % "
            f"({min(found):.1f}-{max(found):.1f}, {FOLDS} draws), target {target}"
        )


if __name__ == "__main__":
    main()
