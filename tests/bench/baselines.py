"""What simpler ways of answering say, on the same sets with the same model: what the project has to beat.

BM25 is the usual one (words; single Chinese characters). Dense is the nearest wording by
plain cosine. Both know only the wordings of an article, as every way here does.
"""

from __future__ import annotations

import math
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from knowledge_base.embedding import Vectors
from tests.bench.public_sets import LabelledSet
from tests.bench.sure_of import Answers

_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")
_K1, _B = 1.5, 0.75


@dataclass(frozen=True)
class Wordings:
    """Every wording of a set beside the article that it belongs to."""

    texts: list[str]
    owners: list[str]


def wordings(one: LabelledSet) -> Wordings:
    pairs = [
        (text, article["id"])
        for article in one.articles
        for text in (article["question"], *(article.get("variants") or ()))
    ]
    return Wordings([text for text, _ in pairs], [owner for _, owner in pairs])


def bm25(held: Wordings, questions: Sequence[str]) -> Answers:
    index = _Bm25([_words(text) for text in held.texts])
    return _nearest(held, [partial(index.scores, text) for text in questions])


def dense(held: Wordings, rows: Vectors, vectors: Vectors) -> Answers:
    return _nearest(held, [partial(np.matmul, rows, vector) for vector in vectors])


def _nearest(
    held: Wordings, asked: Sequence[Callable[[], Sequence[float] | Vectors]]
) -> Answers:
    articles, scores, took = [], [], []
    for one in asked:
        started = time.perf_counter()
        found = np.asarray(one())
        best = int(found.argmax())
        took.append(1000 * (time.perf_counter() - started))
        articles.append(held.owners[best] if found[best] > 0 else None)
        scores.append(float(found[best]))
    return Answers(articles, scores, float(np.median(took)))


class _Bm25:
    def __init__(self, texts: Sequence[Counter[str]]) -> None:
        self._texts = texts
        self._length = [sum(one.values()) for one in texts]
        self._usual = sum(self._length) / max(1, len(texts))
        held = Counter(word for one in texts for word in one)
        self._rare = {
            word: math.log(1 + (len(texts) - n + 0.5) / (n + 0.5))
            for word, n in held.items()
        }

    def scores(self, question: str) -> list[float]:
        asked = [word for word in _words(question) if word in self._rare]
        found = []
        for words, length in zip(self._texts, self._length, strict=True):
            room = _K1 * (1 - _B + _B * length / self._usual)
            found.append(
                sum(
                    self._rare[word] * n * (_K1 + 1) / (n + room)
                    for word in asked
                    if (n := words.get(word, 0))
                )
            )
        return found


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))
