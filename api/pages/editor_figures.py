"""Decides how figures are drawn: one article's sixty days, and how sure the bot may be of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import article_figures, quality
from api.accounts.roles import Permission
from api.article_figures import Day, Figures
from api.auth import desk_of
from api.errors import NotFound
from api.pages.gate import enter, staff_page
from api.pages.rendering import language_of
from knowledge_base import articles
from knowledge_base.curves import Point
from knowledge_base.errors import EmbeddingFailed, NoIndex, NoSuchArticle
from knowledge_base.languages import preference

router = APIRouter(include_in_schema=False)
#: the inside of a square chart, in its own units
SIDE = 300.0


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A point of a chart: where it is drawn, and what it says."""

    x: float
    y: float
    point: Point


@router.get("/editor/figures")
async def show_quality(request: Request) -> Response:
    """Coverage against precision, and whether probabilities are kept."""
    person = await enter(request, Permission.READ_ARTICLES)
    if isinstance(person, Response):
        return person
    desk, trouble = desk_of(request), False
    try:
        measured = await quality.measure(desk)
    except (NoIndex, EmbeddingFailed):
        measured, trouble = None, True
    return staff_page(
        request,
        "editor/figures.html",
        person,
        here="editor",
        measured=measured,
        trouble=trouble,
        spots=spots(measured.curve) if measured else [],
        marks=[
            (name, spots([point])[0])
            for name, point in (
                ("clarify", measured.clarify),
                ("answer", measured.answer),
            )
            if point.precision is not None
        ]
        if measured
        else [],
        fitted=measured.fitted if measured else quality.fitted_report(desk),
        thresholds=quality.policy_of(desk),
    )


@router.get("/editor/articles/{article_id}/figures")
async def show_article_figures(article_id: str, request: Request) -> Response:
    """One article by the day: asked, answered, handed over."""
    person = await enter(request, Permission.READ_ARTICLES)
    if isinstance(person, Response):
        return person
    desk, language = desk_of(request), language_of(request)
    zone = ZoneInfo(desk.settings.shop.timezone)
    async with desk.database.reading() as session:
        try:
            view = await articles.get(session, article_id)
        except NoSuchArticle:
            raise NotFound from None
        everything = await article_figures.of_all(session, zone=zone, now=desk.clock())
        days = await article_figures.days_of(
            session, article_id, zone=zone, now=desk.clock()
        )
    title = next(
        view.content[code].question
        for code in preference(language)
        if code in view.content
    )
    return staff_page(
        request,
        "editor/article_figures.html",
        person,
        here="editor",
        article=view,
        heading=title,
        figures=everything.get(article_id, Figures()),
        days=days,
        most=_most(days),
    )


def spots(points: Sequence[Point]) -> list[Spot]:
    """Coverage to the right, precision up; thresholds that answer nothing are no point."""
    return [
        Spot(
            x=round(point.coverage * SIDE, 1),
            y=round(SIDE - point.precision * SIDE, 1),
            point=point,
        )
        for point in points
        if point.precision is not None
    ]


def _most(days: Sequence[Day]) -> int:
    return max((each.counts.asked for each in days), default=0) or 1
