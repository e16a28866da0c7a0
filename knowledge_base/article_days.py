"""How often articles were asked for, answered with and not enough; counted by the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.inserting import insert_into
from knowledge_base.models import ArticleDay

#: the span that is compared with the one before it
SPAN_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What happened to one article in a span of days."""

    asked: int = 0
    answered: int = 0
    handed_over: int = 0


async def count(
    session: AsyncSession, article_id: str, *, day: date, counts: Counts
) -> None:
    """Add to the day's figures: one statement, so that nothing is lost between two."""
    if counts == Counts():
        return
    added = {
        "asked": counts.asked,
        "answered": counts.answered,
        "handed_over": counts.handed_over,
    }
    statement = insert_into(session, ArticleDay).values(
        day=day, article_id=article_id, **added
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["day", "article_id"],
            set_={name: getattr(ArticleDay, name) + n for name, n in added.items()},
        )
    )


async def between(
    session: AsyncSession, *, first: date, last: date
) -> dict[str, Counts]:
    """The figures of every article from `first` to `last`, both included."""
    rows = await session.execute(
        select(
            ArticleDay.article_id,
            func.sum(ArticleDay.asked),
            func.sum(ArticleDay.answered),
            func.sum(ArticleDay.handed_over),
        )
        .where(ArticleDay.day.between(first, last))
        .group_by(ArticleDay.article_id)
    )
    return {
        article_id: Counts(asked=int(a), answered=int(b), handed_over=int(c))
        for article_id, a, b, c in rows
    }


async def daily(
    session: AsyncSession, article_id: str, *, first: date, last: date
) -> dict[date, Counts]:
    """One article's figures by the day; days without any are left out."""
    rows = await session.scalars(
        select(ArticleDay)
        .where(ArticleDay.article_id == article_id, ArticleDay.day.between(first, last))
        .order_by(ArticleDay.day)
    )
    return {
        row.day: Counts(
            asked=row.asked, answered=row.answered, handed_over=row.handed_over
        )
        for row in rows
    }


def spans(today: date) -> tuple[tuple[date, date], tuple[date, date]]:
    """The last thirty days, today included, and the thirty before."""
    first = today - timedelta(days=SPAN_DAYS - 1)
    before = first - timedelta(days=1)
    return (first, today), (before - timedelta(days=SPAN_DAYS - 1), before)
