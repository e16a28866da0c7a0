"""How the public sets beside the project become articles and questions; nothing of them is kept here."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import opencc

Line = dict[str, Any]
_MOST_ASKED = 600


@dataclass(frozen=True)
class LabelledSet:
    """One knowledge base and what is asked of it."""

    name: str
    articles: list[Line]
    questions: list[Line]


def public_sets(data: Path) -> Iterator[LabelledSet]:
    """Every set under `data`, each with questions that nothing answers."""
    outside = {
        "en": [line["text"] for line in _read(data / "oos/clinc_oos_en.jsonl")],
        "zh": [
            line["text"]
            for line in _read(data / "oos/chatterbot_zh_zhTW_en.jsonl")
            if line["lang"] == "zh"
        ][:200],
    }
    for language in ("zh", "en"):
        for variants in (0, 4, 11):
            yield _chitchat(data, language, variants=variants)
    for name, phrasings in (("bitext_en", 5), ("bitext_en", 1), ("bitext_en", 10)):
        yield _intents(data, name, phrasings=phrasings, outside=outside["en"])
    yield _intents(data, "banking77_en", phrasings=5, outside=outside["en"])
    yield _intents(data, "clinc150_en", phrasings=5, outside=outside["en"])
    yield _intents(data, "ms_general_zh", phrasings=5, outside=outside["zh"])
    yield traditional(_chitchat(data, "zh", variants=11))
    for asked, told in (("en", "zh"), ("zh", "en")):
        yield _translations(data, asked=asked, told=told)


def traditional(source: LabelledSet) -> LabelledSet:
    """The same questions as somebody in Taiwan types them."""
    convert = opencc.OpenCC("s2tw").convert
    return LabelledSet(
        f"{source.name} asked in Traditional",
        source.articles,
        [
            {**line, "text": convert(line["text"]), "language": "zh-Hant"}
            for line in source.questions
        ],
    )


def _chitchat(data: Path, language: str, *, variants: int) -> LabelledSet:
    return LabelledSet(
        f"chitchat {language} x{variants + 1}",
        [
            {
                "id": line["faq_id"],
                "language": language,
                "question": line["question"],
                "variants": line["similar"][:variants],
                "answer": line["answer"],
            }
            for line in _read(data / f"faq/ms_chitchat_{language}.kb.jsonl")
        ],
        [
            {
                "text": line["query"],
                "language": language,
                "article_ids": [line["faq_id"]] if line["faq_id"] else [],
            }
            for line in _read(data / f"faq/ms_chitchat_{language}.queries.jsonl")
        ],
    )


def _intents(
    data: Path, name: str, *, phrasings: int, outside: list[str]
) -> LabelledSet:
    """Some phrasings of an intent are the article, the others its questions."""
    language = name[-2:]
    texts: dict[str, set[str]] = defaultdict(set)
    for line in _read(data / f"intent/{name}.jsonl"):
        texts[line["intent"]].add(line["text"])
    chance = random.Random(1)  # noqa: S311  (repeatable on purpose)
    articles: list[Line] = []
    asked: list[Line] = []
    for intent in sorted(texts):
        order = sorted(texts[intent])
        chance.shuffle(order)
        if len(order) <= phrasings:
            continue
        first, *variants = order[:phrasings]
        articles.append(
            {
                "id": intent,
                "language": language,
                "question": first,
                "variants": variants,
                "answer": "",
            }
        )
        asked += [
            {"text": text, "language": language, "article_ids": [intent]}
            for text in order[phrasings:]
        ]
    chance.shuffle(asked)
    foreign = [
        {"text": text, "language": language, "article_ids": []} for text in outside
    ]
    return LabelledSet(f"{name} x{phrasings}", articles, asked[:_MOST_ASKED] + foreign)


def _translations(data: Path, *, asked: str, told: str) -> LabelledSet:
    lines = _read(data / "faq/xsid_parallel_en_zh.jsonl")
    return LabelledSet(
        f"xsid {asked} asks {told}",
        [
            {"id": line["id"], "language": told, "question": line[told]}
            for line in lines
        ],
        [
            {"text": line[asked], "language": asked, "article_ids": [line["id"]]}
            for line in lines
        ],
    )


def _read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
