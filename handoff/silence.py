"""Which shoppers wrote to an agent who says nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.lifecycle import Actor, Audience, Status
from handoff.models import Assignment, Conversation, Message


async def unanswered(session: AsyncSession, *, since: datetime) -> list[Conversation]:
    """Return whom their agent has owed a word since then or longer.

    An agent who took over later than the shopper wrote has had no more time than that.
    """
    word = aliased(Message)
    spoken = (
        select(word.id)
        .where(
            # Not Conversation.id: two selects further out, that would be any conversation.
            word.conversation_id == Message.conversation_id,
            word.actor == Actor.AGENT,
            word.audience == Audience.EVERYONE,
            word.seq > Message.seq,
        )
        .exists()
    )
    # The wish for a person counts too, which the bot answered by handing over.
    owed = (
        select(Message.id)
        .where(
            Message.conversation_id == Conversation.id,
            Message.actor == Actor.SHOPPER,
            Message.created_at <= since,
            ~spoken,
        )
        .exists()
    )
    found = await session.scalars(
        select(Conversation)
        .where(Conversation.status == Status.ASSIGNED, owed, _has_had_time(since))
        .order_by(Conversation.id)
    )
    return list(found)


def _has_had_time(since: datetime) -> ColumnElement[bool]:
    return (
        select(Assignment.id)
        .where(
            Assignment.conversation_id == Conversation.id,
            Assignment.ended_at.is_(None),
            Assignment.started_at <= since,
        )
        .exists()
    )
