"""How a resolved conversation is put down: its disposition, the detail below it, a summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.care_models import WrapUp
from handoff.errors import UnknownDetail
from handoff.rows import insert_into


def check_detail(
    disposition: str, detail: str, *, tree: Mapping[str, Sequence[str]]
) -> None:
    """Raise UnknownDetail unless it is empty or a branch of that disposition."""
    if detail and detail not in tree.get(disposition, ()):
        raise UnknownDetail


async def put_down(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    disposition: str,
    detail: str = "",
    summary: str = "",
    is_corrected: bool = False,
    now: datetime,
) -> None:
    """Keep the wrap-up of this end; that of an earlier one is replaced, and learned anew."""
    values = {
        "agent_id": agent_id,
        "disposition": disposition,
        "detail": detail,
        "summary": summary,
        "is_corrected": is_corrected,
        "resolved_at": now,
        "learned_at": None,
    }
    await session.execute(
        insert_into(session, WrapUp)
        .values(conversation_id=conversation_id, **values)
        .on_conflict_do_update(index_elements=["conversation_id"], set_=values)
    )


async def get(session: AsyncSession, conversation_id: UUID) -> WrapUp | None:
    return await session.scalar(
        select(WrapUp).where(WrapUp.conversation_id == conversation_id),
        execution_options={"populate_existing": True},
    )
