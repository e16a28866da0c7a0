"""How an agent objects to a rating, once and in time, and what a supervisor makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import ratings
from handoff.care_models import RatingAppeal, WrapUp
from handoff.errors import AppealClosed, NoSuchRating
from handoff.events import Event
from handoff.models import Rating
from handoff.ownership import last_agent
from handoff.rows import insert_into
from handoff.transitions import TRUE_TO_ROWS, record

APPEALABLE_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class RatingAppealed(Event):
    kind: ClassVar[str] = "rating.appealed"

    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class AppealEnded(Event):
    kind: ClassVar[str] = "rating.appeal_ended"

    #: upheld | rejected
    outcome: str
    by: UUID


async def appeal(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    reason: str,
    now: datetime,
) -> RatingAppeal:
    """Object as the agent who wrapped the conversation up; the first objection stands."""
    rating = await ratings.get(session, conversation_id)
    if rating is None:
        raise NoSuchRating
    served = await served_by(session, conversation_id)
    if served != agent_id or rating.updated_at <= now - APPEALABLE_FOR:
        raise AppealClosed
    made = await session.scalar(
        insert_into(session, RatingAppeal)
        .values(
            conversation_id=conversation_id,
            agent_id=agent_id,
            reason=reason,
            made_at=now,
        )
        .on_conflict_do_nothing()
        .returning(RatingAppeal.conversation_id)
    )
    if made is None:
        raise AppealClosed
    record(
        session,
        RatingAppealed(conversation_id=conversation_id, at=now, agent_id=agent_id),
    )
    return await _get(session, conversation_id)


async def served_by(session: AsyncSession, conversation_id: UUID) -> UUID | None:
    """Return who wrapped it up; before wrap-ups were kept, who had it last."""
    wrapped: UUID | None = await session.scalar(
        select(WrapUp.agent_id).where(WrapUp.conversation_id == conversation_id)
    )
    if wrapped is not None:
        return wrapped
    return await last_agent(session, conversation_id)


async def decide(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    by: UUID,
    is_upheld: bool,
    now: datetime,
) -> RatingAppeal:
    """End an open objection of somebody else; upheld, the rating counts no more."""
    outcome = "upheld" if is_upheld else "rejected"
    decided: RatingAppeal | None = await session.scalar(
        update(RatingAppeal)
        .where(
            RatingAppeal.conversation_id == conversation_id,
            RatingAppeal.outcome.is_(None),
            RatingAppeal.agent_id != by,
        )
        .values(outcome=outcome, decided_by=by, decided_at=now)
        .returning(RatingAppeal),
        execution_options=TRUE_TO_ROWS,
    )
    if decided is None:
        raise AppealClosed
    record(
        session,
        AppealEnded(conversation_id=conversation_id, at=now, outcome=outcome, by=by),
    )
    return decided


async def rated(
    session: AsyncSession, *, agent_id: UUID | None, limit: int = 50
) -> list[tuple[Rating, UUID | None, RatingAppeal | None]]:
    """Return the newest ratings, of this agent or of everybody, with their objections."""
    query = (
        select(Rating, WrapUp.agent_id, RatingAppeal)
        .outerjoin(WrapUp, WrapUp.conversation_id == Rating.conversation_id)
        .outerjoin(RatingAppeal, RatingAppeal.conversation_id == Rating.conversation_id)
        .order_by(Rating.updated_at.desc())
        .limit(limit)
    )
    if agent_id is not None:
        query = query.where(WrapUp.agent_id == agent_id)
    rows = await session.execute(query)
    return [(row[0], row[1], row[2]) for row in rows]


async def _get(session: AsyncSession, conversation_id: UUID) -> RatingAppeal:
    found = await session.scalar(
        select(RatingAppeal).where(RatingAppeal.conversation_id == conversation_id),
        execution_options={"populate_existing": True},
    )
    if found is None:
        raise NoSuchRating
    return found
