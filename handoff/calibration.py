"""Whether the waits that shoppers were told came true: said against actual, by hour and skill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.models import Conversation, Handoff

#: an interval that covers less misleads; one that covers more is too wide to plan by
WANTED = (0.75, 0.90)
#: the newest so many are counted; more would make the page wait
MOST = 20_000

Asked = Select[datetime, datetime | None, int | None, int | None, str | None]
Outcome = Literal["within", "sooner", "later"]


@dataclass(frozen=True, kw_only=True)
class ToldWait:
    """One shopper who was told an interval, and the wait that came of it; in seconds."""

    joined: datetime
    low: int
    high: int
    waited: int
    skill: str | None

    @property
    def outcome(self) -> Outcome:
        if self.waited < self.low:
            return "sooner"
        return "within" if self.waited <= self.high else "later"


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Of those told an interval and then served: how many within it, sooner, later."""

    #: hour of the day when they joined; none for all hours together
    hour: int | None
    skill: str | None
    told: int
    within: int
    sooner: int
    later: int
    median_said_low: int
    median_said_high: int
    median_waited: int

    @property
    def share(self) -> float:
        return self.within / self.told

    @property
    def is_wanted(self) -> bool:
        return WANTED[0] <= self.share <= WANTED[1]

    @property
    def is_too_low(self) -> bool:
        return self.share < WANTED[0]


async def told_waits(
    session: AsyncSession,
    *,
    since: datetime,
    until: datetime,
    skill: str | None = None,
    language: str | None = None,
) -> list[ToldWait]:
    """Those served in that time who had been told how long, the newest first."""
    question = _question(since=since, until=until)
    if skill is not None:
        question = question.where(Conversation.skill == skill)
    if language is not None:
        question = question.where(Conversation.language == language)
    rows = await session.execute(question)
    return [
        ToldWait(
            joined=joined,
            low=low,
            high=high,
            waited=int((taken - joined).total_seconds()),
            skill=needed,
        )
        for joined, taken, low, high, needed in rows.all()
        if taken is not None and low is not None and high is not None
    ]


def _question(*, since: datetime, until: datetime) -> Asked:
    return (
        select(
            Handoff.requested_at,
            Handoff.first_assigned_at,
            Handoff.said_low,
            Handoff.said_high,
            Conversation.skill,
        )
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(
            Handoff.first_assigned_at >= since,
            Handoff.first_assigned_at < until,
            Handoff.said_high.is_not(None),
        )
        .order_by(Handoff.first_assigned_at.desc(), Handoff.id)
        .limit(MOST)
    )


async def calibration(
    session: AsyncSession, *, since: datetime, until: datetime, zone: ZoneInfo
) -> list[Calibration]:
    """All of them first, then by hour, then by skill; groups nobody is in are left out."""
    return summed(await told_waits(session, since=since, until=until), zone=zone)


def summed(waits: Sequence[ToldWait], *, zone: ZoneInfo) -> list[Calibration]:
    """The same of waits at hand."""
    seen: dict[tuple[int | None, str | None], list[ToldWait]] = {}
    for each in waits:
        hour = each.joined.astimezone(zone).hour
        keys: list[tuple[int | None, str | None]] = [(None, None), (hour, None)]
        if each.skill:
            keys.append((None, each.skill))
        for key in keys:
            seen.setdefault(key, []).append(each)
    ordered = sorted(
        seen, key=lambda key: (key[1] or "", -1 if key[0] is None else key[0])
    )
    return [_of(key, seen[key]) for key in ordered]


def _of(key: tuple[int | None, str | None], told: Sequence[ToldWait]) -> Calibration:
    outcomes = [each.outcome for each in told]
    return Calibration(
        hour=key[0],
        skill=key[1],
        told=len(told),
        within=outcomes.count("within"),
        sooner=outcomes.count("sooner"),
        later=outcomes.count("later"),
        median_said_low=int(median(each.low for each in told)),
        median_said_high=int(median(each.high for each in told)),
        median_waited=int(median(each.waited for each in told)),
    )
