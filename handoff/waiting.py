"""What the line looks like: who waits, at which place, and for how long probably."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.forecasting import Forecast, Wait, predict
from handoff.lifecycle import Status
from handoff.line import Repair, WaitingLine, compare
from handoff.models import Conversation, Handoff
from handoff.transitions import fetch

#: fewer waits of one skill than this, and everybody's are looked at
ENOUGH_ALIKE = 30
#: the forecast looks at so many waits, none of them older than a day
RECENT_WAITS = 200
RECENT = timedelta(hours=24)
#: a wait this long spanned a night or a lost agent; it is no measure for today
LONGEST_COUNTED = timedelta(hours=4)


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """One waiting conversation with the request that brought it here."""

    position: int
    conversation: Conversation
    handoff: Handoff


async def position(
    session: AsyncSession, line: WaitingLine, conversation_id: UUID
) -> int:
    """Return the place in the line, 1 for the next one; 0 if it is not waiting."""
    place = await line.position(conversation_id)
    if place is not None:
        return place
    row = await fetch(session, conversation_id)
    if row.status != Status.QUEUED:
        return 0
    return await count_before(session, row) + 1


async def waiting(session: AsyncSession) -> list[WaitingRow]:
    """Return everybody who waits, first in front, as the rows have it."""
    rows = await session.execute(
        select(Conversation, Handoff)
        .join(
            Handoff,
            (Handoff.conversation_id == Conversation.id) & Handoff.ended_at.is_(None),
        )
        .where(Conversation.status == Status.QUEUED)
        .order_by(Conversation.queue_rank_at, Conversation.id)
        .execution_options(populate_existing=True)
    )
    return [
        WaitingRow(position=place, conversation=conversation, handoff=handoff)
        for place, (conversation, handoff) in enumerate(rows.all(), start=1)
    ]


async def line_repair(session: AsyncSession, seen: dict[UUID, datetime]) -> Repair:
    """Compare what the line said *before* this call with the rows now.

    The whole repair: `seen = await line.entries()`, this in a reading session, then
    `await line.apply(repair)` with no session open.
    """
    rows = await session.execute(
        select(Conversation.id, Conversation.queue_rank_at).where(
            Conversation.status == Status.QUEUED
        )
    )
    ranks = {key: at for key, at in rows.all() if at is not None}
    return compare(line=seen, rows=ranks)


async def count_before(session: AsyncSession, row: Conversation) -> int:
    rank_at = row.queue_rank_at
    ahead = await session.scalar(
        select(func.count())
        .select_from(Conversation)
        .where(
            Conversation.status == Status.QUEUED,
            or_(
                Conversation.queue_rank_at < rank_at,
                (Conversation.queue_rank_at == rank_at) & (Conversation.id < row.id),
            ),
        )
    )
    return ahead or 0


async def forecast(
    session: AsyncSession,
    *,
    position: int,
    now: datetime,
    default: int,
    skill: str | None = None,
) -> Forecast:
    """Say how long this place in the line probably waits, learned from the last day.

    Those who needed the same skill are asked first, and everybody if they are too few.
    `default` is the seconds a place takes while too few waits are known.
    """
    waits = await _waits(session, now=now, skill=skill) if skill is not None else []
    if len(waits) < ENOUGH_ALIKE:
        waits = await _waits(session, now=now)
    return predict(waits, place=position, now=now.timestamp(), default=default)


async def _waits(
    session: AsyncSession, *, now: datetime, skill: str | None = None
) -> list[Wait]:
    question = (
        select(Handoff.requested_at, Handoff.first_assigned_at, Handoff.position)
        .where(Handoff.first_assigned_at > now - RECENT)
        .order_by(Handoff.first_assigned_at.desc())
        .limit(RECENT_WAITS)
    )
    if skill is not None:
        question = question.join(
            Conversation, Conversation.id == Handoff.conversation_id
        ).where(Conversation.skill == skill)
    rows = await session.execute(question)
    return [
        Wait(place=place, joined=start.timestamp(), taken=end.timestamp())
        for start, end, place in rows.all()
        if end is not None and end - start <= LONGEST_COUNTED
    ]
