"""Whether an agent can take one more, counted while nobody else can give them one."""

from __future__ import annotations

import hashlib
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.errors import AtCapacity
from handoff.lifecycle import Status
from handoff.models import Conversation


async def make_sure_of_room(
    session: AsyncSession, agent_id: UUID, *, capacity: int
) -> None:
    """Raise AtCapacity if the agent is full; the answer holds until the commit.

    Counting first and assigning later is how desks give four chats to an agent of
    three. So the count waits for every other transaction that may give this agent
    something: on PostgreSQL by a lock named after the agent, on SQLite because writing
    transactions start IMMEDIATE and so run one after another.
    """
    await _wait_for_turn(session, agent_id)
    if await load(session, agent_id) >= capacity:
        raise AtCapacity


async def load(session: AsyncSession, agent_id: UUID) -> int:
    """Return how many conversations the agent has now."""
    count = await session.scalar(
        select(func.count())
        .select_from(Conversation)
        .where(
            Conversation.agent_id == agent_id, Conversation.status == Status.ASSIGNED
        )
    )
    return count or 0


async def _wait_for_turn(session: AsyncSession, agent_id: UUID) -> None:
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(_lock_key(agent_id))))


def _lock_key(agent_id: UUID) -> int:
    digest = hashlib.blake2b(agent_id.bytes, digest_size=8, person=b"capacity")
    return int.from_bytes(digest.digest(), "big", signed=True)
