"""Decides which conversations are too old to keep, and takes everything said in them away.

What goes is the conversation and every row that hangs from it by a foreign key, in the
room's own tables; whoever keeps rows by its number elsewhere is told which ones went.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.lifecycle import Status
from handoff.models import Conversation, HandoffBase

#: nobody's words vanish while a person is wanted or speaking
_IN_HANDS = (Status.QUEUED, Status.ASSIGNED)


async def forget(
    session: AsyncSession, *, untouched_since: datetime, limit: int = 50
) -> list[UUID]:
    """Delete up to `limit` conversations in which nothing happened since, oldest first."""
    found = await session.scalars(
        select(Conversation.id)
        .where(
            Conversation.updated_at < untouched_since,
            Conversation.status.not_in(_IN_HANDS),
        )
        .order_by(Conversation.updated_at)
        .limit(limit)
    )
    gone = list(found)
    if not gone:
        return []
    for table in reversed(HandoffBase.metadata.sorted_tables):
        belongs = _belongs(table, gone)
        if belongs is not None:
            await session.execute(delete(table).where(belongs))
    return gone


def _belongs(table: Table, gone: list[UUID]) -> ColumnElement[bool] | None:
    """Whether a row of this table hangs from one of these conversations."""
    if table is Conversation.__table__:
        return table.c.id.in_(gone)
    ways: list[ColumnElement[bool]] = []
    for column, parent in _parents(table):
        if parent is table:
            continue
        above = _belongs(parent, gone)
        if above is not None:
            key = next(iter(column.foreign_keys)).column
            ways.append(column.in_(select(key).where(above)))
    # By any of its keys: one of them may be empty, as an unsent picture's message is.
    return or_(*ways) if ways else None


def _parents(table: Table) -> list[tuple[Column[object], Table]]:
    return [(key.parent, key.column.table) for key in table.foreign_keys]
