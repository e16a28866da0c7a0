"""Decides how the knowledge base looks from above: articles, what they answered, and what nothing answers."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

import anyio.to_thread
import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api import gap_desk
from api.accounts.roles import Permission
from api.auth import desk_of
from api.desk import Desk
from api.pages.gate import enter, staff_page
from api.pages.rendering import language_of
from handoff.models import Turn
from handoff.signals import from_json
from knowledge_base import articles
from knowledge_base.articles import ArticleView
from knowledge_base.centring import Centres, centres_of
from knowledge_base.embedding import Vectors
from knowledge_base.errors import EmbeddingFailed
from knowledge_base.flat_map import flatten
from knowledge_base.folding import fold
from knowledge_base.gap_board import GapGroup
from knowledge_base.languages import Cloud, Language, cloud, preference

router = APIRouter(include_in_schema=False)
#: the newest turns whose questions are drawn, and the matters nothing answers
RECENT_TURNS, MOST_MATTERS = 400, 60
#: how many of an article's wordings say where it lies
MOST_WORDINGS = 8
WIDTH, HEIGHT = 880.0, 560.0
_EDGE, _SMALLEST, _LARGEST = 36.0, 9.0, 34.0


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """One thing on the map."""

    x: float
    y: float
    title: str
    href: str = ""
    radius: float = 0.0
    language: str = ""
    times: int = 0
    cost: int = 0


@dataclass(frozen=True, kw_only=True)
class Chart:
    """All of the map, and the share of the difference between texts that it can show."""

    articles: tuple[Drawn, ...]
    answered: tuple[Drawn, ...]
    matters: tuple[Drawn, ...]
    shown: float


@router.get("/editor/map")
async def show_map(request: Request) -> Response:
    """The articles, the newest answered questions, and the open gaps by what they cost."""
    person = await enter(request, Permission.SEE_GAPS)
    if isinstance(person, Response):
        return person
    desk, language = desk_of(request), language_of(request)
    chart = None
    with contextlib.suppress(EmbeddingFailed):
        chart = await draw(desk, language)
    return staff_page(
        request,
        "editor/map.html",
        person,
        here="editor",
        chart=chart,
        width=int(WIDTH),
        height=int(HEIGHT),
    )


@dataclass(frozen=True, kw_only=True)
class _Gathered:
    """What is to be drawn, not yet placed."""

    views: list[ArticleView]
    texts: list[str]
    vectors: Vectors
    recent: list[tuple[Cloud, Vectors]]
    matters: list[GapGroup]


async def draw(desk: Desk, language: Language) -> Chart:
    """Gather, place and measure everything that is drawn."""
    matters = (await gap_desk.groups(desk))[:MOST_MATTERS]
    async with desk.database.reading() as session:
        views = await articles.list_articles(session, status="published")
        recent = await _answered(session, dim=desk.embedder.dim)
    texts = [text for view in views for text in _wordings(view)]
    gathered = _Gathered(
        views=views,
        texts=texts,
        vectors=await gap_desk.vectors_of(desk, texts),
        recent=recent,
        matters=matters,
    )
    means = gap_desk.known_means(desk)
    return await anyio.to_thread.run_sync(
        lambda: _chart(gathered, language, means=means)
    )


async def _answered(session: AsyncSession, *, dim: int) -> list[tuple[Cloud, Vectors]]:
    """The vectors of the newest questions that an article answered; their words stay where they are."""
    rows = await session.scalars(
        select(Turn.signals)
        .where(Turn.state == "answered")
        .order_by(Turn.id.desc())
        .limit(RECENT_TURNS)
    )
    signals = [from_json(kept).signals for kept in rows]
    return [
        (
            "en" if each.language == "en" else "zh",
            np.asarray(each.vector, dtype=np.float32),
        )
        for each in signals
        if each.search_outcome == "answer" and each.vector and len(each.vector) == dim
    ]


def _wordings(view: ArticleView) -> list[str]:
    found = [
        text
        for wording in view.content.values()
        for text in (wording.question, *wording.variants)
    ]
    return found[:MOST_WORDINGS]


def _chart(
    gathered: _Gathered, language: Language, *, means: Mapping[Cloud, Vectors]
) -> Chart:
    clouds = [cloud(fold(text)) for text in gathered.texts]
    centres = centres_of(gathered.vectors, clouds, prior=means)
    own = centres.centred(gathered.vectors, clouds)
    middles = _middles(gathered.views, own)
    matters = [one.centre for one in gathered.matters]
    everything = np.stack([*middles, *matters]) if middles or matters else own
    flat = flatten(everything)
    places = _scaled(flat.place(everything))
    asked = _asked(gathered.recent, centres, dim=own.shape[1])
    most = max((one.cost for one in gathered.matters), default=1)
    return Chart(
        articles=tuple(
            _article(view, language, place)
            for view, place in zip(gathered.views, places, strict=False)
        ),
        answered=tuple(
            Drawn(x=x, y=y, title="") for x, y in _scaled(flat.place(asked))
        ),
        matters=tuple(
            _matter(one, place, most=most)
            for one, place in zip(
                gathered.matters, places[len(gathered.views) :], strict=True
            )
        ),
        shown=flat.shown,
    )


def _middles(views: Sequence[ArticleView], own: Vectors) -> list[Vectors]:
    """Each article lies in the middle of its wordings."""
    found, start = [], 0
    for view in views:
        count = len(_wordings(view))
        found.append(own[start : start + count].mean(axis=0))
        start += count
    return found


def _asked(
    recent: Sequence[tuple[Cloud, Vectors]], centres: Centres, *, dim: int
) -> Vectors:
    if not recent:
        return np.empty((0, dim), np.float32)
    rows = np.stack([vector for _, vector in recent])
    return centres.centred(rows, [language for language, _ in recent])


def _article(
    view: ArticleView, language: Language, place: tuple[float, float]
) -> Drawn:
    title = next(
        view.content[code].question
        for code in preference(language)
        if code in view.content
    )
    return Drawn(
        x=place[0], y=place[1], title=title, href=f"/editor/articles/{view.id}"
    )


def _scaled(places: Any) -> list[tuple[float, float]]:
    width, height = WIDTH - 2 * _EDGE, HEIGHT - 2 * _EDGE
    return [
        (round(_EDGE + x * width, 1), round(_EDGE + (1 - y) * height, 1))
        for x, y in places
    ]


def _matter(one: GapGroup, place: tuple[float, float], *, most: int) -> Drawn:
    share = sqrt(one.cost / max(1, most))
    return Drawn(
        x=place[0],
        y=place[1],
        title=one.gaps[0].text,
        language=one.gaps[0].language,
        href=f"/editor/articles/new?gap={one.gaps[0].id}",
        radius=round(_SMALLEST + share * (_LARGEST - _SMALLEST), 1),
        times=one.times,
        cost=one.cost,
    )
