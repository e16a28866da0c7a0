"""Which agent gets which waiting shopper, once, and never more than they can hold."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, literal, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.capacity import load_of, make_sure_of_room, wait_for_turn
from handoff.errors import AlreadyClaimed, AtCapacity, NobodyWaiting
from handoff.events import AgentAssigned
from handoff.lifecycle import Status
from handoff.line import EPOCH, WaitingLine
from handoff.models import Assignment, Conversation
from handoff.ownership import begin_assignment
from handoff.requests import stamp
from handoff.routing import RoutingPolicy, Seeker, suits
from handoff.transitions import TRUE_TO_ROWS, fetch, refuse

#: how many of the line's first are offered to the rows at once: more than agents who
#: press "next" in the same instant, so that each finds one
HEAD = 32


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
    seeker: Seeker,
    policy: RoutingPolicy | None = None,
    now: datetime,
) -> Assignment:
    """Give the agent whoever suits them and has waited longest by rank, or raise.

    The line proposes its first; the rows have the last word, and are searched whole if
    nobody proposed suits. Agents who ask in the same instant get different people.
    """
    rules = policy or RoutingPolicy()
    proposed = await line.head(HEAD)  # before the first statement: no open transaction
    agent_id = seeker.agent_id
    await wait_for_turn(session, agent_id)
    has, known_id, known_rank = await _room_and_last(session, agent_id)
    if has >= seeker.capacity:
        raise AtCapacity
    suited = suits(seeker, rules, now=now)
    if has:
        suited.append(Conversation.weight <= seeker.capacity - has)
    searches: list[list[ColumnElement[bool]]] = [[]]
    if proposed:
        searches.insert(0, [Conversation.id.in_(proposed)])
    if known_id is not None:
        searches.insert(
            0, [Conversation.id == known_id, ~_much_earlier(known_rank, rules)]
        )
    for conditions in searches:
        first = (
            select(Conversation.id)
            .where(Conversation.status == Status.QUEUED, *suited, *conditions)
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


async def _room_and_last(
    session: AsyncSession, agent_id: UUID
) -> tuple[int, UUID | None, datetime]:
    """The agent's load, and the first in the line whom they have served before."""
    known = (
        select(Conversation.id, Conversation.queue_rank_at)
        .where(
            Conversation.last_agent_id == agent_id,
            Conversation.status == Status.QUEUED,
        )
        .order_by(Conversation.queue_rank_at)
        .limit(1)
        .subquery()
    )
    row = (
        await session.execute(
            select(load_of(agent_id), known.c.id, known.c.queue_rank_at)
            .select_from(select(literal(1).label("one")).subquery())
            .outerjoin(known, true())
        )
    ).one()
    return int(row[0]), row[1], row[2] or EPOCH


def _much_earlier(rank_at: datetime, rules: RoutingPolicy) -> ColumnElement[bool]:
    """Whether somebody stands so far before them that knowing the agent counts less."""
    other = aliased(Conversation)
    return (
        select(other.id)
        .where(
            other.status == Status.QUEUED,
            other.queue_rank_at < rank_at - rules.last_agent,
        )
        .exists()
    )


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
            last_agent_id=agent_id,
            avoid_agent_id=None,
            avoid_until=None,
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
