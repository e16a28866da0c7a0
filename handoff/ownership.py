"""Whose conversation it is, held against the row by the UPDATE itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.errors import NotYours
from handoff.events import AgentAssigned, ConversationTransferred
from handoff.lifecycle import Status
from handoff.models import Assignment, Conversation
from handoff.transitions import TRUE_TO_ROWS, change, fetch, record


async def mine(session: AsyncSession, agent_id: UUID) -> list[Conversation]:
    """Return what the agent has now, in a fixed order (two workers may walk it)."""
    return list(
        await session.scalars(
            select(Conversation)
            .where(
                Conversation.agent_id == agent_id,
                Conversation.status == Status.ASSIGNED,
            )
            .order_by(Conversation.id)
            .execution_options(populate_existing=True)
        )
    )


async def agents_holding(session: AsyncSession) -> list[UUID]:
    """Return every agent who has at least one conversation."""
    held = await session.scalars(
        select(Conversation.agent_id)
        .where(Conversation.status == Status.ASSIGNED)
        .distinct()
    )
    return [agent_id for agent_id in held if agent_id is not None]


def _own(agent_id: UUID, assignment_version: int) -> tuple[ColumnElement[bool], ...]:
    return (
        Conversation.status == Status.ASSIGNED,
        Conversation.agent_id == agent_id,
        Conversation.assignment_version == assignment_version,
    )


async def hold_own(
    session: AsyncSession,
    conversation_id: UUID,
    agent_id: UUID,
    assignment_version: int,
    *,
    now: datetime,
) -> Conversation:
    """Lock the row if it is still theirs; nobody can take it before the commit."""
    return await move_own(
        session,
        conversation_id,
        agent_id,
        assignment_version,
        to={"updated_at": now},
    )


async def move_own(
    session: AsyncSession,
    conversation_id: UUID,
    agent_id: UUID,
    assignment_version: int,
    *,
    to: dict[str, Any],
) -> Conversation:
    """Change the row if it is still theirs, or raise NotYours."""
    moved = await change(
        session, conversation_id, *_own(agent_id, assignment_version), to=to
    )
    if moved is None:
        await fetch(session, conversation_id)  # NoSuchConversation is the plainer word
        raise NotYours
    return moved


async def begin_assignment(
    session: AsyncSession,
    conversation: Conversation,
    event: AgentAssigned | ConversationTransferred,
) -> Assignment:
    """Open the spell of the agent who has the conversation now, and record how."""
    assignment = Assignment(
        conversation_id=conversation.id,
        agent_id=conversation.agent_id,
        version=conversation.assignment_version,
        started_at=event.at,
    )
    session.add(assignment)
    record(session, event)
    await session.flush()
    return assignment


async def end_assignment(
    session: AsyncSession, conversation_id: UUID, *, how: str, now: datetime
) -> None:
    await session.execute(
        update(Assignment)
        .where(
            Assignment.conversation_id == conversation_id,
            Assignment.ended_at.is_(None),
        )
        .values(ended_at=now, ended_how=how),
        execution_options=TRUE_TO_ROWS,
    )


async def last_agent(session: AsyncSession, conversation_id: UUID) -> UUID | None:
    """Return who had it last, also after a transfer."""
    found: UUID | None = await session.scalar(
        select(Assignment.agent_id)
        .where(Assignment.conversation_id == conversation_id)
        .order_by(Assignment.version.desc())
        .limit(1)
    )
    return found
