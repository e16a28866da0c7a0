"""What happens to a draft before shoppers get it: somebody looks at it, and it is published at its time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import articles
from knowledge_base.errors import BadTime, NoSuchRevision
from knowledge_base.models import Article


async def ask_for_review(
    session: AsyncSession, article_id: str, *, by: str, now: datetime
) -> Article:
    """Let the colleagues know that the newest words are to be looked at."""
    article = await articles.row(session, article_id)
    article.review_asked_by, article.review_asked_at = by, now
    articles.touch(article, now=now)
    await session.flush()
    return article


async def end_review(
    session: AsyncSession, article_id: str, *, now: datetime
) -> Article:
    """The words go back to whoever wrote them."""
    article = await articles.row(session, article_id)
    article.review_asked_by = article.review_asked_at = None
    articles.touch(article, now=now)
    await session.flush()
    return article


async def schedule(
    session: AsyncSession,
    article_id: str,
    *,
    at: datetime,
    by: str,
    revision_id: UUID | None = None,
    override_reason: str | None = None,
    now: datetime,
) -> Article:
    """Plan that shoppers get this revision, or the one that is newest now, at this time."""
    if at <= now:
        raise BadTime("The time has passed already.")
    article = await articles.row(session, article_id)
    chosen = revision_id or article.latest_revision_id
    if chosen is None:
        raise NoSuchRevision
    await articles.revision(session, article_id, chosen)
    article.scheduled_at = at
    article.schedule = {
        "revision_id": str(chosen),
        "by": by,
        "override_reason": override_reason,
        "refused": None,
    }
    articles.touch(article, now=now)
    await session.flush()
    return article


async def unschedule(
    session: AsyncSession, article_id: str, *, now: datetime
) -> Article:
    """Nothing is planned any more."""
    article = await articles.row(session, article_id)
    article.scheduled_at = article.schedule = None
    articles.touch(article, now=now)
    await session.flush()
    return article


async def due(session: AsyncSession, *, now: datetime) -> list[Article]:
    """The articles whose time has come, the longest waiting first."""
    found = await session.scalars(
        select(Article)
        .where(Article.scheduled_at.is_not(None), Article.scheduled_at <= now)
        .order_by(Article.scheduled_at, Article.id)
    )
    return list(found)


async def refuse(
    session: AsyncSession, article_id: str, *, why: dict[str, object], now: datetime
) -> None:
    """The time came and the gate said no: editors see it, and nothing was published."""
    article = await articles.row(session, article_id)
    if article.scheduled_at is None or article.schedule is None:
        return
    article.schedule = article.schedule | {
        "refused": {"at": article.scheduled_at.isoformat()} | why
    }
    article.scheduled_at = None
    articles.touch(article, now=now)
    await session.flush()
