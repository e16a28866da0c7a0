"""Which agents' answers settled something, and are kept for colleagues who are asked the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import conversations
from handoff.care_models import PastAnswer, RatingAppeal, WrapUp
from handoff.lifecycle import Actor, Audience
from handoff.models import Conversation, Message, Rating, new_id
from handoff.rows import insert_into

#: shorter answers ("好的", "one moment") say nothing that could be used again
SHORTEST_ANSWER = 12
LONGEST_ANSWER = 1500
#: stars from which on a rated conversation counts as settled
GOOD_STARS = 4
MOST_MESSAGES = 400


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """What a shopper asked and what an agent answered, not masked yet."""

    answer_seq: int
    question: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True, kw_only=True)
class Learnable:
    """A resolved conversation that nobody has looked at yet."""

    conversation: Conversation
    disposition: str
    stars: int | None


async def not_learned(
    session: AsyncSession, *, before: datetime, limit: int = 20
) -> list[Learnable]:
    """Return what was resolved before then, with its rating if there is one."""
    rows = await session.execute(
        select(Conversation, WrapUp.disposition, Rating.stars)
        .join(WrapUp, WrapUp.conversation_id == Conversation.id)
        .outerjoin(Rating, Rating.conversation_id == Conversation.id)
        .where(WrapUp.learned_at.is_(None), WrapUp.resolved_at <= before)
        .order_by(WrapUp.resolved_at)
        .limit(limit)
    )
    return [
        Learnable(conversation=row, disposition=disposition, stars=stars)
        for row, disposition, stars in rows
    ]


def has_settled(one: Learnable, *, dispositions: Collection[str]) -> bool:
    """Say whether it ended well: by its disposition, and by its stars if it has any."""
    if one.disposition not in dispositions:
        return False
    return one.stars is None or one.stars >= GOOD_STARS


async def exchanges(session: AsyncSession, conversation_id: UUID) -> list[Exchange]:
    """Return each stretch of the shopper's words with the agent's words that follow it."""
    rows = await conversations.since(session, conversation_id, limit=MOST_MESSAGES)
    found: list[Exchange] = []
    asked: list[str] = []
    answers: list[Message] = []
    for row in rows:
        if row.audience != Audience.EVERYONE or row.kind != "text":
            continue
        if row.actor == Actor.SHOPPER:
            if answers:
                found += _exchange(asked, answers)
                asked, answers = [], []
            asked.append(row.text)
        elif row.actor == Actor.AGENT and asked:
            answers.append(row)
    return found + _exchange(asked, answers)


def _exchange(asked: Sequence[str], answers: Sequence[Message]) -> list[Exchange]:
    text = "\n".join(row.text for row in answers)
    if not SHORTEST_ANSWER <= len(text) <= LONGEST_ANSWER:
        return []
    return [
        Exchange(
            answer_seq=answers[-1].seq,
            question="\n".join(asked)[-LONGEST_ANSWER:],
            answer=text,
            answered_at=answers[-1].created_at,
        )
    ]


async def keep(
    session: AsyncSession,
    conversation: Conversation,
    exchange: Exchange,
    *,
    model_id: str,
    vector: bytes,
) -> None:
    """Keep a masked exchange; the same one again changes nothing."""
    await session.execute(
        insert_into(session, PastAnswer)
        .values(
            id=new_id(),
            conversation_id=conversation.id,
            answer_seq=exchange.answer_seq,
            question=exchange.question,
            answer=exchange.answer,
            language=conversation.language,
            model_id=model_id,
            vector=vector,
            answered_at=exchange.answered_at,
        )
        .on_conflict_do_nothing()
    )


async def looked_at(
    session: AsyncSession, conversation_id: UUID, *, now: datetime
) -> None:
    await session.execute(
        update(WrapUp)
        .where(WrapUp.conversation_id == conversation_id)
        .values(learned_at=now)
    )


async def newest(
    session: AsyncSession, *, model_id: str, limit: int
) -> list[PastAnswer]:
    """Return the answers of this model, newest first, without those that were rated badly."""
    counts = Rating.stars.is_(None) | (Rating.stars >= GOOD_STARS)
    return list(
        await session.scalars(
            select(PastAnswer)
            .outerjoin(Rating, Rating.conversation_id == PastAnswer.conversation_id)
            .outerjoin(
                RatingAppeal, RatingAppeal.conversation_id == Rating.conversation_id
            )
            .where(
                PastAnswer.model_id == model_id,
                counts | (RatingAppeal.outcome == "upheld"),
            )
            .order_by(PastAnswer.answered_at.desc(), PastAnswer.id.desc())
            .limit(limit)
        )
    )


async def how_many(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(PastAnswer)) or 0
