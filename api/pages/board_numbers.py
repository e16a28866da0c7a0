"""Decides how the supervisor's numbers are counted. Every one comes from rows and has one definition."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time
from statistics import median
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.lifecycle import Status
from handoff.models import Conversation, Handoff, Turn


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """Now, and since the shop's midnight."""

    waiting: int
    longest_wait: int
    being_served: int
    #: conversations in which the bot answered at least once
    with_bot: int
    #: of those, the ones in which nobody asked for a person
    bot_alone: int
    handed_over: int
    reasons: tuple[tuple[str, int], ...]
    resolved: int
    abandoned: int
    #: seconds from asking for a person to the agent's first word; None if nobody got one
    first_word: int | None

    @property
    def bot_share(self) -> float | None:
        return self.bot_alone / self.with_bot if self.with_bot else None


def start_of_day(now: datetime, timezone: str) -> datetime:
    """The shop's own midnight before `now`."""
    zone = ZoneInfo(timezone)
    return datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)


async def numbers_of_today(
    session: AsyncSession, *, since: datetime, now: datetime
) -> Numbers:
    waiting, first = await _line(session)
    handoffs = list(
        await session.scalars(select(Handoff).where(Handoff.requested_at >= since))
    )
    answered = set(
        await session.scalars(
            select(Turn.conversation_id).where(
                Turn.state == "answered", Turn.finished_at >= since
            )
        )
    )
    asked = {each.conversation_id for each in handoffs}
    codes = Counter(str(reason["code"]) for each in handoffs for reason in each.reasons)
    return Numbers(
        waiting=waiting,
        longest_wait=int((now - first).total_seconds()) if first else 0,
        being_served=await _count(session, Conversation.status == Status.ASSIGNED),
        with_bot=len(answered),
        bot_alone=len(answered - asked),
        handed_over=len(asked),
        reasons=tuple(codes.most_common(8)),
        resolved=await _count(
            session,
            Conversation.status == Status.RESOLVED,
            Conversation.resolved_at >= since,
        ),
        abandoned=await _count(
            session,
            Conversation.status == Status.ABANDONED,
            Conversation.resolved_at >= since,
        ),
        first_word=_first_word(handoffs),
    )


async def _line(session: AsyncSession) -> tuple[int, datetime | None]:
    """How many wait, and since when the first of them does."""
    query = select(func.count(), func.min(Conversation.queued_at)).where(
        Conversation.status == Status.QUEUED
    )
    waiting, first = (await session.execute(query)).one()
    return waiting, first


def _first_word(handoffs: list[Handoff]) -> int | None:
    waits = [
        (each.first_agent_message_at - each.requested_at).total_seconds()
        for each in handoffs
        if each.first_agent_message_at is not None
    ]
    return int(median(waits)) if waits else None


async def _count(session: AsyncSession, *which: object) -> int:
    query = select(func.count()).select_from(Conversation)
    return await session.scalar(query.where(*which)) or 0  # type: ignore[arg-type]
