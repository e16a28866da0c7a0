"""Which thresholds agents' marks speak for, and what each value would cost. Pure.

One number is moved at a time, so that every proposal has a curve that a person can read.
A proposal needs enough marks, and more of them mended than broken than chance explains.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import comb
from uuid import UUID

from handoff.decisions import TriggerPolicy
from handoff.marks import Verdict
from handoff.replay import Course, Spell, Toll, recorded, redecide, toll

#: fewer marks than this say nothing of any threshold
ENOUGH_MARKS = 30
#: all proposals together may be chance this often
CHANCE = 0.05
GRIDS: Mapping[str, tuple[float, ...]] = {
    "anger_intensity": tuple(round(0.30 + 0.05 * n, 2) for n in range(14)),
    "dissatisfied_offer": tuple(round(0.20 + 0.05 * n, 2) for n in range(14)),
    "rising_steps": (1, 2, 3, 4),
    "failed_turns": (1, 2, 3, 4, 5),
    "repeated_questions": (1, 2, 3, 4),
    "valuable_order": (200, 500, 1000, 2000, 5000),
    "ask_confidence": (0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
}


@dataclass(frozen=True, kw_only=True)
class Marked:
    """A handoff that an agent judged."""

    spell: Spell
    verdict: Verdict


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value of one number, and what it would bring."""

    value: float
    too_early: int
    too_late: int
    #: over all stored conversations, marked or not
    handoffs: int
    agent_minutes: float
    angry_shoppers: int


@dataclass(frozen=True, kw_only=True)
class Curve:
    """The trade-off of one number, and the value that the marks speak for, if any."""

    name: str
    present: float
    points: tuple[Point, ...]
    #: the value with the fewest marked mistakes
    best: float
    #: marks that it would mend and break
    mended: int
    broken: int
    is_proposed: bool
    #: marks like the mended ones that are still missing for a proposal; 0 with one
    missing: int


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What the marks say together."""

    marks: Mapping[str, int]
    #: marks on handoffs whose conversations are no longer stored
    lost: int
    missing_marks: int
    curves: tuple[Curve, ...]

    @property
    def proposed(self) -> dict[str, float]:
        return {one.name: one.best for one in self.curves if one.is_proposed}


def fit(
    spells: Sequence[Spell],
    verdicts: Mapping[UUID, Verdict],
    policy: TriggerPolicy,
    *,
    handling_minutes: float,
) -> Fit:
    """Try every number at every value of its grid."""
    marked = [
        Marked(spell=spell, verdict=verdicts[spell.handoff_id])
        for spell in spells
        if spell.handoff_id is not None and spell.handoff_id in verdicts
    ]
    counts = {one.value: sum(each.verdict is one for each in marked) for one in Verdict}
    missing = max(0, ENOUGH_MARKS - len(marked))
    curves = tuple(
        _curve(
            name,
            spells,
            marked,
            policy,
            handling_minutes=handling_minutes,
            is_enough=not missing,
        )
        for name in GRIDS
    )
    return Fit(
        marks=counts,
        lost=len(verdicts) - len(marked),
        missing_marks=missing,
        curves=curves,
    )


def _curve(
    name: str,
    spells: Sequence[Spell],
    marked: Sequence[Marked],
    policy: TriggerPolicy,
    *,
    handling_minutes: float,
    is_enough: bool,
) -> Curve:
    present = float(getattr(policy, name))
    judged: dict[float, list[str]] = {}
    points = []
    for value in sorted({*GRIDS[name], present}):
        tried = replace(policy, **{name: type(getattr(policy, name))(value)})
        courses = [redecide(spell, tried) for spell in spells]
        judged[value] = _judged(marked, spells, courses)
        cost = toll(spells, courses, handling_minutes=handling_minutes)
        points.append(_point(value, judged[value], cost))
    # Among equals the value nearest to the present one: nobody changes for nothing.
    best = min(judged, key=lambda one: (_mistakes(judged[one]), abs(one - present)))
    pairs = list(zip(judged[present], judged[best], strict=True))
    mended = sum(now != "right" and then == "right" for now, then in pairs)
    broken = sum(now == "right" and then != "right" for now, then in pairs)
    missing = still_missing(mended, broken) if mended > broken else 0
    return Curve(
        name=name,
        present=present,
        points=tuple(points),
        best=best,
        mended=mended,
        broken=broken,
        is_proposed=is_enough and mended > broken and missing == 0,
        missing=missing,
    )


def _judged(
    marked: Sequence[Marked], spells: Sequence[Spell], courses: Sequence[Course]
) -> list[str]:
    course_of = dict(zip(map(id, spells), courses, strict=True))
    return [judge(each, course_of[id(each.spell)]) for each in marked]


def _point(value: float, judged: Sequence[str], cost: Toll) -> Point:
    return Point(
        value=value,
        too_early=judged.count("early"),
        too_late=judged.count("late"),
        handoffs=cost.handoffs,
        agent_minutes=cost.agent_minutes,
        angry_shoppers=cost.angry_shoppers,
    )


def judge(marked: Marked, course: Course) -> str:
    """What the agent would say of this course: early, right or late.

    Where the mark says only that the moment was wrong, any move to the other side counts
    as right: nobody has said how far it should go.
    """
    then, now = recorded(marked.spell).handoff_at, course.handoff_at
    is_same = now == then
    is_later = now is None or (then is not None and now > then)
    match marked.verdict:
        case Verdict.RIGHT:
            return "right" if is_same else "late" if is_later else "early"
        case Verdict.TOO_LATE:
            return "late" if is_same or is_later else "right"
        case _:
            return "right" if is_later else "early"


def chance(mended: int, broken: int) -> float:
    """How often a change without merit would look at least this good (sign test)."""
    told = mended + broken
    return sum(comb(told, n) for n in range(mended, told + 1)) / float(2**told)


def still_missing(mended: int, broken: int) -> int:
    """How many more mended marks would rule chance out, over all numbers together."""
    more = 0
    while chance(mended + more, broken) > CHANCE / len(GRIDS):
        more += 1
    return more


def _mistakes(judged: Sequence[str]) -> int:
    return sum(one != "right" for one in judged)
