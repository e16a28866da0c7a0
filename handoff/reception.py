"""Who receives a new conversation first, by day, hour and channel: the bot, or a person.

Pure. A share of people is decided by the conversation's own id, so the same conversation
is always decided alike, and asking twice is harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from handoff.decisions import Decision, Kind, Reason

#: the reason code of a conversation that a person receives first
HUMAN_FIRST = "human_first"
MINUTES_AN_HOUR = 60
_HASHES = 2**64


class Received(StrEnum):
    """What was decided once for a conversation, and is kept with it."""

    BOT_FIRST = "bot_first"
    HUMAN_FIRST = "human_first"
    #: a person was to be first, but nobody was there: the bot took it
    UNSTAFFED = "unstaffed"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A share of people for the conversations that begin then and there."""

    #: Monday is 0; none means every day
    days: frozenset[int] = frozenset()
    #: from a minute of the day to another, the end not included; none means all day
    spans: tuple[tuple[int, int], ...] = ()
    #: none means every channel
    channel: str | None = None
    #: the share of conversations that a person receives first
    human: float

    def holds(self, *, wall: datetime, channel: str) -> bool:
        minute = wall.hour * MINUTES_AN_HOUR + wall.minute
        return (
            (not self.days or wall.weekday() in self.days)
            and (
                not self.spans
                or any(start <= minute < end for start, end in self.spans)
            )
            and self.channel in {None, channel}
        )


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The rule that holds, and whether it wants a person for this conversation."""

    is_human: bool
    #: the rule's number in the file, from 1; None when no rule holds
    rule: int | None = None
    human: float = 0.0

    def reason(self) -> Reason:
        evidence = {"rule": self.rule, "share": self.human}
        return Reason(code=HUMAN_FIRST, evidence=evidence)


def wish(
    rules: Sequence[Rule],
    conversation_id: UUID,
    *,
    channel: str,
    now: datetime,
    zone: ZoneInfo,
) -> Wish:
    """Find the first rule that holds; where none does, the bot is first."""
    wall = now.astimezone(zone)
    for number, rule in enumerate(rules, start=1):
        if rule.holds(wall=wall, channel=channel):
            is_human = place_of(conversation_id) < rule.human
            return Wish(is_human=is_human, rule=number, human=rule.human)
    return Wish(is_human=False)


def place_of(conversation_id: UUID) -> float:
    """A number from 0 up to, not including, 1, which belongs to this conversation."""
    digest = sha256(b"reception:" + conversation_id.bytes).digest()
    return int.from_bytes(digest[:8]) / _HASHES


def with_person(decision: Decision, reason: Reason) -> Decision:
    """Hand over, whatever the rules of the turn said; their reasons come first."""
    reasons = decision.reasons if decision.kind is Kind.HANDOFF else ()
    return replace(decision, kind=Kind.HANDOFF, reasons=(*reasons, reason))
