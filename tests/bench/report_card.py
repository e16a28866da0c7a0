"""`python -m tests.bench.report_card`: measures understanding and writes docs/understanding-quality.md.

The trained bot reads every held-out and public line in its own environment; the rules for
calling a person are this environment's. Figures are written as they come.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from api.commands.train import train_now
from api.knowledge import make_searcher
from api.processes import training
from api.processes.programs import bot_python, environment, model_path, root
from api.settings import Settings, load_settings
from knowledge_base import labelled
from knowledge_base.embedding import load_embedder
from knowledge_base.search import Sources
from knowledge_base.starter import load_starter
from tests.bench import report_text
from tests.bench.handoff_replay import Known, Timing, replay
from tests.bench.held_out import SETS
from tests.bench.knowledge import Remembering
from tests.bench.report_wishes import Found, again, intents, people
from tests.held_out import read
from tests.public_data import PUBLIC

HOSTILE = frozenset({"hostile", "angry"})
CALM = frozenset({"neutral", "praise"})
DIALOGUES = ("multidogo_en", "crosswoz_zh")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="a trained bot; else the desk's own")
    given = parser.parse_args()
    settings = load_settings(dict(os.environ), root=root())
    if given.model is None and not training.is_trained(settings):
        asyncio.run(train_now(settings, Console(stderr=True)))
    model = given.model or model_path(settings)
    talks = read("handoff_conversations")
    public = _public()
    texts = [line["text"] for name, _ in SETS for line in read(name)]
    texts += [turn["text"] for talk in talks for turn in talk["turns"]]
    texts += [text for lines in public.values() for text, _ in lines]
    with tempfile.TemporaryDirectory() as folder:
        found = _parsed(settings, model, list(dict.fromkeys(texts)), Path(folder))
        left_out = _left_out(settings, Path(folder))
    known = _known(settings, talks)
    policy = settings.triggers.policy()
    figures = {
        "intents": intents(found),
        "intents again": again(found),
        "people": people(found, policy),
        "people again": people(found, policy, name="people_again"),
        "hostile": {
            name: hostile(lines, found)
            for name, lines in public.items()
            if name.startswith("ms_hostile")
        },
        "calm": {
            name: flags(lines, found)
            for name, lines in public.items()
            if name in DIALOGUES
        },
        "timing": {
            "labelled feelings and intents": timing(replay(talks, policy, known=known)),
            "the bot's own": timing(
                replay(talks, policy, known=known, understand=found.__getitem__)
            ),
        },
        "ms": sorted(each["ms"] for each in found.values())[len(found) // 2],
    }
    report_text.write(root() / "docs", figures, left_out)


def hostile(lines: Sequence[tuple[str, str]], found: Found) -> dict[str, float]:
    """Compare `angry` with hostile and angry lines; calm ones are neutral and praise."""
    told = [(label, found[text]["emotion"]["label"]) for text, label in lines]
    right = sum(label in HOSTILE and felt == "angry" for label, felt in told)
    wrong = sum(label in CALM and felt == "angry" for label, felt in told)
    wanted = sum(label in HOSTILE for label, _ in told)
    upset = {"angry", "dissatisfied", "sad", "anxious"}
    noticed = sum(label in HOSTILE and felt in upset for label, felt in told)
    called = sum(felt == "angry" for _, felt in told)
    return {
        "recall": right / wanted,
        "precision_among_calm": right / max(1, right + wrong),
        "precision_among_all": right / max(1, called),
        "noticed_as_upset": noticed / wanted,
    }


def flags(lines: Sequence[tuple[str, str]], found: Found) -> dict[str, float]:
    labels = Counter(found[text]["emotion"]["label"] for text, _ in lines)
    names = ("angry", "dissatisfied", "sad", "anxious")
    return {name: 1000 * labels[name] / len(lines) for name in names} | {
        "turns": len(lines),
        "any": 1000 * sum(labels[name] for name in names) / len(lines),
    }


def timing(found: Timing) -> dict[str, Any]:
    kinds = Counter(f"{each.reason}: {each.kind}" for each in found.moments)
    return {
        "f1": found.f1,
        "counts": dict(found.counts),
        "moved_before_a_try": len(found.moved_before_a_try),
        "angry_without_offer": len(found.angry_without_offer),
        "by_reason": dict(sorted(kinds.items())),
    }


def _public() -> dict[str, list[tuple[str, str]]]:
    """Return the public lines beside the project, nothing where they are absent."""
    if not PUBLIC.is_dir():
        Console().print(
            f"There is no public data in {PUBLIC}: feelings are not measured on it."
        )
        return {}
    found: dict[str, list[tuple[str, str]]] = {}
    for name in ("ms_hostile_zh", "ms_hostile_en"):
        held = _lines(PUBLIC / f"emotion/{name}.jsonl")
        found[name] = [(line["text"], line["label"]) for line in held]
    for name in DIALOGUES:
        turns = [
            turn
            for talk in _lines(PUBLIC / f"dialogues/{name}.jsonl")
            for turn in talk["turns"]
        ]
        found[name] = [
            (turn["text"], "calm")
            for turn in turns
            if turn["role"] == "user" and turn["text"].strip()
        ]
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _parsed(settings: Settings, model: Path, texts: list[str], folder: Path) -> Found:
    source, target = folder / "texts.json", folder / "parsed.json"
    source.write_text(json.dumps(texts), "utf-8")
    _in_bot(settings, "tests.bench.parsed_lines", str(model), str(source), str(target))
    return dict(zip(texts, json.loads(target.read_text("utf-8")), strict=True))


def _left_out(settings: Settings, folder: Path) -> dict[str, Any]:
    target = folder / "left_out.json"
    _in_bot(settings, "tests.bench.left_out", str(target))
    found: dict[str, Any] = json.loads(target.read_text("utf-8"))
    return found


def _in_bot(settings: Settings, module: str, *given: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [str(bot_python()), "-m", module, *given],
        cwd=root(),
        env=environment(settings) | {"PYTHONPATH": str(root())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{module} failed:\n{done.stderr[-2000:]}")


def _known(settings: Settings, talks: Sequence[dict[str, Any]]) -> Known:
    """Embed every turn, and search the starter articles for it."""
    turns = [
        (turn["text"], talk["language"]) for talk in talks for turn in talk["turns"]
    ]
    embedder = Remembering(load_embedder(settings.knowledge_base.models["default"]))
    rows = embedder.embed([text for text, _ in turns], kind="question")
    searcher = make_searcher(settings, embedder=embedder)
    articles = [
        {"id": each["id"], "language": language, "question": told["question"],
         "variants": list(told["variants"]), "answer": told["answer"]}
        for each in load_starter()
        for language, told in each["content"].items()
    ]  # fmt: skip
    searcher.swap(
        Sources(version=1, articles=labelled.read_articles(articles), vectors={})
    )
    vectors: dict[str, tuple[float, ...]] = {}
    hits: dict[str, list[tuple[str, float]]] = {}
    for (text, language), row in zip(turns, rows, strict=True):
        vectors[text] = tuple(map(float, row))
        result = searcher.search(text, language=language, vector=row, limit=2)
        hits[text] = [(hit.article_id, hit.probability) for hit in result.hits]
    return Known(vectors=vectors, hits=hits)


if __name__ == "__main__":
    main()
