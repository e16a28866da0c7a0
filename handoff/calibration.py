"""Whether the waits that shoppers were told came true: said against actual, by hour and skill."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.models import Conversation, Handoff


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
    median_said_high: int
    median_waited: int

    @property
    def share(self) -> float:
        return self.within / self.told


async def calibration(
    session: AsyncSession, *, since: datetime, until: datetime, zone: ZoneInfo
) -> list[Calibration]:
    """All of them first, then by hour, then by skill; groups nobody is in are left out."""
    rows = await session.execute(
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
    )
    seen: dict[tuple[int | None, str | None], list[tuple[int, int, int]]] = {}
    for joined, taken, low, high, skill in rows.all():
        if taken is None or low is None or high is None:
            continue
        waited = int((taken - joined).total_seconds())
        hour = joined.astimezone(zone).hour
        keys = [(None, None), (hour, None)] + ([(None, skill)] if skill else [])
        for key in keys:
            seen.setdefault(key, []).append((low, high, waited))
    ordered = sorted(
        seen, key=lambda key: (key[1] or "", -1 if key[0] is None else key[0])
    )
    return [_of(key, seen[key]) for key in ordered]


def _of(
    key: tuple[int | None, str | None], told: list[tuple[int, int, int]]
) -> Calibration:
    return Calibration(
        hour=key[0],
        skill=key[1],
        told=len(told),
        within=sum(low <= waited <= high for low, high, waited in told),
        sooner=sum(waited < low for low, _, waited in told),
        later=sum(waited > high for _, high, waited in told),
        median_said_high=int(median(high for _, high, _ in told)),
        median_waited=int(median(waited for _, _, waited in told)),
    )
