"""Decides which words of a supervisor pop up for the agent who has a conversation."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.views import agent_names
from handoff.models import Conversation, Message


class Whisper(BaseModel):
    """A supervisor's words to the owner."""

    model_config = ConfigDict(frozen=True)

    seq: int
    text: str
    name: str


async def whispers_to(
    session: AsyncSession, agent_id: UUID, own: Sequence[Conversation]
) -> dict[UUID, Whisper]:
    """Return the newest one of each conversation that was meant for this agent."""
    if not own:
        return {}
    notes = await session.scalars(
        select(Message)
        .where(
            Message.conversation_id.in_([row.id for row in own]),
            Message.kind == "note",
            Message.agent_id != agent_id,
        )
        .order_by(Message.seq)
    )
    newest = {
        note.conversation_id: note
        for note in notes
        if note.meta.get("whisper_to") == str(agent_id)
    }
    names = await agent_names(session, (note.agent_id for note in newest.values()))
    return {
        conversation_id: Whisper(
            seq=note.seq,
            text=note.text,
            name=names.get(note.agent_id, "") if note.agent_id else "",
        )
        for conversation_id, note in newest.items()
    }
