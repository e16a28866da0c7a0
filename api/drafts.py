"""Appends drafted messages in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.replies import Draft
from handoff import conversations
from handoff.models import Message


async def keep_drafts(
    session: AsyncSession,
    conversation_id: UUID,
    drafts: Sequence[Draft],
    *,
    turn_id: UUID | None,
    now: datetime,
) -> list[Message]:
    """Put the drafts at the end of the conversation."""
    kept = []
    for draft in drafts:
        appended = await conversations.append(
            session,
            conversation_id,
            actor=draft.actor,
            kind=draft.kind,
            text=draft.text,
            language=draft.language,
            turn_id=turn_id,
            buttons=draft.buttons,
            sources=draft.sources,
            meta=draft.meta,
            now=now,
        )
        kept.append(appended.message)
    return kept
