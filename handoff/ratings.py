"""How the shopper rates the service: five stars, three scores, a comment, one change of mind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.errors import AlreadyRated
from handoff.models import Rating
from handoff.transitions import TRUE_TO_ROWS, fetch

REVISABLE_FOR = timedelta(days=30)
MOST_STARS = 5


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What the stars are made of, each only if the shopper gave it."""

    accuracy: int | None = None
    communication: int | None = None
    delivery: int | None = None


NO_SCORES = Scores()


async def rate(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    stars: int,
    scores: Scores = NO_SCORES,
    comment: str = "",
    now: datetime,
) -> Rating:
    """Keep the rating. A second, different one revises it; a third is AlreadyRated.

    Sending the same rating again (a lost answer, a double press) changes nothing.
    """
    _check(stars, scores.accuracy, scores.communication, scores.delivery)
    await fetch(session, conversation_id)
    given = {"stars": stars, "comment": comment, **asdict(scores)}
    rating = Rating(
        conversation_id=conversation_id,
        revisions=0,
        created_at=now,
        updated_at=now,
        **given,
    )
    known = await get(session, conversation_id)
    if known is None:
        try:
            async with session.begin_nested():
                session.add(rating)
                await session.flush()
        except IntegrityError:
            known = await get(session, conversation_id)
        else:
            return rating
    if known is not None and {name: getattr(known, name) for name in given} == given:
        return known
    return await _revise(session, conversation_id, given=given, now=now)


def _check(*given: int | None) -> None:
    for one in given:
        if one is not None and not 1 <= one <= MOST_STARS:
            raise ValueError(f"stars must be 1 to {MOST_STARS}, not {one}")


async def get(session: AsyncSession, conversation_id: UUID) -> Rating | None:
    return await session.scalar(
        select(Rating).where(Rating.conversation_id == conversation_id),
        execution_options={"populate_existing": True},
    )


async def _revise(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    given: Mapping[str, object],
    now: datetime,
) -> Rating:
    revised: Rating | None = await session.scalar(
        update(Rating)
        .where(
            Rating.conversation_id == conversation_id,
            Rating.revisions == 0,
            Rating.created_at > now - REVISABLE_FOR,
        )
        .values(**given, revisions=1, updated_at=now)
        .returning(Rating),
        execution_options=TRUE_TO_ROWS,
    )
    if revised is None:
        raise AlreadyRated
    return revised
