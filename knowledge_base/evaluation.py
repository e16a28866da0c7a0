"""How well articles answer labelled questions: found, sure of it, and silent when nothing answers.

Works on any articles and questions, without a database or a server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge_base.calibration import Calibration, expected_error, reliability
from knowledge_base.embedding import Embedder
from knowledge_base.labelled import Question, read_articles, read_questions
from knowledge_base.search import (
    AnswerPolicy,
    Outcome,
    Searcher,
    SearchResult,
    Sources,
)

Progress = Callable[[int, int], None]
_LOOKED_AT = 10
_RECALL_DEPTH = 5
_PRECISIONS = ("0.90", "0.95")
_BATCH = 64


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """One question after the search."""

    answerable: bool
    #: from 1; 0 when no right article was among those looked at
    rank: int
    probability: float
    outcome: Outcome

    @property
    def right(self) -> bool:
        return self.rank == 1


def evaluate_questions(
    articles: Iterable[Mapping[str, Any]],
    questions: Iterable[Mapping[str, Any]],
    embedder: Embedder,
    *,
    policy: AnswerPolicy | None = None,
    calibration: Calibration | None = None,
    english: Embedder | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """The report of DESIGN §5; raises BadImport when a line cannot be read."""
    published = read_articles(articles)
    asked = read_questions(questions)
    searcher = Searcher(embedder, policy, calibration=calibration, english=english)
    searcher.swap(Sources(version=1, articles=published, vectors={}))
    judged: list[_Judged] = []
    for start in range(0, len(asked), _BATCH):
        some = asked[start : start + _BATCH]
        vectors = embedder.embed([one.text for one in some], kind="question")
        for question, vector in zip(some, vectors, strict=True):
            result = searcher.search(
                question.text,
                language=question.language,
                vector=vector,
                limit=_LOOKED_AT,
            )
            ranked = searcher.rank(question.text, vector=vector, most=_LOOKED_AT)
            judged.append(_judge(question, ranked, result))
        if progress is not None:
            progress(len(judged), len(asked))
    return _report(judged)


def _judge(question: Question, ranked: Sequence[str], result: SearchResult) -> _Judged:
    places = [
        place
        for place, article_id in enumerate(ranked, start=1)
        if article_id in question.article_ids
    ]
    return _Judged(
        answerable=bool(question.article_ids),
        rank=places[0] if places else 0,
        probability=result.probability,
        outcome=result.outcome,
    )


def _report(judged: Sequence[_Judged]) -> dict[str, Any]:
    answerable = [one for one in judged if one.answerable]
    found = [one.rank for one in answerable]
    said = [one.probability for one in judged]
    right = [one.right for one in judged]
    return {
        "n": len(judged),
        "recall_at_1": _share(rank == 1 for rank in found),
        "recall_at_5": _share(1 <= rank <= _RECALL_DEPTH for rank in found),
        "mrr": _mean([1 / rank if rank else 0.0 for rank in found]),
        "coverage_at_precision": {
            wanted: _coverage_at(judged, float(wanted)) for wanted in _PRECISIONS
        },
        "shipped": _shipped(judged),
        "expected_calibration_error": expected_error(said, right),
        "abstain": _abstain(judged),
        "reliability": reliability(said, right) if judged else [],
    }


def _shipped(judged: Sequence[_Judged]) -> dict[str, float | None]:
    answered = [one for one in judged if one.outcome is Outcome.ANSWER]
    return {
        # of the questions that have an answer, how many got one, right or wrong
        "coverage": _share(
            one.outcome is Outcome.ANSWER for one in judged if one.answerable
        ),
        "precision": _share(one.right for one in answered),
        "clarify_rate": _share(one.outcome is Outcome.CLARIFY for one in judged),
        # of the questions that nothing answers, how many got an answer
        "false_answer_rate": _share(
            one.outcome is Outcome.ANSWER for one in judged if not one.answerable
        ),
    }


def _coverage_at(judged: Sequence[_Judged], wanted: float) -> float | None:
    """The largest share of answerable questions answered at this precision.

    The threshold is picked on these very questions: an upper bound.
    """
    total = sum(one.answerable for one in judged)
    if not total:
        return None
    surest = sorted(judged, key=lambda one: -one.probability)
    right = np.cumsum([one.right for one in surest])
    covered = np.cumsum([one.answerable for one in surest])
    precise = right / np.arange(1, len(surest) + 1) >= wanted
    # a threshold cannot part equal probabilities
    last = np.append(np.diff([one.probability for one in surest]) != 0, True)
    kept = np.flatnonzero(precise & last)
    return float(covered[kept[-1]] / total) if len(kept) else 0.0


def _abstain(judged: Sequence[_Judged]) -> dict[str, float | None]:
    inside = np.sort([one.probability for one in judged if one.answerable])
    outside = np.asarray([one.probability for one in judged if not one.answerable])
    if not len(inside) or not len(outside):
        return {"auroc": None, "false_accept_rate_at_95": None}
    below = np.searchsorted(inside, outside, side="left")
    equal = np.searchsorted(inside, outside, side="right") - below
    above = len(inside) - below - equal
    threshold = inside[int(np.floor(0.05 * len(inside)))]
    return {
        "auroc": float(((above + equal / 2) / len(inside)).mean()),
        "false_accept_rate_at_95": float((outside >= threshold).mean()),
    }


def _share(flags: Iterable[bool]) -> float | None:
    return _mean([float(one) for one in flags])


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
