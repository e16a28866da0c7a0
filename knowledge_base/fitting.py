"""On what the calibration is fitted: many small shops made from the real articles, so that it holds for any size.

Each round keeps some articles with some of their wordings. The wordings left out are the
questions; those of the articles left out are near misses that nothing answers. A few
wordings are asked exactly as they stand. Labelled questions are asked in every round, and
of the whole shop, which counts most. For the report and the thresholds every question is
judged by a fit that saw it in no row: five parts, by the hash of the text.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge_base.calibration import (
    Calibration,
    expected_error,
    features,
    fit,
    reliability,
    thresholds,
)
from knowledge_base.embedding import Embedder, Vectors
from knowledge_base.folding import digest, fold
from knowledge_base.labelled import Question
from knowledge_base.languages import Cloud, cloud
from knowledge_base.passages import Passage, passages_of
from knowledge_base.publish import Published
from knowledge_base.second_model import SecondModel
from knowledge_base.shelving import Texts
from knowledge_base.snapshot import Snapshot, build

#: how many shops are made, how large they are, how many wordings an article keeps
_ROUNDS = 24
_SIZES = (20, 50, 100, 100_000)
_WORDINGS = (0, 2, 4, 6)
_ASKED_A_ROUND = 100
#: of the questions asked, about this share has no answer
_NEAR_MISSES = 0.25
#: and about this share is asked word for word
_WORD_FOR_WORD = 0.05
#: how often a labelled question to the whole shop counts
_WHOLE_SHOP = 48
#: every question is judged once by a fit on the other four fifths
_FOLDS = 5


@dataclass(frozen=True, kw_only=True)
class Asked:
    folded: str
    vector: Vectors
    english: Vectors | None
    article_ids: frozenset[str]


@dataclass(frozen=True)
class _Row:
    seen: tuple[float, ...]
    right: bool
    fold: int


def fit_on(
    articles: Sequence[Published],
    questions: Sequence[Question],
    embedder: Embedder,
    *,
    english: Embedder | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Calibration:
    """Fit a calibration for this model; the same input gives the same file."""
    passages = _all_passages(articles)
    second = SecondModel(english)
    english_rows = second.rows(passages, [one.folded for one in passages])
    vectors = _vectors(passages, embedder)
    texts = Texts(passages=passages, vectors=vectors, english=english_rows)
    labelled = in_proportion(_labelled(questions, embedder, second))
    means = _means(passages, texts.vectors)
    rows: list[_Row] = []
    for number in range(_ROUNDS):
        rows += _round(texts, labelled, means=means, seed=number)
        if progress is not None:
            progress(number + 1, _ROUNDS)
    whole = list(
        _judged(
            build(passages, texts.vectors, prior=means, english=texts.english), labelled
        )
    )
    rows += whole * _WHOLE_SHOP
    bias, weights = fit([row.seen for row in rows], [row.right for row in rows])
    said = _held_out(rows, whole or rows)
    right = [row.right for row in whole or rows]
    report = _report(len(rows), said, right)
    return Calibration(
        model_id=embedder.model_id,
        english_id=english.model_id if english is not None else "",
        bias=bias,
        weights=weights,
        means=means,
        thresholds=thresholds(said, right),
        report=report,
    )


def in_proportion(asked: Sequence[Asked]) -> list[Asked]:
    """The questions with no more unanswerable ones among them than shoppers ask.

    Near misses are easy to think of; a set full of them would make every answer look
    less likely than it is. Which ones stay is told by the hash of the text.
    """
    answered = sum(bool(one.article_ids) for one in asked)
    most = math.ceil(answered * _NEAR_MISSES / (1 - _NEAR_MISSES))
    unanswerable = [one.folded for one in asked if not one.article_ids]
    kept = set(sorted(unanswerable, key=digest)[:most])
    return [one for one in asked if one.article_ids or one.folded in kept]


def _all_passages(articles: Sequence[Published]) -> list[Passage]:
    return [
        passage
        for article in articles
        for passage in passages_of(
            article.article_id,
            revision_id=article.revision_id,
            content=article.content,
        )
    ]


def _report(
    fitted_on: int, said: Sequence[float], right: Sequence[bool]
) -> dict[str, Any]:
    return {
        "fitted_on": fitted_on,
        "held_out": len(said),
        "expected_calibration_error": round(expected_error(said, right), 4),
        "reliability": reliability(said, right) if said else [],
    }


def _held_out(rows: Sequence[_Row], asked: Sequence[_Row]) -> list[float]:
    """What a fit that never saw a question in any of its rows says of it."""
    said = [0.0] * len(asked)
    for fold_number in range(_FOLDS):
        kept = [row for row in rows if row.fold != fold_number]
        bias, weights = fit([row.seen for row in kept], [row.right for row in kept])
        part = Calibration(model_id="", bias=bias, weights=weights)
        for at, row in enumerate(asked):
            if row.fold == fold_number:
                said[at] = part.chance(row.seen)
    return said


def _round(
    texts: Texts,
    labelled: Sequence[Asked],
    *,
    means: Mapping[Cloud, Vectors],
    seed: int,
) -> list[_Row]:
    chance = random.Random(seed)  # noqa: S311  (repeatable on purpose)
    passages = texts.passages
    kept, left_out = _shop(passages, chance)
    snapshot = build(
        [passages[at] for at in kept],
        texts.vectors[kept],
        prior=means,
        english=texts.english[kept] if texts.english is not None else None,
    )
    inside = set(snapshot.article_ids)
    asked = [_as_question(texts, at) for at in left_out]
    chance.shuffle(asked)
    answered = [one for one in asked if one.article_ids & inside][:_ASKED_A_ROUND]
    missed = [one for one in asked if not one.article_ids & inside]
    chance.shuffle(kept)
    known = [_as_question(texts, at) for at in kept if passages[at].kind != "answer"]
    return list(
        _judged(
            snapshot,
            [
                *answered,
                *missed[: int(len(answered) * _NEAR_MISSES)],
                *known[: int(len(answered) * _WORD_FOR_WORD)],
                *labelled,
            ],
        )
    )


def _as_question(texts: Texts, at: int) -> Asked:
    passage = texts.passages[at]
    is_english = texts.english is not None and texts.english[at].any()
    return Asked(
        folded=passage.folded,
        vector=texts.vectors[at],
        english=texts.english[at] if texts.english is not None and is_english else None,
        article_ids=frozenset({passage.article_id}),
    )


def _shop(
    passages: Sequence[Passage], chance: random.Random
) -> tuple[list[int], list[int]]:
    """Which passages this round's shop has, and which it lacks."""
    article_ids = sorted({one.article_id for one in passages})
    size = min(chance.choice(_SIZES), int(len(article_ids) * 0.9))
    inside = set(chance.sample(article_ids, max(1, size)))
    wordings = chance.choice(_WORDINGS)
    languages = chance.choice(
        (("zh-Hans", "zh-Hant", "en"),) * 2 + (("zh-Hans",), ("en",))
    )
    kept: list[int] = []
    left_out: list[int] = []
    count: dict[tuple[str, str], int] = {}
    order = list(range(len(passages)))
    chance.shuffle(order)
    for at in order:
        one = passages[at]
        slot = (one.article_id, one.language)
        if one.kind == "answer":
            if one.article_id in inside and one.language in languages:
                kept.append(at)
            continue
        taken = one.article_id in inside and one.language in languages
        if taken and one.kind == "variant":
            count[slot] = count.get(slot, 0) + 1
            taken = count[slot] <= wordings
        (kept if taken else left_out).append(at)
    return sorted(kept), left_out


def _judged(snapshot: Snapshot, asked: Sequence[Asked]) -> Iterator[_Row]:
    for one in asked:
        found = snapshot.rank(one.folded, one.vector, most=2, english=one.english)
        if found:
            yield _Row(
                seen=features(found[0], question=one.folded),
                right=found[0].article_id in one.article_ids,
                fold=int(digest(one.folded)[:8], 16) % _FOLDS,
            )


def _vectors(passages: Sequence[Passage], embedder: Embedder) -> Vectors:
    found = np.empty((len(passages), embedder.dim), dtype=np.float32)
    for kind in ("question", "answer"):
        rows = [at for at, one in enumerate(passages) if one.embedded_as == kind]
        if rows:
            texts = [passages[at].folded for at in rows]
            found[rows] = embedder.embed(
                texts, kind="answer" if kind == "answer" else "question"
            )
    return found


def _labelled(
    questions: Sequence[Question], embedder: Embedder, second: SecondModel
) -> list[Asked]:
    vectors = embedder.embed([one.text for one in questions], kind="question")
    return [
        Asked(
            folded=fold(one.text),
            vector=vector,
            english=second.ask(fold(one.text)),
            article_ids=one.article_ids,
        )
        for one, vector in zip(questions, vectors, strict=True)
    ]


def _means(passages: Sequence[Passage], vectors: Vectors) -> dict[Cloud, Vectors]:
    found: dict[Cloud, Vectors] = {}
    for one in ("zh", "en"):
        rows = [
            at
            for at, passage in enumerate(passages)
            if passage.kind != "answer" and cloud(passage.folded) == one
        ]
        if rows:
            found[one] = vectors[rows].mean(axis=0)
    return found
