"""Which ratings the supervisor's figures are counted from, by period and filter."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.care_models import RatingAppeal, WrapUp
from handoff.figure_rows import MOST_ROWS, Asked, in_language, of_skill
from handoff.figures import Score
from handoff.models import Conversation, Rating


async def scores(session: AsyncSession, asked: Asked) -> list[Score]:
    """Ratings last given in the period, without those whose objection was upheld."""
    served_by = func.coalesce(WrapUp.agent_id, Conversation.last_agent_id)
    query = (
        select(
            Rating.stars,
            Rating.accuracy,
            Rating.communication,
            Rating.delivery,
            served_by,
            Conversation.skill,
        )
        .join(Conversation, Conversation.id == Rating.conversation_id)
        .outerjoin(WrapUp, WrapUp.conversation_id == Rating.conversation_id)
        .outerjoin(RatingAppeal, RatingAppeal.conversation_id == Rating.conversation_id)
        .where(
            Rating.updated_at >= asked.since,
            Rating.updated_at < asked.until,
            RatingAppeal.outcome.is_(None) | (RatingAppeal.outcome != "upheld"),
            *in_language(asked),
            *of_skill(asked),
        )
        .order_by(Rating.updated_at.desc())
        .limit(MOST_ROWS)
    )
    if asked.agent_id is not None:
        query = query.where(served_by == asked.agent_id)
    rows = await session.execute(query)
    return [
        Score(
            stars=row[0],
            accuracy=row[1],
            communication=row[2],
            delivery=row[3],
            agent_id=row[4],
            skill=row[5],
        )
        for row in rows.all()
    ]
