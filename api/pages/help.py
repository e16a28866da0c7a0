"""Decides what the public sees of an article: the page that every answer names as its source."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from api.desk import Desk
from api.markdown import to_html
from api.pages import rendering
from api.settings import Language
from knowledge_base.search import AnswerText

router = APIRouter(include_in_schema=False)


@router.get("/help/articles/{article_id}")
async def show_article(article_id: str, request: Request) -> HTMLResponse:
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
    return rendering.render(
        request,
        "help_article.html",
        article=found,
        # Markdown without HTML, then cleaned: see api.markdown.
        body=Markup(to_html(found.answer_markdown)),  # noqa: S704
        is_foreign=_family(found.language) != _family(language),
    )


def article_words(
    request: Request, article_id: str, *, language: Language
) -> AnswerText | None:
    """The published words of the article, if there are any."""
    desk = cast(Desk, request.app.state.desk)
    return desk.searcher.answer(article_id, language=language)


def _family(language: str) -> str:
    return language.partition("-")[0]
