"""Whether an agent can take one more, counted while nobody else can give them one."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.errors import AtCapacity
from handoff.lifecycle import Status
from handoff.models import Conversation

_LOCK = "SELECT pg_advisory_xact_lock(%s)"


async def make_sure_of_room(
    session: AsyncSession, agent_id: UUID, *, capacity: int, weight: int = 1
) -> None:
    """Raise AtCapacity if `weight` more is too much; the answer holds until the commit.

    Whoever has nothing can take one of any weight: else the heaviest would wait for ever.

    Counting first and assigning later is how desks give four chats to an agent of
    three. So the count waits for every other transaction that may give this agent
    something: on PostgreSQL by a lock named after the agent, on SQLite because writing
    transactions start IMMEDIATE and so run one after another.
    """
    await wait_for_turn(session, agent_id)
    has = await load(session, agent_id)
    if has and has + weight > capacity:
        raise AtCapacity


async def load(session: AsyncSession, agent_id: UUID) -> int:
    """Return how much of their capacity the agent's conversations take now."""
    taken = await session.scalar(select(load_of(agent_id)))
    return int(taken or 0)


async def loads(session: AsyncSession, agents: Collection[UUID]) -> dict[UUID, int]:
    """The same of several at once; who holds nothing is left out."""
    rows = await session.execute(
        select(Conversation.agent_id, func.sum(Conversation.weight))
        .where(
            Conversation.status == Status.ASSIGNED, Conversation.agent_id.in_(agents)
        )
        .group_by(Conversation.agent_id)
    )
    return {agent_id: int(held) for agent_id, held in rows.all() if agent_id}


def load_of(agent_id: UUID | ColumnElement[Any]) -> ScalarSelect[Any]:
    """The same as part of a question, whatever that asks of conversations."""
    held = aliased(Conversation)
    return (
        select(func.coalesce(func.sum(held.weight), 0))
        .where(held.agent_id == agent_id, held.status == Status.ASSIGNED)
        .scalar_subquery()
    )


async def wait_for_turn(session: AsyncSession, agent_id: UUID) -> None:
    """Let nobody else give this agent anything until the commit."""
    if session.get_bind().dialect.name == "postgresql":
        connection = await session.connection()
        await connection.exec_driver_sql(_LOCK, (_lock_key(agent_id),))


def _lock_key(agent_id: UUID) -> int:
    digest = hashlib.blake2b(agent_id.bytes, digest_size=8, person=b"capacity")
    return int.from_bytes(digest.digest(), "big", signed=True)
