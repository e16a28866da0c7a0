"""Which revision of each article shoppers get; every change is a new version of the whole.

The row is the commit point: after the commit the caller lets every Searcher refresh.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from typing import Any
from uuid import UUID

import uuid_utils
from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import articles
from knowledge_base.content import Content, from_row
from knowledge_base.errors import BadTime, IndexMoved, NoSuchRevision
from knowledge_base.models import Article, IndexVersion, Publication, Revision

#: taken by every publisher on PostgreSQL, so that none misses what another just wrote
_PUBLISHERS = 0x57414C4E
#: SQLite takes a limited number of values in one statement
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Published:
    """One article as shoppers get it."""

    article_id: str
    revision_id: str
    content: Content
    #: shoppers get it between these instants only
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def holds_at(self, now: datetime) -> bool:
        """Whether shoppers get it now."""
        begun = self.valid_from is None or self.valid_from <= now
        return begun and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True, kw_only=True)
class Passed:
    """Who publishes, what the gate had said, and why it is done all the same."""

    author: str
    how: str = "publish"
    report: Mapping[str, Any] = field(default_factory=dict)
    override_reason: str | None = None
    #: the version that the report was made against; another one makes it worthless
    index_version: int | None = None


async def publish(
    session: AsyncSession,
    article_id: str,
    *,
    revision_id: UUID | None = None,
    passed: Passed | None = None,
    now: datetime,
) -> IndexVersion:
    """Let shoppers have this revision, or the newest one; raises IndexMoved."""
    await _one_publisher(session, passed)
    await _mark(session, article_id, revision_id=revision_id, now=now)
    return await _new_version(
        session, [article_id], reason="publish", passed=passed, now=now
    )


async def publish_many(
    session: AsyncSession,
    article_ids: Sequence[str],
    *,
    reason: str = "publish",
    passed: Passed | None = None,
    now: datetime,
) -> IndexVersion:
    """Let shoppers have the newest revision of all these, in one version."""
    await _one_publisher(session, passed)
    for article_id in article_ids:
        await _mark(session, article_id, revision_id=None, now=now)
    return await _new_version(
        session, article_ids, reason=reason, passed=passed, now=now
    )


async def retire(
    session: AsyncSession,
    article_id: str,
    *,
    passed: Passed | None = None,
    now: datetime,
) -> IndexVersion:
    """Take the article from the shoppers; its revisions stay."""
    await _one_publisher(session, passed)
    article = await articles.row(session, article_id)
    article.status = "retired"
    article.published_revision_id = None
    article.scheduled_at = article.schedule = None
    articles.touch(article, now=now)
    return await _new_version(
        session, [article_id], reason="retire", passed=passed, now=now
    )


async def set_validity(
    session: AsyncSession,
    article_id: str,
    *,
    valid_from: datetime | None,
    valid_until: datetime | None,
    author: str,
    now: datetime,
) -> IndexVersion | None:
    """Say between which instants shoppers get the article; None while it is not published."""
    if valid_from and valid_until and valid_until <= valid_from:
        raise BadTime("The article would end before it begins.")
    await _one_publisher(session, None)
    article = await articles.row(session, article_id)
    article.valid_from, article.valid_until = valid_from, valid_until
    articles.touch(article, now=now)
    if article.status != "published":
        await session.flush()
        return None
    passed = Passed(author=author, how="validity")
    return await _new_version(
        session, [article_id], reason="validity", passed=passed, now=now
    )


async def roll_back(
    session: AsyncSession,
    article_id: str,
    *,
    revision_id: UUID,
    author: str,
    passed: Passed | None = None,
    now: datetime,
) -> IndexVersion:
    """Publish an old revision again, as a new one that says so."""
    await _one_publisher(session, passed)
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
    return await _new_version(
        session, [article_id], reason="rollback", passed=passed, now=now
    )


async def published_articles(
    session: AsyncSession, *, known: Mapping[str, Content] | None = None
) -> tuple[int, tuple[Published, ...]]:
    """The newest version and all in it, 0 if none; a revision that is `known` is not read again."""
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
    contents = dict(known or {})
    missing = sorted({str(one) for one in manifest.values()} - contents.keys())
    for some in batched(missing, _AT_ONCE):
        rows = await session.execute(
            select(Revision.id, Revision.content).where(
                Revision.id.in_([UUID(one) for one in some])
            )
        )
        contents |= {str(one): from_row(content) for one, content in rows}
        await asyncio.sleep(0)  # SQLite answers in the event loop: others' turn
    dated = await session.execute(
        select(Article.id, Article.valid_from, Article.valid_until).where(
            or_(Article.valid_from.is_not(None), Article.valid_until.is_not(None))
        )
    )
    valid = {one: {"valid_from": a, "valid_until": b} for one, a, b in dated}
    return version, tuple(
        Published(
            article_id=article_id,
            revision_id=revision_id,
            content=contents[revision_id],
            **valid.get(article_id, {}),
        )
        for article_id, revision_id in sorted(manifest.items())
        if revision_id in contents
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
    article.scheduled_at = article.schedule = None
    if chosen == article.latest_revision_id:
        article.review_asked_by = article.review_asked_at = None
    articles.touch(article, now=now)


async def publications(session: AsyncSession, article_id: str) -> list[Publication]:
    """Who let shoppers have what, newest first."""
    found = await session.scalars(
        select(Publication)
        .where(Publication.article_id == article_id)
        .order_by(Publication.at.desc(), Publication.id.desc())
    )
    return list(found)


async def _new_version(
    session: AsyncSession,
    article_ids: Sequence[str],
    *,
    reason: str,
    passed: Passed | None,
    now: datetime,
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
    if passed is not None:
        _record(session, article_ids, version, passed, now=now)
        await session.flush()
    return version


def _record(
    session: AsyncSession,
    article_ids: Sequence[str],
    version: IndexVersion,
    passed: Passed,
    *,
    now: datetime,
) -> None:
    for article_id in article_ids:
        revision = version.manifest.get(article_id)
        session.add(
            Publication(
                id=UUID(str(uuid_utils.uuid7())),
                article_id=article_id,
                revision_id=UUID(revision) if revision else None,
                index_version=version.id,
                how=passed.how,
                author=passed.author,
                override_reason=passed.override_reason,
                report=dict(passed.report),
                at=now,
            )
        )


async def _one_publisher(session: AsyncSession, passed: Passed | None) -> None:
    """Wait for other publishers, and see whether one of them was faster than the check.

    SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": _PUBLISHERS}
        )
    wanted = passed.index_version if passed else None
    if wanted is not None and await newest_version(session) != wanted:
        raise IndexMoved
