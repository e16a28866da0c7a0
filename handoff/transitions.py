"""How a conversation moves: one UPDATE that names the state it expects, and the fact.

Nothing here reads first and writes later. Whoever's UPDATE finds the expected state has
won; the loser gets no row back and is told so by the caller.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.errors import IllegalMove, NoSuchConversation
from handoff.events import Event
from handoff.lifecycle import Status
from handoff.models import AuditEntry, Conversation

# Objects already in the session are overwritten by what the database returns, and never
# guessed at in Python: under concurrency only the returned row is true.
TRUE_TO_ROWS = {"synchronize_session": False, "populate_existing": True}

# Made once: to put a statement together costs as much as to run it.
_BY_ID = (
    select(Conversation)
    .where(Conversation.id == bindparam("conversation_id"))
    .execution_options(populate_existing=True)
)
_LOCKED = _BY_ID.with_for_update()


async def change(
    session: AsyncSession,
    conversation_id: UUID,
    *expected: ColumnElement[bool],
    to: dict[str, Any],
) -> Conversation | None:
    """Write `to` if the row is as `expected`, and return it; None if it is not (or gone).

    The row stays locked until the transaction ends, so whatever follows in it is safe
    from other writers of this conversation.
    """
    statement = (
        update(Conversation)
        .where(Conversation.id == conversation_id, *expected)
        .values(**to)
        .returning(Conversation)
    )
    changed: Conversation | None = await session.scalar(
        statement, execution_options=TRUE_TO_ROWS
    )
    return changed


async def fetch(session: AsyncSession, conversation_id: UUID) -> Conversation:
    """Return the row as it is now, or raise NoSuchConversation."""
    row: Conversation | None = await session.scalar(
        _BY_ID, {"conversation_id": conversation_id}
    )
    if row is None:
        raise NoSuchConversation
    return row


async def hold(session: AsyncSession, conversation_id: UUID) -> Conversation:
    """Return the row, locked until the transaction ends.

    SQLite has no row locks and needs none: a writing transaction starts IMMEDIATE.
    """
    row: Conversation | None = await session.scalar(
        _LOCKED, {"conversation_id": conversation_id}
    )
    if row is None:
        raise NoSuchConversation
    return row


async def refuse(
    session: AsyncSession, conversation_id: UUID, *, target: Status
) -> IllegalMove:
    """Return the error that says why the move to `target` found nothing to change."""
    row = await fetch(session, conversation_id)
    return IllegalMove(f"A {row.status} conversation cannot become {target}.")


def back_to_bot(*, now: datetime) -> dict[str, Any]:
    """What a row looks like when the bot answers again; what was said to people is past."""
    return {
        "status": Status.BOT,
        "agent_id": None,
        "queued_at": None,
        "queue_rank_at": None,
        "answered_seq": Conversation.last_seq,
        "updated_at": now,
    }


def record[E: Event](session: AsyncSession, event: E) -> E:
    """Keep the fact in this transaction and hand it back to be announced after it."""
    session.add(
        AuditEntry(
            conversation_id=event.conversation_id,
            event=event.kind,
            at=event.at,
            data=event.data(),
        )
    )
    return event
