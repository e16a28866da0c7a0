"""Decides how unanswered questions are shown, so that each ends in an article or a reason."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.accounts.roles import Permission
from api.auth import desk_of
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page, language_of
from api.pages.translate import translate
from knowledge_base import articles, gaps
from knowledge_base.languages import preference

router = APIRouter(include_in_schema=False)
KINDS = {
    "abstained": "The bot found nothing",
    "not_helpful": "The answer did not help",
    "clarification_declined": "None of the choices fitted",
    "handed_over": "A person had to help",
}
REASONS = {
    "article_written": "An article was written",
    "variant_added": "Added to an article",
    "not_ours": "Not our matter",
}


@router.get("/editor/gaps")
async def show_gaps(request: Request) -> Response:
    """Open ones by how often they are asked, or the closed ones with their reasons."""
    person = await enter(request, Permission.SEE_GAPS)
    if isinstance(person, Response):
        return person
    desk, language = desk_of(request), language_of(request)
    closed = request.query_params.get("show") == "closed"
    async with desk.database.reading() as session:
        rows = await gaps.list_gaps(session, closed=closed)
        views = await articles.list_articles(session)
    titles = {
        view.id: next(
            view.content[code].question
            for code in preference(language)
            if code in view.content
        )
        for view in views
    }
    return staff_page(
        request,
        "editor/gaps.html",
        person,
        here="gaps",
        rows=rows,
        titles=titles,
        closed=closed,
        kinds={code: translate(language, words) for code, words in KINDS.items()},
        reasons={code: translate(language, words) for code, words in REASONS.items()},
        can_edit=person.may(Permission.EDIT_ARTICLES),
        page_facts=json_in_page({}),
    )
