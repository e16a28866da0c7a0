"""Which request for a person is open, and how it ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.fillers import is_filler
from handoff.models import Handoff, Message
from handoff.transitions import TRUE_TO_ROWS, change

#: how a request ended whose shopper stopped waiting and went on with the bot
LEFT_LINE = "left_line"


async def open_handoff(session: AsyncSession, conversation_id: UUID) -> Handoff | None:
    """Return the request that is waiting or being served."""
    return await session.scalar(
        select(Handoff).where(
            Handoff.conversation_id == conversation_id, Handoff.ended_at.is_(None)
        ),
        execution_options={"populate_existing": True},
    )


async def newest_handoff(
    session: AsyncSession, conversation_id: UUID
) -> Handoff | None:
    """Return the last request for a person, open or ended."""
    found: Handoff | None = await session.scalar(
        select(Handoff)
        .where(Handoff.conversation_id == conversation_id)
        .order_by(Handoff.requested_at.desc())
        .limit(1)
    )
    return found


async def newest_card(session: AsyncSession, conversation_id: UUID) -> dict[str, Any]:
    """Return the card of the last request for a person; empty when nobody asked."""
    handoff = await newest_handoff(session, conversation_id)
    return dict(handoff.card) if handoff is not None else {}


async def open_of(
    session: AsyncSession, conversations: Sequence[UUID]
) -> dict[UUID, Handoff]:
    """Return the open request of each of these conversations that has one."""
    if not conversations:
        return {}
    rows = await session.scalars(
        select(Handoff).where(
            Handoff.conversation_id.in_(conversations), Handoff.ended_at.is_(None)
        ),
        execution_options={"populate_existing": True},
    )
    return {row.conversation_id: row for row in rows}


async def count(session: AsyncSession, conversation_id: UUID) -> int:
    """Return how often a person was asked for; whoever left the line by themselves did not."""
    number = await session.scalar(
        select(func.count())
        .select_from(Handoff)
        .where(
            Handoff.conversation_id == conversation_id,
            Handoff.outcome.is_distinct_from(LEFT_LINE),
        )
    )
    return number or 0


@dataclass(frozen=True, kw_only=True)
class Unsettled:
    """Since when no person has settled anything, and why one was asked for in vain since."""

    since: datetime | None
    reasons: list[dict[str, Any]]


async def unsettled(session: AsyncSession, conversation_id: UUID) -> Unsettled:
    """Read the ended requests: one whose shopper left the line has settled nothing."""
    rows = await session.execute(
        select(Handoff.outcome, Handoff.ended_at, Handoff.reasons)
        .where(
            Handoff.conversation_id == conversation_id, Handoff.ended_at.is_not(None)
        )
        .order_by(Handoff.ended_at)
    )
    since: datetime | None = None
    reasons: list[dict[str, Any]] = []
    for outcome, ended_at, asked in rows.all():
        if outcome == LEFT_LINE:
            reasons = [*asked, *reasons]
        else:
            since, reasons = ended_at, []
    return Unsettled(since=since, reasons=reasons)


async def end_handoff(
    session: AsyncSession, conversation_id: UUID, *, outcome: str, now: datetime
) -> None:
    await session.execute(
        update(Handoff)
        .where(Handoff.conversation_id == conversation_id, Handoff.ended_at.is_(None))
        .values(ended_at=now, outcome=outcome),
        execution_options=TRUE_TO_ROWS,
    )


async def stamp(
    session: AsyncSession, conversation_id: UUID, *, what: str, now: datetime
) -> None:
    """Note when this happened first to the open request; later times change nothing."""
    column = {
        "first_assigned_at": Handoff.first_assigned_at,
        "first_agent_message_at": Handoff.first_agent_message_at,
    }[what]
    await session.execute(
        update(Handoff)
        .where(
            Handoff.conversation_id == conversation_id,
            Handoff.ended_at.is_(None),
            column.is_(None),
        )
        .values({column: now}),
        execution_options=TRUE_TO_ROWS,
    )


async def answered(
    session: AsyncSession, conversation_id: UUID, *, heard: int, now: datetime
) -> None:
    """Note that words which answer something cover all up to the shopper's seq `heard`."""
    await session.execute(
        update(Handoff)
        .where(Handoff.conversation_id == conversation_id, Handoff.ended_at.is_(None))
        .values(
            substantive_seq=heard,
            first_substantive_at=func.coalesce(Handoff.first_substantive_at, now),
        ),
        execution_options=TRUE_TO_ROWS,
    )


async def call(
    session: AsyncSession, handoffs: Sequence[UUID], *, now: datetime
) -> set[UUID]:
    """Note that those on call are told of these; return those nobody else has noted."""
    if not handoffs:
        return set()
    rows = await session.scalars(
        update(Handoff)
        .where(Handoff.id.in_(handoffs), Handoff.called_at.is_(None))
        .values(called_at=now)
        .returning(Handoff.id),
        execution_options=TRUE_TO_ROWS,
    )
    return set(rows)


async def uncall(session: AsyncSession, handoffs: Collection[UUID]) -> None:
    """Take that back: nobody could be reached."""
    await session.execute(
        update(Handoff).where(Handoff.id.in_(handoffs)).values(called_at=None),
        execution_options=TRUE_TO_ROWS,
    )


async def was_said(
    session: AsyncSession, message: Message, *, heard: int, now: datetime
) -> None:
    """What was heard is answered, and a clock stops unless these were empty words."""
    conversation_id = message.conversation_id
    await change(session, conversation_id, to={"answered_seq": heard})
    await stamp(session, conversation_id, what="first_agent_message_at", now=now)
    if message.meta.get("pictures") or not is_filler(message.text):
        await answered(session, conversation_id, heard=heard, now=now)
