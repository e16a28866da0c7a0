"""How good the answers of any way are, by one measure: found first, sure of it, and silent.

A way says for every question which article answers and how surely, on a scale of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.bench.public_sets import Line

_WANTED = 0.95


@dataclass(frozen=True)
class Answers:
    """What one way said to every question, and its usual milliseconds."""

    articles: Sequence[str | None]
    scores: Sequence[float]
    ms: float


def figures(said: Answers, questions: Sequence[Line]) -> dict[str, float | None]:
    """In hundredths; None where a set has no question of that kind."""
    right, inside, scores = _judged(said, questions)
    first = 100 * float(right[inside].mean())
    threshold = threshold_for(said, questions)
    covered = 100 * float((scores[inside] >= threshold).mean())
    outside = scores[~inside]
    kept = np.sort(scores[inside])[int((1 - _WANTED) * inside.sum())]
    return {
        "first": first,
        "covered": covered,
        "false": 100 * float((outside >= kept).mean()) if len(outside) else None,
        "ms": said.ms,
    }


def threshold_for(said: Answers, questions: Sequence[Line]) -> float:
    """The lowest score from which on enough answers are right; infinity if there is none."""
    right, _, scores = _judged(said, questions)
    order = np.argsort(-scores, kind="stable")
    precise = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= _WANTED
    # a threshold cannot part equal scores
    last = np.append(np.diff(scores[order]) != 0, True)
    enough = np.flatnonzero(precise & last)
    return float(scores[order][enough[-1]]) if len(enough) else np.inf


def with_threshold(
    said: Answers, questions: Sequence[Line], threshold: float
) -> Mapping[str, float | None]:
    """Answered of what has an answer, right of what was answered, answered of what has none."""
    right, inside, scores = _judged(said, questions)
    answered = scores >= threshold
    return {
        "answered": 100 * float(answered[inside].mean()),
        "right": 100 * float(right[answered].mean()) if answered.any() else None,
        "false": 100 * float(answered[~inside].mean()) if (~inside).any() else None,
    }


def _judged(
    said: Answers, questions: Sequence[Line]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    right = np.array(
        [
            found in line["article_ids"]
            for found, line in zip(said.articles, questions, strict=True)
        ]
    )
    inside = np.array([bool(line["article_ids"]) for line in questions])
    return right, inside, np.asarray(said.scores, np.float64)
