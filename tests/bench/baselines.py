"""What simpler ways of answering find first, on the same sets with the same model: what the project has to beat.

BM25 is the usual one (words; single Chinese characters). Dense is the nearest wording by
plain cosine. Fused joins both rankings by reciprocal rank (k = 60), which is what
retrieval frameworks do when told to search both ways.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from knowledge_base.embedding import Embedder
from tests.bench.public_sets import LabelledSet

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_K1, _B = 1.5, 0.75
_FUSED = 60
NAMES = ("bm25", "dense", "fused")


@dataclass(frozen=True)
class _Text:
    article_id: str
    words: Counter[str]


def first_found(one: LabelledSet, embedder: Embedder) -> Mapping[str, float]:
    """For each baseline the share of answerable questions whose article stands first."""
    texts: list[str] = []
    owner: list[str] = []
    for article in one.articles:
        for text in (article["question"], *(article.get("variants") or ())):
            texts.append(text)
            owner.append(article["id"])
    asked = [line for line in one.questions if line["article_ids"]]
    rows = embedder.embed(texts, kind="question")
    vectors = embedder.embed([line["text"] for line in asked], kind="question")
    bm25 = _Bm25(
        [_Text(who, _words(text)) for who, text in zip(owner, texts, strict=True)]
    )
    right: dict[str, int] = defaultdict(int)
    for line, vector in zip(asked, vectors, strict=True):
        lexical = _ranked(owner, bm25.scores(line["text"]))
        dense = _ranked(owner, rows @ vector)
        for name, ranking in (
            ("bm25", lexical),
            ("dense", dense),
            ("fused", _joined(lexical, dense)),
        ):
            right[name] += bool(ranking) and ranking[0] in line["article_ids"]
    return {name: right[name] / max(1, len(asked)) for name in NAMES}


class _Bm25:
    def __init__(self, texts: Sequence[_Text]) -> None:
        self._texts = texts
        self._length = [sum(one.words.values()) for one in texts]
        self._usual = sum(self._length) / max(1, len(texts))
        held = Counter(word for one in texts for word in one.words)
        self._rare = {
            word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5))
            for word, n in held.items()
        }

    def scores(self, question: str) -> list[float]:
        asked = [word for word in _words(question) if word in self._rare]
        found = []
        for one, length in zip(self._texts, self._length, strict=True):
            room = _K1 * (1 - _B + _B * length / self._usual)
            found.append(
                sum(
                    self._rare[word] * n * (_K1 + 1) / (n + room)
                    for word in asked
                    if (n := one.words.get(word, 0))
                )
            )
        return found


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _ranked(owner: Sequence[str], scores: Sequence[float]) -> list[str]:
    order = np.argsort(-np.asarray(scores), kind="stable")[:50]
    return list(dict.fromkeys(owner[at] for at in order))


def _joined(*rankings: Sequence[str]) -> list[str]:
    total: dict[str, float] = defaultdict(float)
    for ranking in rankings:
        for place, one in enumerate(ranking, start=1):
            total[one] += 1 / (_FUSED + place)
    return sorted(total, key=lambda one: -total[one])
