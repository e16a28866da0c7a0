"""Who waits for a person, in what order, and who takes whom: the rows decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.capacity import make_sure_of_room
from handoff.errors import AlreadyClaimed, NobodyWaiting
from handoff.events import (
    AgentAssigned,
    ConversationAbandoned,
    ConversationQueued,
    ConversationReturned,
)
from handoff.lifecycle import Status
from handoff.line import MemoryLine, RedisLine, Repair, WaitingLine
from handoff.models import Assignment, Conversation, Handoff
from handoff.ownership import begin_assignment
from handoff.requests import end_handoff, open_handoff, stamp
from handoff.transitions import TRUE_TO_ROWS, back_to_bot, change, fetch, record, refuse
from handoff.waiting import (
    Forecast,
    WaitingRow,
    count_before,
    forecast,
    line_repair,
    position,
    waiting,
)

# The desk outside this package needs one door to the queue; its rooms are the modules above.
__all__ = [
    "Forecast",
    "MemoryLine",
    "RedisLine",
    "Repair",
    "WaitingLine",
    "WaitingRow",
    "abandon",
    "assign",
    "cancel",
    "claim",
    "claim_next",
    "forecast",
    "join",
    "line_repair",
    "open_handoff",
    "position",
    "waiting",
]

#: how many of the line's first are offered to the rows at once: more than agents who
#: press "next" in the same instant, so that each finds one
HEAD = 32


async def join(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    reasons: Sequence[dict[str, Any]],
    card: dict[str, Any],
    priority_minutes: int = 0,
    now: datetime,
) -> Handoff:
    """Move the conversation from the bot to the line, or raise IllegalMove.

    `priority_minutes` is a bounded head start: as if the shopper had come that much
    earlier. After the commit tell the line: `line.add(id, rank_at=…queue_rank_at)`.
    """
    rank_at = now - timedelta(minutes=priority_minutes)
    queued = await change(
        session,
        conversation_id,
        Conversation.status == Status.BOT,
        to={
            "status": Status.QUEUED,
            "queued_at": now,
            "queue_rank_at": rank_at,
            "updated_at": now,
        },
    )
    if queued is None:
        raise await refuse(session, conversation_id, target=Status.QUEUED)
    handoff = Handoff(
        conversation_id=conversation_id,
        reasons=list(reasons),
        card=card,
        requested_at=now,
        position=await count_before(session, queued) + 1,
    )
    session.add(handoff)
    record(session, _queued(handoff, rank_at=rank_at))
    await session.flush()
    return handoff


def _queued(handoff: Handoff, *, rank_at: datetime) -> ConversationQueued:
    return ConversationQueued(
        conversation_id=handoff.conversation_id,
        at=handoff.requested_at,
        reasons=tuple(str(reason["code"]) for reason in handoff.reasons),
        position=handoff.position,
        rank_at=rank_at,
    )


async def claim(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    capacity: int,
    now: datetime,
) -> Assignment:
    """Give this waiting conversation to the agent, or raise AlreadyClaimed.

    Claiming what one already has gives the same assignment again. AtCapacity when the
    agent is full. After the commit tell the line: `line.remove(id)`.
    """
    theirs = await _open_assignment(session, conversation_id, agent_id=agent_id)
    if theirs is not None:
        return theirs
    await make_sure_of_room(session, agent_id, capacity=capacity)
    assignment = await assign(
        session, Conversation.id == conversation_id, agent_id=agent_id, now=now
    )
    if assignment is None:
        row = await fetch(session, conversation_id)
        if row.status == Status.ASSIGNED:
            raise AlreadyClaimed
        raise await refuse(session, conversation_id, target=Status.ASSIGNED)
    return assignment


async def claim_next(
    session: AsyncSession,
    line: WaitingLine,
    *,
    agent_id: UUID,
    capacity: int,
    now: datetime,
) -> Assignment:
    """Give the agent whoever has waited longest by rank, or raise NobodyWaiting.

    The line proposes its first; the rows have the last word, and are searched whole if
    the line knows nobody. Agents who ask in the same instant get different people.
    """
    proposed = await line.head(HEAD)  # before the first statement: no open transaction
    await make_sure_of_room(session, agent_id, capacity=capacity)
    searches: list[list[ColumnElement[bool]]] = [[]]
    if proposed:
        searches.insert(0, [Conversation.id.in_(proposed)])
    for conditions in searches:
        first = (
            select(Conversation.id)
            .where(Conversation.status == Status.QUEUED, *conditions)
            .order_by(Conversation.queue_rank_at, Conversation.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        assignment = await assign(
            session, Conversation.id == first, agent_id=agent_id, now=now
        )
        if assignment is not None:
            return assignment
    raise NobodyWaiting


async def assign(
    session: AsyncSession,
    *which: ColumnElement[bool],
    agent_id: UUID,
    now: datetime,
) -> Assignment | None:
    """Hand over one waiting conversation by a conditional UPDATE; None if it was not."""
    statement = (
        update(Conversation)
        .where(Conversation.status == Status.QUEUED, *which)
        .values(
            status=Status.ASSIGNED,
            agent_id=agent_id,
            assignment_version=Conversation.assignment_version + 1,
            updated_at=now,
        )
        .returning(Conversation)
    )
    assigned: Conversation | None = await session.scalar(
        statement, execution_options=TRUE_TO_ROWS
    )
    if assigned is None:
        return None
    await stamp(session, assigned.id, what="first_assigned_at", now=now)
    return await begin_assignment(
        session,
        assigned,
        AgentAssigned(
            conversation_id=assigned.id,
            at=now,
            agent_id=agent_id,
            version=assigned.assignment_version,
        ),
    )


async def abandon(
    session: AsyncSession, conversation_id: UUID, *, now: datetime
) -> ConversationAbandoned:
    """Note that the shopper left the line, or raise IllegalMove."""
    moved = await change(
        session,
        conversation_id,
        Conversation.status == Status.QUEUED,
        to={"status": Status.ABANDONED, "resolved_at": now, "updated_at": now},
    )
    if moved is None:
        raise await refuse(session, conversation_id, target=Status.ABANDONED)
    await end_handoff(session, conversation_id, outcome="abandoned", now=now)
    return record(
        session, ConversationAbandoned(conversation_id=conversation_id, at=now)
    )


async def cancel(
    session: AsyncSession, conversation_id: UUID, *, now: datetime
) -> ConversationReturned:
    """Let the shopper stop waiting and go on with the bot, or raise IllegalMove."""
    moved = await change(
        session,
        conversation_id,
        Conversation.status == Status.QUEUED,
        to=back_to_bot(now=now),
    )
    if moved is None:
        raise await refuse(session, conversation_id, target=Status.BOT)
    await end_handoff(session, conversation_id, outcome="returned_to_bot", now=now)
    return record(
        session,
        ConversationReturned(conversation_id=conversation_id, at=now, agent_id=None),
    )


async def _open_assignment(
    session: AsyncSession, conversation_id: UUID, *, agent_id: UUID
) -> Assignment | None:
    return await session.scalar(
        select(Assignment).where(
            Assignment.conversation_id == conversation_id,
            Assignment.agent_id == agent_id,
            Assignment.ended_at.is_(None),
        )
    )
