"""`bot/.venv/bin/python -m tests.bench.rasa_selector FOLDER MODELS`: what Rasa's ResponseSelector answers, and how surely.

Reads `asked.json` in the folder (texts, the article of each, questions), trains a model on
the texts and writes `answered.json`. Runs in the bot's environment, as a process of its own.
A model is kept in MODELS by the hash of what it is made from, so an interrupted run goes on.

The pipeline is the one `rasa init` writes, with its 100 epochs, without the parts that
find entities and intents. Rasa has no tokenizer for Chinese without jieba, which is not
installed: every Chinese character becomes a word, and such sets get runs of up to three
of them, as a selector without word bounds needs.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import os
import re
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import structlog

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from rasa.core.agent import Agent
from rasa.model_training import train

EPOCHS = 100
_HAN = re.compile(r"([\u3400-\u9fff])")
_MARKUP = re.compile(r"[\[\](){}\"\\\n\r]+")


def _plain(text: str) -> str:
    """One line without Rasa's marks for entities, Chinese characters apart."""
    return " ".join(_MARKUP.sub(" ", _HAN.sub(r" \1 ", text)).split())


def _pipeline(*, chinese: bool) -> list[dict[str, Any]]:
    return [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {
            "name": "CountVectorsFeaturizer",
            "min_ngram": 1,
            "max_ngram": 3 if chinese else 1,
        },
        {
            "name": "CountVectorsFeaturizer",
            "analyzer": "char_wb",
            "min_ngram": 1,
            "max_ngram": 4,
        },
        {
            "name": "ResponseSelector",
            "epochs": EPOCHS,
            "constrain_similarities": True,
            "random_seed": 1,
        },
    ]


def _files(folder: Path, asked: dict[str, Any]) -> str:
    """Write the training files and tell their hash; every article is a response of one retrieval intent."""
    owners = _owners(asked)
    lines: dict[str, list[str]] = {owner: [] for owner in owners}
    for owner, text in zip(asked["owners"], asked["texts"], strict=True):
        lines[owner].append(_plain(text))
    chinese = any(_HAN.search(text) for text in asked["texts"])
    config = {
        "recipe": "default.v1",
        "assistant_id": "compared",
        # the tokenizer refuses "zh", which never has spaces; these texts have
        "language": "en",
        "pipeline": _pipeline(chinese=chinese),
    }
    written = {
        "config.yml": config,
        "nlu.yml": {
            "version": "3.1",
            "nlu": [
                {
                    "intent": f"faq/a{number}",
                    "examples": "".join(f"- {line}\n" for line in lines[owner] if line),
                }
                for number, owner in enumerate(owners)
            ],
        },
        "domain.yml": {
            "version": "3.1",
            "intents": ["faq"],
            "responses": {
                f"utter_faq/a{number}": [{"text": lines[owner][0] or "?"}]
                for number, owner in enumerate(owners)
            },
        },
    }
    digest = hashlib.sha256()
    for name, held in written.items():
        # JSON is YAML, but Rasa knows a file by a key at the start of a line
        text = "".join(f"{key}: {json.dumps(value)}\n" for key, value in held.items())
        (folder / name).write_text(text, "utf-8")
        digest.update(text.encode())
    return digest.hexdigest()[:16]


def _owners(asked: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(asked["owners"]))


def _trained(folder: Path, models: Path, name: str) -> str:
    kept = models / f"{name}.tar.gz"
    if not kept.exists():
        train(
            domain=str(folder / "domain.yml"),
            config=str(folder / "config.yml"),
            training_files=[str(folder / "nlu.yml")],
            output=str(models),
            fixed_model_name=name,
        )
    return str(kept)


async def _answers(model: str, questions: list[str]) -> dict[str, list[Any]]:
    agent = Agent.load(model)
    found: dict[str, list[Any]] = {"articles": [], "scores": [], "ms": []}
    for question in questions:
        text = _plain(question)
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        found["ms"].append(1000 * (time.perf_counter() - started))
        ranking = parsed["response_selector"]["default"]["ranking"]
        first = ranking[0] if ranking else None
        found["articles"].append(first and first["intent_response_key"])
        found["scores"].append(float(first["confidence"]) if first else 0.0)
    return found


def main(folder: Path, models: Path) -> None:
    asked = json.loads((folder / "asked.json").read_text("utf-8"))
    model = _trained(folder, models, _files(folder, asked))
    found = asyncio.run(_answers(model, asked["questions"]))
    by_key = {f"faq/a{number}": owner for number, owner in enumerate(_owners(asked))}
    answered = {
        "articles": [by_key.get(key) for key in found["articles"]],
        "scores": found["scores"],
        "ms": statistics.median(found["ms"]),
    }
    (folder / "answered.json").write_text(json.dumps(answered), "utf-8")


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR)
    )
    main(Path(sys.argv[1]), Path(sys.argv[2]))
