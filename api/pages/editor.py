"""Decides what editors see of the articles: the list, one to write, how it will look.

Everything here reads. What is written goes through the JSON API, so that one set of rules holds.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from api import article_figures
from api.accounts.roles import Permission
from api.article_figures import Figures
from api.auth import Editor, Reader, desk_of
from api.desk import Desk
from api.errors import NotFound
from api.gap_desk import begun_article, past_answer
from api.markdown import to_html
from api.pages.editor_stages import in_stage, marks_of, stages_of
from api.pages.editor_words import (
    article_json,
    status_words,
    topic_word,
    topic_words,
)
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page, language_of
from api.settings import LANGUAGES, Language
from handoff.care_models import PastAnswer
from knowledge_base import articles, gaps
from knowledge_base.articles import ArticleView
from knowledge_base.content import (
    LEAST_PRECISION,
    MOST_ANSWER,
    MOST_PRECISION,
    MOST_QUESTION,
)
from knowledge_base.errors import NoSuchArticle, NoSuchGap
from knowledge_base.languages import is_language, preference, to_traditional
from knowledge_base.models import Gap
from knowledge_base.staleness import older_than_source

router = APIRouter(include_in_schema=False)
STATUSES = ("published", "draft", "retired")
#: more wordings than these fit no article
MOST_GAPS = 200


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PreviewBody(_Body):
    markdown: Annotated[str, Field(max_length=MOST_ANSWER)]


class WordingBody(_Body):
    """Simplified words to be made Traditional."""

    question: Annotated[str, Field(max_length=MOST_QUESTION)] = ""
    variants: Annotated[str, Field(max_length=60_000)] = ""
    answer: Annotated[str, Field(max_length=MOST_ANSWER)] = ""


@router.get("/editor")
async def show_articles(request: Request) -> Response:
    """The articles that fit the filters; the filters stand in the address."""
    person = await enter(request, Permission.READ_ARTICLES)
    if isinstance(person, Response):
        return person
    desk, language = desk_of(request), language_of(request)
    asked = request.query_params
    async with desk.database.reading() as session:
        everything = await articles.list_articles(session)
        found = (
            await articles.list_articles(session, text=asked["text"][:200])
            if asked.get("text")
            else everything
        )
        figures = await article_figures.of_desk(desk, session)
    shown = [
        view
        for view in found
        if _fits(view, dict(asked)) and in_stage(view, desk, asked.get("status", ""))
    ]
    return staff_page(
        request,
        "editor/list.html",
        person,
        here="editor",
        rows=[_row(view, language) | _stage(view, desk, language) for view in shown],
        figures=figures,
        no_figures=Figures(),
        stages=stages_of(everything, desk, language),
        total=len(everything),
        counts=Counter(view.status for view in everything),
        changed=sum(_is_changed(view) for view in everything),
        topics=topic_words({view.topic for view in everything}, language),
        statuses=status_words(language),
        asked={
            name: asked.get(name, "") for name in ("text", "topic", "status", "missing")
        },
    )


@router.get("/editor/articles/new")
async def show_new(request: Request) -> Response:
    """An empty article, or one begun from a question that nothing answered."""
    person = await enter(request, Permission.EDIT_ARTICLES)
    if isinstance(person, Response):
        return person
    desk = desk_of(request)
    found = await _gaps(desk, request)
    answer = await _past_answer(desk, request.query_params.get("answer", ""))
    content = begun_article(found, answer=answer)
    return await _edit_page(request, person, view=None, content=content, found=found)


@router.get("/editor/articles/{article_id}")
async def show_article(article_id: str, request: Request) -> Response:
    """One article in all its languages, to read or to write."""
    person = await enter(request, Permission.READ_ARTICLES)
    if isinstance(person, Response):
        return person
    view = await _article(desk_of(request), article_id)
    found = await _gaps(desk_of(request), request)
    content = article_json(view)["content"]
    return await _edit_page(request, person, view=view, content=content, found=found)


@router.get("/editor/articles/{article_id}/latest")
async def read_latest(article_id: str, request: Request, _: Reader) -> Response:
    """The article as it is now: what a refused edit is compared with."""
    view = await _article(desk_of(request), article_id)
    return JSONResponse(article_json(view), headers={"Cache-Control": "no-store"})


@router.post("/editor/preview")
async def preview(body: PreviewBody, _: Reader) -> Response:
    """The answer as shoppers will see it: the same renderer, the same tags."""
    return JSONResponse({"html": to_html(body.markdown)})


@router.post("/editor/traditional")
async def derive_traditional(
    body: WordingBody, request: Request, _: Editor
) -> Response:
    """The words in Traditional, by the table the shop chose."""
    chosen = desk_of(request).settings.languages
    return JSONResponse(
        {
            name: to_traditional(text, table=chosen.traditional, terms=chosen.terms)
            for name, text in body.model_dump().items()
        }
    )


async def _edit_page(
    request: Request,
    person: Any,
    *,
    view: ArticleView | None,
    content: dict[str, Any],
    found: list[Gap],
) -> Response:
    desk, language = desk_of(request), language_of(request)
    async with desk.database.reading() as session:
        topics = {each.topic for each in await articles.list_articles(session)}
    return staff_page(
        request,
        "editor/edit.html",
        person,
        here="editor",
        article=view,
        is_changed=view is not None and _is_changed(view),
        status_word=status_words(language)[view.status] if view else "",
        heading=_title(view, language) if view else "",
        content=content,
        previews={
            one: to_html(content[one]["answer"]) for one in LANGUAGES if one in content
        },
        topics=topic_words(topics, language),
        gap=found[0] if found else None,
        can_edit=person.may(Permission.EDIT_ARTICLES),
        can_publish=person.may(Permission.PUBLISH_ARTICLES),
        **_stage(view, desk, language),
        most={"question": MOST_QUESTION, "answer": MOST_ANSWER},
        sure=_sure(desk),
        page_facts=json_in_page(
            {
                "article": article_json(view) if view else None,
                "gaps": [str(gap.id) for gap in found],
                "languages": list(LANGUAGES),
                "can_publish": person.may(Permission.PUBLISH_ARTICLES),
            }
        ),
    )


def _sure(desk: Desk) -> dict[str, str]:
    """In per cent: what an article may want for itself, and what the shop wants."""
    shop = desk.settings.knowledge_base.answer_precision
    shares = {"least": LEAST_PRECISION, "most": MOST_PRECISION, "shop": shop}
    return {name: f"{share * 100:.4g}" for name, share in shares.items()}


async def _article(desk: Desk, article_id: str) -> ArticleView:
    async with desk.database.reading() as session:
        try:
            return await articles.get(session, article_id)
        except NoSuchArticle:
            raise NotFound from None


async def _gaps(desk: Desk, request: Request) -> list[Gap]:
    """The open gaps that the address names, in its order."""
    wanted = dict.fromkeys(_ids(request.query_params.getlist("gap")))
    if not wanted:
        return []
    async with desk.database.reading() as session:
        try:
            found = await gaps.get(session, wanted)
        except NoSuchGap:
            return []
    return [gap for gap in found if gap.closed_at is None]


async def _past_answer(desk: Desk, answer_id: str) -> PastAnswer | None:
    """What an agent said, to begin an article with."""
    for wanted in _ids([answer_id]):
        async with desk.database.reading() as session:
            return await past_answer(session, wanted)
    return None


def _ids(told: list[str]) -> list[UUID]:
    """Those that can be ids; an address typed by hand is no error."""
    found = []
    for one in told[:MOST_GAPS]:
        with contextlib.suppress(ValueError):
            found.append(UUID(one))
    return found


def _fits(view: ArticleView, asked: dict[str, str]) -> bool:
    if asked.get("topic") and view.topic != asked["topic"]:
        return False
    status = asked.get("status")
    if status == "changed" and not _is_changed(view):
        return False
    if status in STATUSES and view.status != status:
        return False
    missing = asked.get("missing")
    return not (is_language(missing) and missing in view.content)


def _stage(view: ArticleView | None, desk: Desk, language: Language) -> dict[str, Any]:
    """How far an article is on its way, and which languages lag behind."""
    source = desk.settings.languages.default
    return {
        "source": source,
        "marks": marks_of(view, desk, language) if view else [],
        "older": older_than_source(view.since, source) if view else frozenset(),
    }


def _is_changed(view: ArticleView) -> bool:
    """Whether shoppers still get older words than the newest."""
    return view.status == "published" and view.has_draft


def _row(view: ArticleView, language: Language) -> dict[str, Any]:
    return {
        "id": view.id,
        "title": _title(view, language),
        "topic": topic_word(view.topic, language),
        "status": view.status,
        "is_changed": _is_changed(view),
        "has": {code: code in view.content for code in LANGUAGES},
        "variants": sum(len(wording.variants) for wording in view.content.values()),
        "author": view.author,
        "updated_at": view.updated_at,
        "starter": view.starter,
    }


def _title(view: ArticleView, language: Language) -> str:
    return next(
        view.content[code].question
        for code in preference(language)
        if code in view.content
    )
