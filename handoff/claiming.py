"""Which agent gets which waiting shopper, once, and never more than they can hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.capacity import load, make_sure_of_room, wait_for_turn
from handoff.errors import AlreadyClaimed, AtCapacity, NobodyWaiting
from handoff.lifecycle import Status
from handoff.models import Assignment, Conversation
from handoff.routing import Knowledge, RoutingPolicy, Seeker, values
from handoff.taking import take
from handoff.transitions import fetch, refuse


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
    weight = await session.scalar(
        select(Conversation.weight).where(Conversation.id == conversation_id)
    )
    await make_sure_of_room(session, agent_id, capacity=capacity, weight=weight or 1)
    assignment = await take(
        session,
        None,
        {"p_agent": agent_id, "p_now": now, "p_conversation": conversation_id},
    )
    if assignment is None:
        row = await fetch(session, conversation_id)
        if row.status == Status.ASSIGNED:
            raise AlreadyClaimed
        raise await refuse(session, conversation_id, target=Status.ASSIGNED)
    return assignment


async def claim_next(
    session: AsyncSession,
    *,
    seeker: Seeker,
    policy: RoutingPolicy | None = None,
    now: datetime,
) -> Assignment:
    """Give the agent whoever suits them and has waited longest by rank, or raise.

    Room, choice and claim are one statement. Agents who ask in the same instant get
    different people: nobody waits for a row that another is just taking.
    """
    rules = policy or RoutingPolicy()
    await wait_for_turn(session, seeker.agent_id)
    assignment = await take(
        session,
        Knowledge.of(seeker, rules),
        values(seeker, rules, now=now) | {"p_capacity": seeker.capacity},
    )
    if assignment is not None:
        return assignment
    if await load(session, seeker.agent_id) >= seeker.capacity:
        raise AtCapacity
    raise NobodyWaiting


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
