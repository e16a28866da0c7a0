"""What other thresholds would have done to labelled questions: how many answered, how many rightly.   (pure)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = 50


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One labelled question after the search."""

    probability: float
    #: the first article is one of those that answer it
    right: bool
    #: some article answers it at all
    answerable: bool


@dataclass(frozen=True, kw_only=True)
class Point:
    """What answering from this probability on would have done."""

    threshold: float
    #: of the questions that have an answer, the share that got one
    coverage: float
    #: of the answers given, the share that was right; None when none was given
    precision: float | None
    answered: int


def at(asked: Sequence[Asked], threshold: float) -> Point:
    """The point of one threshold."""
    said = [one for one in asked if one.probability >= threshold]
    answerable = sum(one.answerable for one in asked)
    right = sum(one.right for one in said)
    return Point(
        threshold=threshold,
        coverage=sum(one.answerable for one in said) / max(1, answerable),
        precision=right / len(said) if said else None,
        answered=len(said),
    )


def curve(asked: Sequence[Asked]) -> list[Point]:
    """The points of all thresholds from 0 to 1."""
    return [at(asked, step / _STEPS) for step in range(_STEPS + 1)]
