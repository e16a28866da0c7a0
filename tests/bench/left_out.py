"""`bot/.venv/bin/python -m tests.bench.left_out OUT`: the training text, each line read by the others.

Runs in the bot's environment. What comes out shows kinds of mistakes and curves without
anybody having to look at a held-out line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.nlu.training_data.loading import load_data

from bot.components import training, vectors
from bot.components.emotion_classifier import calm_lines, emotion_examples
from bot.components.emotion_cues import signs_in
from bot.components.emotion_data import lines_in
from bot.components.emotion_reading import find_bars, upset_of, votes_of
from bot.components.folding import fold

DATA = Path("bot/data")
FLAGS = 0.015


def intents() -> list[dict[str, Any]]:
    held = load_data(str(DATA / "nlu")).intent_examples
    texts = [each.get("text") for each in held]
    cues = np.zeros((len(texts), 0))
    examples = training.Examples(
        vectors=vectors.embed_all(texts),
        folded=tuple(fold(text) for text in texts),
        labels=tuple(each.get("intent") for each in held),
        cues=cues,
    )
    head, left_out = training.train(examples)
    found = left_out.probabilities(temperature=head.temperature)
    return [
        {
            "text": texts[row],
            "truth": examples.labels[row],
            "found": left_out.labels[int(found[place].argmax())],
            "sure": round(float(found[place].max()), 4),
        }
        for place, row in enumerate(left_out.kept)
    ]


def feelings() -> list[dict[str, Any]]:
    core = lines_in(DATA / "emotion")
    lines = core + calm_lines(load_data(str(DATA / "nlu")))
    examples = emotion_examples(lines)
    head, left_out = training.train(examples, shape=training.Shape(balance=0.0))
    found = left_out.probabilities(temperature=head.temperature)
    votes = [votes_of(signs_in(lines[row][1])) for row in left_out.kept]
    truth = [examples.labels[row] for row in left_out.kept]
    bars = find_bars(
        found, labels=left_out.labels, truth=truth, votes=votes, flags=FLAGS
    )
    told = []
    for place, row in enumerate(left_out.kept):
        certain = dict(zip(left_out.labels, map(float, found[place]), strict=True))
        score = upset_of(certain, votes[place])
        told.append(
            {
                "text": lines[row][1],
                "truth": truth[place],
                "best": max(
                    (name for name in certain if name not in {"neutral", "grateful"}),
                    key=lambda name: certain[name] + votes[place].get(name, 0.0),
                ),
                "upset": round(score, 4),
                "is_flagged": bool(score >= bars.upset),
                "is_plain_request": bool(row >= len(core)),
            }
        )
    return told


def main() -> None:
    found = {"intents": intents(), "feelings": feelings()}
    Path(sys.argv[1]).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
