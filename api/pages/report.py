"""Decides what stands on the report page: the figures of a period, with filters in the address."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import select

from api import report_view
from api.accounts import people
from api.accounts.models import Staff
from api.accounts.roles import Permission
from api.auth import desk_of
from api.desk import Desk
from api.pages import report_words
from api.pages.board import REASONS
from api.pages.console import skill_word, skills_of
from api.pages.gate import enter, staff_page
from api.pages.rendering import language_of
from api.pages.translate import OWN_NAMES, translate, weekdays
from api.report_view import PERIODS, Filters
from api.settings import Language
from handoff.reports import Report

router = APIRouter(include_in_schema=False)
#: a cell of the heat map has one of so many colours, and none at all for nought
SHADES = 5


@router.get("/console/report")
async def show_report(
    request: Request, wanted: Annotated[Filters, Depends(report_view.filters)]
) -> Response:
    """Counted when the page is asked for; the address says of what."""
    person = await enter(request, Permission.SEE_ALL_CONVERSATIONS)
    if isinstance(person, Response):
        return person
    desk, language = desk_of(request), language_of(request)
    found, names = await report_view.read(desk, wanted)
    return staff_page(
        request,
        "console/report.html",
        person,
        here="board",
        wanted=wanted,
        periods=PERIODS if wanted.days in PERIODS else (*PERIODS, wanted.days),
        languages_known=OWN_NAMES,
        skills_known=[
            (code, skill_word(code, language)) for code in skills_of(desk.settings)
        ],
        agents_known=await _agents(desk),
        query=urlencode(wanted.query()),
        **_shown(found, names, language, zone=ZoneInfo(desk.settings.shop.timezone)),
    )


def _shown(
    found: Report, names: dict[UUID, str], language: Language, *, zone: ZoneInfo
) -> dict[str, Any]:
    """The figures in words, and what the pictures are drawn from."""
    nobody = translate(language, "No skill")
    return {
        "first": found.now.since.astimezone(zone).date(),
        "last": (found.now.until.astimezone(zone) - timedelta(seconds=1)).date(),
        "cards": report_words.cards(found.now, found.before, language),
        "report": found,
        "heat": heat(found),
        "weekdays": weekdays(language),
        "reason_words": {
            code: translate(language, words) for code, words in REASONS.items()
        },
        "agent_rows": [
            (names.get(each.agent_id, ""), report_words.row(each, language))
            for each in found.agents
            if each.agent_id
        ],
        "skill_rows": [
            (
                skill_word(each.skill, language) if each.skill else nobody,
                report_words.row(each, language),
            )
            for each in found.skills
        ],
        "percent": report_words.percent,
    }


def heat(found: Report) -> list[list[tuple[int, int]]]:
    """Of every hour how many, and how dark: 0 for none, SHADES for the most."""
    most = max(map(max, found.hours)) or 1
    return [
        [(count, -(-count * SHADES // most)) for count in hours]
        for hours in found.hours
    ]


async def _agents(desk: Desk) -> list[tuple[str, str]]:
    """Everybody who serves shoppers or did, for the choice of one."""
    async with desk.database.reading() as session:
        found = list(await session.scalars(select(Staff).order_by(Staff.name)))
    demo = desk.settings.demo
    return [
        (str(each.id), each.name) for each in found if people.serves(each, demo=demo)
    ]
