"""What the bot, or a word about it, is still owed when the process that should have seen to it died."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.lifecycle import Actor, Status
from handoff.models import Conversation, Message, Turn
from handoff.turns import LEASE_EXPIRED, TurnState


async def never_begun(session: AsyncSession, *, said_after: datetime) -> list[UUID]:
    """Return where the bot owes an answer and no turn is running.

    So it is for an instant after every message, and for good when the process died in
    that instant; to begin a turn there is right in both cases.
    """
    owed = (
        select(Message.id)
        .where(
            Message.conversation_id == Conversation.id,
            Message.actor == Actor.SHOPPER,
            Message.seq > Conversation.answered_seq,
        )
        .exists()
    )
    running = (
        select(Turn.id)
        .where(Turn.conversation_id == Conversation.id, Turn.state == TurnState.RUNNING)
        .exists()
    )
    return list(
        await session.scalars(
            select(Conversation.id)
            .where(
                Conversation.status == Status.BOT,
                Conversation.updated_at >= said_after,
                owed,
                ~running,
            )
            .order_by(Conversation.id)
        )
    )


async def without_words(session: AsyncSession) -> list[Turn]:
    """Return the expired turns after which the shopper was told nothing yet."""
    told = (
        select(Message.id)
        .where(
            Message.conversation_id == Turn.conversation_id,
            Message.seq > Turn.last_seq,
            Message.actor.in_((Actor.BOT, Actor.SYSTEM)),
        )
        .exists()
    )
    return list(
        await session.scalars(
            select(Turn)
            .join(Conversation, Conversation.id == Turn.conversation_id)
            .where(
                Conversation.status == Status.BOT,
                Turn.state == TurnState.FAILED,
                Turn.failure == LEASE_EXPIRED,
                ~told,
            )
            .order_by(Turn.conversation_id)
        )
    )
