"""Which questions are asked about many followed conversations at once, instead of one by one."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.models import Conversation


async def several(
    session: AsyncSession, ids: Collection[UUID]
) -> dict[UUID, Conversation]:
    """Return those of the conversations that there are, as they are now."""
    query = select(Conversation).where(Conversation.id.in_(ids))
    return {row.id: row for row in await session.scalars(query)}


async def heads(
    session: AsyncSession, ids: Collection[UUID]
) -> list[tuple[UUID, int, str, UUID | None]]:
    """Return (id, newest seq, status, agent) of those of the conversations that there are."""
    rows = await session.execute(
        select(
            Conversation.id,
            Conversation.last_seq,
            Conversation.status,
            Conversation.agent_id,
        ).where(Conversation.id.in_(ids))
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]
