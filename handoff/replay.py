"""What would have happened to stored conversations under another policy. Pure.

A spell is one stretch of a conversation with the bot, up to the handoff that ended it or
to the shopper's last word. What a shopper would have said after a handoff that did not
happen is not known: a spell ends where its record ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from handoff.decisions import Decision, Kind, Reason, TriggerPolicy
from handoff.reception import HUMAN_FIRST, with_person
from handoff.signals import History, PastTurn, TurnSignals
from handoff.told import Told, read
from handoff.triggers import decide_or_ask_back

#: angry from here on, whatever the policy says: the measure must not move with it
ANGRY_FROM = 0.5


@dataclass(frozen=True, kw_only=True)
class Step:
    """One turn of a spell, its words already read."""

    turn: PastTurn
    told: Told


@dataclass(frozen=True, kw_only=True)
class Spell:
    """One stretch with the bot."""

    conversation_id: str
    steps: tuple[Step, ...]
    #: when it began
    at: datetime | None = None
    #: orders that people saw to in earlier spells
    settled_orders: frozenset[str] = frozenset()
    #: the handoff that really ended it
    handoff_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a spell went, or would have gone; places count from 0."""

    handoff_at: int | None = None
    reasons: tuple[str, ...] = ()
    offers: tuple[int, ...] = ()


class Change(StrEnum):
    """What became of a handoff."""

    EARLIER = "earlier"
    LATER = "later"
    APPEARS = "appears"
    VANISHES = "vanishes"


@dataclass(frozen=True, kw_only=True)
class Move:
    """One handoff that is not where it was."""

    change: Change
    spell: Spell
    before: Course
    after: Course


@dataclass(frozen=True, kw_only=True)
class Toll:
    """What a policy costs: agents' time, and shoppers left in anger."""

    handoffs: int
    offers: int
    agent_minutes: float
    #: spells with an angry message while neither person nor offer had come
    angry_shoppers: int
    angry_messages: int


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two policies over the same spells."""

    conversations: int
    before: Toll
    after: Toll
    moves: tuple[Move, ...] = field(default=())

    def count(self, change: Change) -> int:
        return sum(move.change is change for move in self.moves)


def step(turn: PastTurn) -> Step:
    return Step(turn=turn, told=read(turn.signals.text))


def spells_of(
    conversation_id: str, turns: Sequence[PastTurn], *, at: datetime | None = None
) -> list[Spell]:
    """Cut a conversation after each handoff that happened."""
    found: list[Spell] = []
    steps: list[Step] = []
    settled: set[str] = set()
    for turn in turns:
        steps.append(step(turn))
        if turn.decided == Kind.HANDOFF:
            found.append(_spell(conversation_id, steps, settled, at))
            settled |= {
                one.turn.signals.order.number for one in steps if one.turn.signals.order
            }
            steps = []
    if steps:
        found.append(_spell(conversation_id, steps, settled, at))
    return found


def recorded(spell: Spell) -> Course:
    """How it really went."""
    turns = [each.turn for each in spell.steps]
    is_handed = bool(turns) and turns[-1].decided == Kind.HANDOFF
    return Course(
        handoff_at=len(turns) - 1 if is_handed else None,
        reasons=turns[-1].reasons if is_handed else (),
        offers=tuple(n for n, turn in enumerate(turns) if turn.decided == Kind.OFFER),
    )


def redecide(spell: Spell, policy: TriggerPolicy) -> Course:
    """How it would have gone: each turn weighed after what was decided before it."""
    before: list[PastTurn] = []
    offers: list[int] = []
    for place, each in enumerate(spell.steps):
        signals = _as_if(each.turn.signals, is_offered=bool(offers))
        history = History(turns=tuple(before), settled_orders=spell.settled_orders)
        decision = decide_or_ask_back(signals, history, policy, told=each.told)
        decision = _as_received(decision, each.turn)
        if decision.kind is Kind.HANDOFF:
            return Course(
                handoff_at=place, reasons=decision.codes, offers=tuple(offers)
            )
        if decision.kind is Kind.OFFER:
            offers.append(place)
        before.append(
            PastTurn(
                signals=signals, decided=decision.kind.value, reasons=decision.codes
            )
        )
    return Course(offers=tuple(offers))


def change_of(before: Course, after: Course) -> Change | None:
    """What became of the handoff between two courses of one spell."""
    old, new = before.handoff_at, after.handoff_at
    if old == new:
        return None
    if old is None:
        return Change.APPEARS
    if new is None:
        return Change.VANISHES
    return Change.EARLIER if new < old else Change.LATER


def compare(
    spells: Sequence[Spell],
    before: Sequence[Course],
    after: Sequence[Course],
    *,
    handling_minutes: float,
) -> Comparison:
    """Set two courses of the same spells side by side."""
    moves = []
    for spell, old, new in zip(spells, before, after, strict=True):
        change = change_of(old, new)
        if change is not None:
            moves.append(Move(change=change, spell=spell, before=old, after=new))
    return Comparison(
        conversations=len({spell.conversation_id for spell in spells}),
        before=toll(spells, before, handling_minutes=handling_minutes),
        after=toll(spells, after, handling_minutes=handling_minutes),
        moves=tuple(moves),
    )


def toll(
    spells: Sequence[Spell], courses: Iterable[Course], *, handling_minutes: float
) -> Toll:
    """Add up what these courses cost."""
    handoffs = offers = shoppers = messages = 0
    for spell, course in zip(spells, courses, strict=True):
        handoffs += course.handoff_at is not None
        offers += len(course.offers)
        left = angry_and_alone(spell, course)
        shoppers += left > 0
        messages += left
    return Toll(
        handoffs=handoffs,
        offers=offers,
        agent_minutes=round(handoffs * handling_minutes, 1),
        angry_shoppers=shoppers,
        angry_messages=messages,
    )


def angry_and_alone(spell: Spell, course: Course) -> int:
    """How many angry messages came before any person or offer did."""
    ends = [
        place for place in (course.handoff_at, *course.offers[:1]) if place is not None
    ]
    heard_at = min(ends, default=len(spell.steps))
    return sum(_is_angry(each.turn.signals) for each in spell.steps[:heard_at])


def _is_angry(signals: TurnSignals) -> bool:
    return signals.emotion.label == "angry" and signals.emotion.intensity >= ANGRY_FROM


def _as_received(decision: Decision, turn: PastTurn) -> Decision:
    """Who receives a conversation is no rule of the policy: it holds under any."""
    is_persons = HUMAN_FIRST in turn.reasons
    return with_person(decision, Reason(code=HUMAN_FIRST)) if is_persons else decision


def _as_if(signals: TurnSignals, *, is_offered: bool) -> TurnSignals:
    """Nobody answers an offer that was never made."""
    if signals.offer_answer is None or is_offered:
        return signals
    return replace(signals, offer_answer=None)


def _spell(
    conversation_id: str, steps: list[Step], settled: set[str], at: datetime | None
) -> Spell:
    return Spell(
        conversation_id=conversation_id,
        steps=tuple(steps),
        at=at,
        settled_orders=frozenset(settled),
    )
