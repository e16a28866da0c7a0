"""How ratings stand over 1, 3, 6 and 12 months and all time, of one agent and of all."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.care_models import RatingAppeal, WrapUp
from handoff.figures import GOOD_STARS, Mean, Share
from handoff.models import Conversation, Rating

#: months back; None is all time
WINDOWS: tuple[int | None, ...] = (1, 3, 6, 12, None)


@dataclass(frozen=True, kw_only=True)
class RatingWindow:
    """The ratings last given in so many months; good are four and five stars."""

    months: int | None
    good: Share
    stars: Mean


async def windows(
    session: AsyncSession, *, now: datetime, agent_id: UUID | None = None
) -> list[RatingWindow]:
    return [
        await _window(session, months=months, now=now, agent_id=agent_id)
        for months in WINDOWS
    ]


async def _window(
    session: AsyncSession, *, months: int | None, now: datetime, agent_id: UUID | None
) -> RatingWindow:
    good = func.sum(case((Rating.stars >= GOOD_STARS, 1), else_=0))
    query = (
        select(func.count(), good, func.sum(Rating.stars))
        .select_from(Rating)
        .outerjoin(RatingAppeal, RatingAppeal.conversation_id == Rating.conversation_id)
        .where(
            Rating.updated_at < now,
            RatingAppeal.outcome.is_(None) | (RatingAppeal.outcome != "upheld"),
        )
    )
    if months is not None:
        query = query.where(Rating.updated_at >= months_before(now, months))
    if agent_id is not None:
        query = (
            query.join(Conversation, Conversation.id == Rating.conversation_id)
            .outerjoin(WrapUp, WrapUp.conversation_id == Rating.conversation_id)
            .where(
                func.coalesce(WrapUp.agent_id, Conversation.last_agent_id) == agent_id
            )
        )
    count, liked, total = (await session.execute(query)).one()
    return RatingWindow(
        months=months,
        good=Share(part=int(liked or 0), whole=count),
        stars=Mean(count=count, value=int(total) / count if count else None),
    )


def months_before(now: datetime, months: int) -> datetime:
    """The same day so many months ago; the month's last day where there is no such day."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return now.replace(year=year, month=month + 1, day=min(now.day, last))
