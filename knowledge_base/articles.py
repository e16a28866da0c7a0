"""How articles are written: every change is a new revision, and an edit made on an older one is refused."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.content import (
    Content,
    as_json,
    check_article,
    check_topic,
    from_row,
    read_content,
)
from knowledge_base.errors import (
    ArticleExists,
    NoSuchArticle,
    NoSuchRevision,
    StaleEdit,
)
from knowledge_base.folding import fold
from knowledge_base.languages import Language
from knowledge_base.models import Article, Revision
from knowledge_base.staleness import changed_in

#: whoever was asked to look at the older words would now see others
_NEW_WORDS: dict[str, Any] = {
    "version": Article.version + 1,
    "review_asked_by": None,
    "review_asked_at": None,
}


@dataclass(frozen=True, kw_only=True)
class ArticleView:
    """An article with its newest words, published or not."""

    id: str
    topic: str
    #: draft | published | retired
    status: str
    version: int
    starter: bool
    content: Content
    #: the newest revision
    revision_id: UUID
    revision_number: int
    published_revision_id: UUID | None
    author: str
    note: str
    created_at: datetime
    updated_at: datetime
    review_asked_by: str | None = None
    review_asked_at: datetime | None = None
    scheduled_at: datetime | None = None
    #: what is planned for `scheduled_at`, or why it did not happen
    schedule: Mapping[str, Any] | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    #: the revision that last changed or confirmed each language
    since: Mapping[str, int] = field(default_factory=dict)

    @property
    def has_draft(self) -> bool:
        """Whether the newest words are not yet what shoppers get."""
        return self.revision_id != self.published_revision_id


async def create(
    session: AsyncSession,
    *,
    article_id: str,
    topic: str,
    content: object,
    author: str,
    note: str = "",
    now: datetime,
    starter: bool = False,
) -> Article:
    """Write a new article as a draft; raises InvalidArticle or ArticleExists."""
    parsed = check_article(article_id, topic, content)
    if await session.get(Article, article_id) is not None:
        raise ArticleExists(f"There is an article {article_id!r} already.")
    article = Article(
        id=article_id,
        topic=topic,
        status="draft",
        version=1,
        starter=starter,
        created_at=now,
        updated_at=now,
    )
    session.add(article)
    await session.flush()
    await _write(session, article, content=parsed, author=author, note=note, now=now)
    return article


async def revise(
    session: AsyncSession,
    article_id: str,
    *,
    content: object,
    topic: str | None = None,
    author: str,
    note: str = "",
    expected_version: int | None,
    now: datetime,
    starter: bool = False,
    confirmed: Collection[Language] = (),
) -> Revision:
    """Write a new revision; raises StaleEdit when somebody was faster.

    Of the languages in `confirmed` the author says that their words still hold.
    """
    parsed = read_content(content)
    values: dict[str, Any] = _NEW_WORDS | {"updated_at": now, "starter": starter}
    if topic is not None:
        values["topic"] = check_topic(topic)
    change = update(Article).where(Article.id == article_id).values(values)
    if expected_version is not None:
        change = change.where(Article.version == expected_version)
    changed = await session.scalar(change.returning(Article.id))
    article = await row(session, article_id)
    if changed is None:
        raise StaleEdit
    return await _write(
        session,
        article,
        content=parsed,
        author=author,
        note=note,
        now=now,
        confirmed=confirmed,
    )


async def get(session: AsyncSession, article_id: str) -> ArticleView:
    """One article with its newest words."""
    views = await _views(session, Article.id == article_id)
    if not views:
        raise NoSuchArticle(f"There is no article {article_id!r}.")
    return views[0]


async def list_articles(
    session: AsyncSession,
    *,
    status: str | None = None,
    topic: str | None = None,
    text: str | None = None,
) -> list[ArticleView]:
    """Articles by id; `text` is looked for in all their words, script and case apart."""
    wanted = []
    if status is not None:
        wanted.append(Article.status == status)
    if topic is not None:
        wanted.append(Article.topic == topic)
    views = await _views(session, *wanted)
    if text is None or not fold(text):
        return views
    return [view for view in views if _mentions(view, fold(text))]


async def revisions(session: AsyncSession, article_id: str) -> list[Revision]:
    """Every revision of an article, newest first."""
    await row(session, article_id)
    found = await session.scalars(
        select(Revision)
        .where(Revision.article_id == article_id)
        .order_by(Revision.number.desc())
    )
    return list(found)


async def revision(
    session: AsyncSession, article_id: str, revision_id: UUID
) -> Revision:
    """One revision of this article, or NoSuchRevision."""
    found = await session.get(Revision, revision_id)
    if found is None or found.article_id != article_id:
        raise NoSuchRevision
    return found


async def row(session: AsyncSession, article_id: str) -> Article:
    """The row as the database has it now, or NoSuchArticle."""
    found = await session.get(Article, article_id, populate_existing=True)
    if found is None:
        raise NoSuchArticle(f"There is no article {article_id!r}.")
    return found


async def clear_starter_marks(session: AsyncSession) -> None:
    """Let the starter articles count as the shop's own."""
    await session.execute(
        update(Article).where(Article.starter.is_(True)).values(starter=False)
    )


def touch(article: Article, *, now: datetime) -> None:
    """Every change makes a new ETag."""
    article.version += 1
    article.updated_at = now


async def _write(
    session: AsyncSession,
    article: Article,
    *,
    content: Content,
    author: str,
    note: str,
    now: datetime,
    confirmed: Collection[Language] = (),
) -> Revision:
    last = await session.scalar(
        select(Revision)
        .where(Revision.article_id == article.id)
        .order_by(Revision.number.desc())
        .limit(1)
    )
    number = last.number + 1 if last else 1
    written = Revision(
        id=UUID(str(uuid_utils.uuid7())),
        article_id=article.id,
        number=number,
        content=as_json(content),
        author=author,
        note=note,
        since=changed_in(last, content, number=number, confirmed=confirmed),
        created_at=now,
    )
    session.add(written)
    article.latest_revision_id = written.id
    await session.flush()
    return written


async def _views(session: AsyncSession, *wanted: Any) -> list[ArticleView]:
    rows = await session.execute(
        select(Article, Revision)
        .join(Revision, Revision.id == Article.latest_revision_id)
        .where(*wanted)
        .order_by(Article.id)
    )
    return [
        ArticleView(
            id=article.id,
            topic=article.topic,
            status=article.status,
            version=article.version,
            starter=article.starter,
            content=from_row(newest.content),
            revision_id=newest.id,
            revision_number=newest.number,
            published_revision_id=article.published_revision_id,
            author=newest.author,
            note=newest.note,
            created_at=article.created_at,
            updated_at=article.updated_at,
            review_asked_by=article.review_asked_by,
            review_asked_at=article.review_asked_at,
            scheduled_at=article.scheduled_at,
            schedule=article.schedule,
            valid_from=article.valid_from,
            valid_until=article.valid_until,
            since=newest.since,
        )
        for article, newest in rows
    ]


def _mentions(view: ArticleView, folded: str) -> bool:
    texts = [view.id, view.topic]
    for wording in view.content.values():
        texts += [wording.question, *wording.variants, wording.answer]
    return any(folded in fold(text) for text in texts)
