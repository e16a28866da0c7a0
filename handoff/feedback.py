"""What the shopper thinks of one answer; the last verdict counts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import conversations
from handoff.errors import NoSuchMessage
from handoff.lifecycle import Actor
from handoff.models import Feedback
from handoff.transitions import TRUE_TO_ROWS


async def judge(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    message_seq: int,
    helpful: bool,
    now: datetime,
) -> Feedback:
    """Keep the verdict on the bot's message with this seq, or raise NoSuchMessage.

    The article comes from the message itself, never from the shopper's device. Judging
    again replaces the verdict: one message has one.
    """
    message = await conversations.find_message(
        session, conversation_id, seq=message_seq
    )
    if message is None or message.actor != Actor.BOT:
        raise NoSuchMessage
    article_id = message.sources[0].get("article_id") if message.sources else None
    verdict = Feedback(
        conversation_id=conversation_id,
        message_seq=message_seq,
        article_id=article_id,
        helpful=helpful,
        created_at=now,
    )
    try:
        async with session.begin_nested():
            session.add(verdict)
            await session.flush()
    except IntegrityError:
        return await _replace(
            session, conversation_id, message_seq=message_seq, helpful=helpful
        )
    return verdict


async def verdicts(session: AsyncSession, conversation_id: UUID) -> list[Feedback]:
    return list(
        await session.scalars(
            select(Feedback)
            .where(Feedback.conversation_id == conversation_id)
            .order_by(Feedback.message_seq)
        )
    )


async def _replace(
    session: AsyncSession, conversation_id: UUID, *, message_seq: int, helpful: bool
) -> Feedback:
    replaced: Feedback | None = await session.scalar(
        update(Feedback)
        .where(
            Feedback.conversation_id == conversation_id,
            Feedback.message_seq == message_seq,
        )
        .values(helpful=helpful)
        .returning(Feedback),
        execution_options=TRUE_TO_ROWS,
    )
    if replaced is None:
        raise NoSuchMessage
    return replaced
