"""Which revision of each article shoppers get; every change is a new version of the whole.

The row is the commit point: after the commit the caller lets every Searcher refresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import articles
from knowledge_base.content import Content, from_row
from knowledge_base.errors import NoSuchRevision
from knowledge_base.models import Article, IndexVersion, Revision

#: taken by every publisher on PostgreSQL, so that none misses what another just wrote
_PUBLISHERS = 0x57414C4E


@dataclass(frozen=True, kw_only=True)
class Published:
    """One article as shoppers get it."""

    article_id: str
    revision_id: str
    content: Content


async def publish(
    session: AsyncSession,
    article_id: str,
    *,
    revision_id: UUID | None = None,
    now: datetime,
) -> IndexVersion:
    """Let shoppers have this revision, or the newest one."""
    await _one_publisher(session)
    await _mark(session, article_id, revision_id=revision_id, now=now)
    return await _new_version(session, reason="publish", now=now)


async def publish_many(
    session: AsyncSession,
    article_ids: Sequence[str],
    *,
    reason: str = "publish",
    now: datetime,
) -> IndexVersion:
    """Let shoppers have the newest revision of all these, in one version."""
    await _one_publisher(session)
    for article_id in article_ids:
        await _mark(session, article_id, revision_id=None, now=now)
    return await _new_version(session, reason=reason, now=now)


async def retire(
    session: AsyncSession, article_id: str, *, now: datetime
) -> IndexVersion:
    """Take the article from the shoppers; its revisions stay."""
    await _one_publisher(session)
    article = await articles.row(session, article_id)
    article.status = "retired"
    article.published_revision_id = None
    articles.touch(article, now=now)
    return await _new_version(session, reason="retire", now=now)


async def roll_back(
    session: AsyncSession,
    article_id: str,
    *,
    revision_id: UUID,
    author: str,
    now: datetime,
) -> IndexVersion:
    """Publish an old revision again, as a new one that says so."""
    await _one_publisher(session)
    old = await articles.revision(session, article_id, revision_id)
    await articles.revise(
        session,
        article_id,
        content=old.content,
        author=author,
        note=f"Back to revision {old.number}.",
        expected_version=None,
        now=now,
    )
    await _mark(session, article_id, revision_id=None, now=now)
    return await _new_version(session, reason="rollback", now=now)


async def published_articles(
    session: AsyncSession,
) -> tuple[int, tuple[Published, ...]]:
    """The newest version and everything in it; version 0 when nothing was published."""
    newest = (
        await session.execute(
            select(IndexVersion.id, IndexVersion.manifest)
            .order_by(IndexVersion.id.desc())
            .limit(1)
        )
    ).one_or_none()
    if newest is None:
        return 0, ()
    version, manifest = newest
    wanted = {UUID(one) for one in manifest.values()}
    rows = await session.execute(
        select(Revision.id, Revision.article_id, Revision.content)
        .join(Article, Article.id == Revision.article_id)
        .where(Revision.id.in_(wanted))
        .order_by(Revision.article_id)
    )
    return version, tuple(
        Published(
            article_id=article_id,
            revision_id=str(revision_id),
            content=from_row(content),
        )
        for revision_id, article_id, content in rows
    )


async def newest_version(session: AsyncSession) -> int:
    """The number of the newest version, cheap enough to ask every second."""
    return await session.scalar(select(func.max(IndexVersion.id))) or 0


async def _mark(
    session: AsyncSession, article_id: str, *, revision_id: UUID | None, now: datetime
) -> None:
    article = await articles.row(session, article_id)
    chosen = revision_id or article.latest_revision_id
    if chosen is None:
        raise NoSuchRevision
    await articles.revision(session, article_id, chosen)
    article.status = "published"
    article.published_revision_id = chosen
    articles.touch(article, now=now)


async def _new_version(
    session: AsyncSession, *, reason: str, now: datetime
) -> IndexVersion:
    await session.flush()
    rows = await session.execute(
        select(Article.id, Article.published_revision_id)
        .where(Article.status == "published")
        .order_by(Article.id)
    )
    version = IndexVersion(
        manifest={article_id: str(revision_id) for article_id, revision_id in rows},
        reason=reason,
        created_at=now,
    )
    session.add(version)
    await session.flush()
    return version


async def _one_publisher(session: AsyncSession) -> None:
    """Wait for other publishers; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLISHERS}
        )
