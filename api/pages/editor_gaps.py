"""Decides how unanswered questions are shown, so that each ends in an article or a reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import gap_desk
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import desk_of
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page, language_of
from api.pages.translate import translate
from api.settings import Language
from knowledge_base import articles, gaps
from knowledge_base.articles import ArticleView
from knowledge_base.errors import EmbeddingFailed
from knowledge_base.gap_board import GapGroup
from knowledge_base.languages import preference
from knowledge_base.models import Gap

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
#: an address can hold so many wordings to begin an article with
MOST_IN_ADDRESS = 20
SHOWN_GROUPS = 100


@router.get("/editor/gaps")
async def show_gaps(request: Request) -> Response:
    """Open ones in groups by what they cost, or the closed ones with their reasons."""
    person = await enter(request, Permission.SEE_GAPS)
    if isinstance(person, Response):
        return person
    if request.query_params.get("show") == "closed":
        return await _closed(request, person)
    desk, language = desk_of(request), language_of(request)
    trouble = False
    try:
        found = await gap_desk.groups(desk)
    except EmbeddingFailed:
        found, trouble = [], True
    async with desk.database.reading() as session:
        views = await articles.list_articles(session)
    titles = _titles(views, language)
    shown = found[:SHOWN_GROUPS]
    most = max((one.cost for one in shown), default=1)
    return staff_page(
        request,
        "editor/gaps.html",
        person,
        here="gaps",
        groups=[_row(one, titles, most=most) for one in shown],
        more=len(found) - len(shown),
        total=sum(len(one.gaps) for one in found),
        trouble=trouble,
        titles=titles,
        handover_cost=gaps.HANDOVER_COST,
        kinds={code: translate(language, words) for code, words in KINDS.items()},
        can_edit=person.may(Permission.EDIT_ARTICLES),
        page_facts=json_in_page({}),
    )


async def _closed(request: Request, person: StaffMember) -> Response:
    desk, language = desk_of(request), language_of(request)
    async with desk.database.reading() as session:
        rows = await gaps.list_gaps(session, closed=True)
    return staff_page(
        request,
        "editor/gaps_closed.html",
        person,
        here="gaps",
        rows=sorted(rows, key=_closed_at, reverse=True),
        reasons={code: translate(language, words) for code, words in REASONS.items()},
    )


def _closed_at(gap: Gap) -> str:
    return gap.closed_at.isoformat() if gap.closed_at else ""


def _titles(views: Iterable[ArticleView], language: Language) -> dict[str, str]:
    return {
        view.id: next(
            view.content[code].question
            for code in preference(language)
            if code in view.content
        )
        for view in views
    }


def _row(one: GapGroup, titles: dict[str, str], *, most: int) -> dict[str, Any]:
    ids = [str(gap.id) for gap in one.gaps]
    return {
        "first": one.gaps[0],
        "gaps": one.gaps,
        "ids": ids,
        "languages": list(dict.fromkeys(gap.language for gap in one.gaps)),
        "times": one.times,
        "handovers": one.handovers,
        "cost": one.cost,
        "share": one.cost / max(1, most),
        "kinds": one.kinds,
        "first_at": one.first_at,
        "last_at": one.last_at,
        "nearest": one.nearest_article_id,
        "choices": _choices(one, titles),
        "now": one.now,
        "is_like_not_ours": one.is_like_not_ours,
        "query": _address(ids),
    }


def _choices(one: GapGroup, titles: dict[str, str]) -> list[tuple[str, str]]:
    """The articles a wording could belong to, the nearest first."""
    ids = [one.nearest_article_id] if one.nearest_article_id else []
    ids += [hit.article_id for hit in one.now.hits] if one.now else []
    known = [article_id for article_id in dict.fromkeys(ids) if article_id in titles]
    return [(article_id, titles[article_id]) for article_id in known]


def _address(ids: Sequence[str]) -> str:
    return urlencode([("gap", one) for one in ids[:MOST_IN_ADDRESS]])
