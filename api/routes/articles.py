"""What editors may do over HTTP with articles: write, publish, take back, try."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
from fastapi import APIRouter, Header, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import Editor, Publisher, Reader, TheDesk
from api.bodies import ArticleEdit, NewArticle, Preview
from api.errors import PreconditionRequired
from api.index import refresh_index
from api.markdown import to_html
from api.publishing import through_gate, would_be
from api.publishing_bodies import PublishBody, RollBackBody
from knowledge_base import articles, publish
from knowledge_base.articles import ArticleView
from knowledge_base.content import as_json
from knowledge_base.languages import Language, detect
from knowledge_base.models import Revision
from knowledge_base.publish import Passed

router = APIRouter(prefix="/api/v1/articles", tags=["editor"])
Shown = dict[str, Any]
IfMatch = Annotated[str | None, Header(alias="if-match")]


@router.get("", operation_id="list_articles")
async def list_articles(
    _member: Reader,
    desk: TheDesk,
    status: Annotated[str | None, Query(pattern="^(draft|published|retired)$")] = None,
    topic: Annotated[str | None, Query(max_length=40)] = None,
    text: Annotated[str | None, Query(max_length=200)] = None,
) -> Shown:
    """All articles with their newest words."""
    async with desk.database.reading() as session:
        found = await articles.list_articles(
            session, status=status, topic=topic, text=text
        )
    return {"items": [show(view) for view in found]}


@router.get("/search", operation_id="try_question")
async def try_question(
    _member: Reader,
    desk: TheDesk,
    q: Annotated[str, Query(min_length=1, max_length=500)],
    language: Language | None = None,
    limit: Annotated[int, Query(ge=1, le=20)] = 5,
) -> Shown:
    """What shoppers would get for this question now, and why."""
    asked = language or detect(q, fallback=desk.settings.languages.default)
    found = await anyio.to_thread.run_sync(
        lambda: desk.searcher.search(q, language=asked, limit=limit)
    )
    return {
        "outcome": found.outcome,
        "probability": found.probability,
        "index_version": found.index_version,
        "took_ms": round(found.took_ms, 2),
        "language": asked,
        "hits": [
            {
                "article_id": hit.article_id,
                "revision_id": str(hit.revision_id),
                "title": hit.title,
                "language": hit.language,
                "probability": hit.probability,
                "own_bar": hit.own_bar,
                "score": hit.score,
                "matched_text": hit.matched_text,
                "matched_kind": hit.matched_kind,
                "dense": hit.dense,
                "words": hit.words,
                "matched_words": list(hit.matched_words),
            }
            for hit in found.hits
        ],
    }


@router.post("", status_code=201, operation_id="create_article")
async def create_article(
    member: Editor, desk: TheDesk, body: NewArticle, response: Response
) -> Shown:
    """Write a new article; shoppers get it once it is published."""
    async with desk.database.writing() as session:
        await articles.create(
            session,
            article_id=body.id,
            topic=body.topic,
            content=_content(body),
            author=member.name,
            note=body.note,
            now=desk.clock(),
        )
        view = await articles.get(session, body.id)
    return _with_tag(view, response)


@router.get("/{article_id}", operation_id="read_article")
async def read_article(
    article_id: str, _member: Reader, desk: TheDesk, response: Response
) -> Shown:
    """One article with its newest words; the ETag is needed to change it."""
    async with desk.database.reading() as session:
        view = await articles.get(session, article_id)
    return _with_tag(view, response)


@router.put("/{article_id}", operation_id="edit_article")
async def edit_article(
    article_id: str,
    member: Editor,
    desk: TheDesk,
    body: ArticleEdit,
    response: Response,
    *,
    if_match: IfMatch = None,
) -> Shown:
    """Write a new revision, on top of the version that If-Match names."""
    async with desk.database.writing() as session:
        await articles.revise(
            session,
            article_id,
            content=_content(body),
            topic=body.topic,
            author=member.name,
            note=body.note,
            expected_version=_version(if_match),
            confirmed=body.confirmed,
            now=desk.clock(),
        )
        view = await articles.get(session, article_id)
    return _with_tag(view, response)


@router.get("/{article_id}/revisions", operation_id="list_revisions")
async def list_revisions(article_id: str, _member: Reader, desk: TheDesk) -> Shown:
    """Everything the article ever said, newest first."""
    async with desk.database.reading() as session:
        found = await articles.revisions(session, article_id)
    return {"items": [_revision(each) for each in found]}


@router.post("/{article_id}/publish", operation_id="publish_article")
async def publish_article(
    article_id: str,
    member: Publisher,
    desk: TheDesk,
    response: Response,
    body: PublishBody | None = None,
) -> Shown:
    """Let shoppers have the newest words, or the revision named, if the gate lets it pass."""
    given = body or PublishBody()
    async with desk.database.reading() as session:
        wanted = await would_be(session, article_id, revision_id=given.revision_id)

    async def do(session: AsyncSession, passed: Passed) -> None:
        await publish.publish(
            session,
            article_id,
            revision_id=UUID(wanted.revision_id),
            passed=passed,
            now=desk.clock(),
        )

    await through_gate(
        desk, [wanted], do, author=member.name, override_reason=given.override_reason
    )
    return await _published(article_id, desk, response)


@router.post("/{article_id}/retire", operation_id="retire_article")
async def retire_article(
    article_id: str, member: Publisher, desk: TheDesk, response: Response
) -> Shown:
    """Take the article from the shoppers; its revisions stay.

    What is wrong must be gone at once: the gate is not asked.
    """
    async with desk.database.writing() as session:
        passed = Passed(author=member.name, how="retire")
        await publish.retire(session, article_id, passed=passed, now=desk.clock())
    return await _published(article_id, desk, response)


@router.post("/{article_id}/rollback", operation_id="roll_back_article")
async def roll_back(
    article_id: str,
    member: Publisher,
    desk: TheDesk,
    body: RollBackBody,
    response: Response,
) -> Shown:
    """Publish an old revision again, as a new one that says so, if the gate lets it pass."""
    async with desk.database.reading() as session:
        wanted = await would_be(session, article_id, revision_id=body.revision_id)

    async def do(session: AsyncSession, passed: Passed) -> None:
        await publish.roll_back(
            session,
            article_id,
            revision_id=body.revision_id,
            author=member.name,
            passed=passed,
            now=desk.clock(),
        )

    await through_gate(
        desk,
        [wanted],
        do,
        author=member.name,
        how="rollback",
        override_reason=body.override_reason,
    )
    return await _published(article_id, desk, response)


@router.post("/preview", operation_id="preview_answer")
async def preview(_member: Editor, body: Preview) -> dict[str, str]:
    """How an answer will look to shoppers."""
    return {"html": to_html(body.markdown)}


async def _published(article_id: str, desk: TheDesk, response: Response) -> Shown:
    version = await refresh_index(desk)
    async with desk.database.reading() as session:
        view = await articles.get(session, article_id)
    return _with_tag(view, response) | {"index_version": version}


def show(view: ArticleView) -> Shown:
    """An article as the API tells it."""
    return {
        "id": view.id,
        "topic": view.topic,
        "status": view.status,
        "version": view.version,
        "starter": view.starter,
        "has_draft": view.has_draft,
        "content": as_json(view.content),
        "revision_id": str(view.revision_id),
        "revision_number": view.revision_number,
        "published_revision_id": _id(view.published_revision_id),
        "author": view.author,
        "note": view.note,
        "created_at": view.created_at,
        "updated_at": view.updated_at,
        "review_asked_by": view.review_asked_by,
        "review_asked_at": view.review_asked_at,
        "scheduled_at": view.scheduled_at,
        "schedule": view.schedule,
        "valid_from": view.valid_from,
        "valid_until": view.valid_until,
        "since": view.since,
    }


def _with_tag(view: ArticleView, response: Response) -> Shown:
    response.headers["ETag"] = f'"{view.version}"'
    return show(view)


def _version(if_match: str | None) -> int:
    tag = (if_match or "").removeprefix("W/").strip('"')
    if not tag.isascii() or not tag.isdigit():
        raise PreconditionRequired
    return int(tag[:9])


def _content(body: NewArticle | ArticleEdit) -> Shown:
    content: Shown = body.content.model_dump(exclude_none=True)
    return content


def _revision(row: Revision) -> Shown:
    return {
        "id": str(row.id),
        "number": row.number,
        "content": row.content,
        "author": row.author,
        "note": row.note,
        "created_at": row.created_at,
    }


def _id(value: UUID | None) -> str | None:
    return str(value) if value is not None else None
