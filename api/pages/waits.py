"""Decides what stands on the page of waits: what shoppers were told against what came."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api import waits_view
from api.accounts.roles import Permission
from api.auth import desk_of
from api.pages import waits_drawing
from api.pages.console import skill_word, skills_of
from api.pages.gate import enter, staff_page
from api.pages.rendering import language_of
from api.pages.report_words import percent, took
from api.pages.translate import OWN_NAMES
from api.report_view import PERIODS
from api.waits_view import WaitsWanted
from handoff.calibration import WANTED

router = APIRouter(include_in_schema=False)


@router.get("/console/waits")
async def show_waits(
    request: Request, wanted: Annotated[WaitsWanted, Depends(waits_view.waits_wanted)]
) -> Response:
    """Counted when the page is asked for; the address says of what."""
    person = await enter(request, Permission.SEE_ALL_CONVERSATIONS)
    if isinstance(person, Response):
        return person
    desk, language = desk_of(request), language_of(request)
    found = await waits_view.read(desk, wanted)
    days = wanted.filters.days
    return staff_page(
        request,
        "console/waits.html",
        person,
        here="board",
        wanted=wanted,
        periods=PERIODS if days in PERIODS else (*PERIODS, days),
        languages_known=OWN_NAMES,
        skills_known=[
            (code, skill_word(code, language)) for code in skills_of(desk.settings)
        ],
        hour_rows=[(f"{each.hour:02}:00", each) for each in found.hours],
        skill_rows=[
            (skill_word(each.skill or "", language), each) for each in found.skills
        ],
        query=urlencode(wanted.query()),
        first=found.since.astimezone(found.zone).date(),
        last=(found.until.astimezone(found.zone) - timedelta(seconds=1)).date(),
        found=found,
        drawn=waits_drawing.drawing(found.waits),
        hour_bars=waits_drawing.hour_bars(found.hours),
        band=waits_drawing.wanted_band(),
        picture=waits_drawing,
        share_wanted=(percent(WANTED[0]), percent(WANTED[1])),
        percent=percent,
        took=lambda seconds: took(seconds, language),
    )
