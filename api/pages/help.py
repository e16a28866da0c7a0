"""Decides what the public sees of the articles: a help page with topics and search, and a page for each."""

from __future__ import annotations

from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from api.auth import peer_address
from api.desk import Desk
from api.limits import Rate
from api.markdown import to_html
from api.pages import assets, help_shelf, rendering
from api.pages.editor_words import topic_word, topic_words
from api.pages.help_index import alternates, page_address, structured
from api.security import content_policy
from api.settings import Language
from knowledge_base.search import AnswerText

router = APIRouter(include_in_schema=False)
NOT_MODIFIED = 304
MOST_ASKED = 200
#: typing ahead asks often; each question is a sentence to embed
_SEARCHES = Rate(times=60, seconds=60)
_PER_TOPIC = 6
_RELATED = 6


@router.get("/help")
async def show_help(request: Request) -> Response:
    """The topics with their articles, one topic, or what a search finds."""
    language = rendering.language_of(request)
    asked = request.query_params.get("q", "").strip()[:MOST_ASKED]
    if asked:
        return await _found(request, asked, language)
    tag = _tag(request, language)
    if request.headers.get("if-none-match") == tag:
        return _kept(request, Response(status_code=NOT_MODIFIED), tag)
    topics = await _topics(request, language)
    wanted = request.query_params.get("topic", "")
    if not any(one["code"] == wanted for one in topics):
        wanted = ""
    page = rendering.render(
        request,
        "help.html",
        remembers_language=False,
        asked="",
        found=None,
        topics=[one for one in topics if wanted in {"", one["code"]}],
        wanted=wanted,
        most=None if wanted else _PER_TOPIC,
        canonical=page_address(request, "/help", language, topic=wanted),
        alternates=alternates(request, "/help", topic=wanted),
    )
    return _kept(request, page, tag)


async def _found(request: Request, asked: str, language: Language) -> Response:
    desk = cast(Desk, request.app.state.desk)
    await desk.limiter.check("help_search", peer_address(request), _SEARCHES)
    found = await help_shelf.look_up(request, asked, language)
    return rendering.render(
        request,
        "help.html",
        remembers_language=False,
        asked=asked,
        found=found,
        excerpts={
            one.article_id: help_shelf.excerpt(one.answer_markdown, most=180)
            for one in found.articles
        },
        topics=[],
        wanted="",
        most=None,
        canonical="",
        alternates={},
    )


@router.get("/help/articles/{article_id}")
async def show_article(article_id: str, request: Request) -> Response:
    """The article in the asked language, or in another one and saying so."""
    language = rendering.language_of(request)
    found = article_words(request, article_id, language=language)
    if found is None:
        return rendering.error_page(
            request,
            status=404,
            title="This article does not exist",
            detail="It may have been withdrawn. You can ask the assistant instead.",
        )
    tag = _tag(request, language, found.revision_id)
    if request.headers.get("if-none-match") == tag:
        return _kept(request, Response(status_code=NOT_MODIFIED), tag)
    return _kept(request, await _article_page(request, found, language), tag)


async def _article_page(
    request: Request, found: AnswerText, language: Language
) -> HTMLResponse:
    on_shelf = {one.id: one for one in await help_shelf.shelf(request)}
    here = on_shelf.get(found.article_id)
    topic = here.topic if here else ""
    named = await help_shelf.titles(request, language)
    path = f"/help/articles/{found.article_id}"
    body = to_html(found.answer_markdown)
    return rendering.render(
        request,
        "help_article.html",
        remembers_language=False,
        article=found,
        # Markdown without HTML, then cleaned: see api.markdown.
        body=Markup(body),  # noqa: S704
        is_foreign=_family(found.language) != _family(language),
        topic=topic,
        topic_word=topic_word(topic, language) if topic else "",
        related=[
            (one.id, named[one.id])
            for one in on_shelf.values()
            if one.topic == topic and one.id in named and one.id != found.article_id
        ][:_RELATED],
        description=help_shelf.excerpt(found.answer_markdown),
        canonical=page_address(request, path, found.language),
        alternates=alternates(
            request, path, languages=here.languages if here else (found.language,)
        ),
        structured=structured(
            found, body, address=page_address(request, path, found.language)
        ),
        published_at=here.published_at if here else None,
    )


async def _topics(request: Request, language: Language) -> list[dict[str, Any]]:
    on_shelf = await help_shelf.shelf(request)
    named = await help_shelf.titles(request, language)
    shown = [one for one in on_shelf if one.id in named]
    return [
        {
            "code": code,
            "words": words,
            "articles": [(one.id, named[one.id]) for one in shown if one.topic == code],
        }
        for code, words in topic_words({one.topic for one in shown}, language)
    ]


def article_words(
    request: Request, article_id: str, *, language: Language
) -> AnswerText | None:
    """The published words of the article, if there are any."""
    desk = cast(Desk, request.app.state.desk)
    return desk.searcher.answer(article_id, language=language)


def _tag(request: Request, language: Language, *more: str) -> str:
    """Changes with the published version, our own files, and each minute (validity dates)."""
    desk = cast(Desk, request.app.state.desk)
    minute = int(desk.clock().timestamp()) // 60
    parts = (desk.searcher.version, assets.tree_version(), language, minute, *more)
    return f'W/"{"-".join(map(str, parts))}"'


def _kept(request: Request, response: Response, tag: str) -> Response:
    """Let it be kept by whoever asks again each time: a withdrawn article must go at once.

    The policy names no nonce: a page that was kept would have another one than its header.
    """
    policy = content_policy(
        request.url.path, nonce="", settings=rendering.settings_of(request)
    )
    response.headers["Content-Security-Policy"] = policy.replace(
        "script-src 'nonce-' 'strict-dynamic'", "script-src 'self'"
    ).replace(" 'nonce-'", "")
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


def _family(language: str) -> str:
    return language.partition("-")[0]
