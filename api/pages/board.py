"""Decides what a supervisor sees at a glance: who waits, who is there, what the bot did today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import desk_of
from api.pages.board_numbers import numbers_of_today, start_of_day
from api.pages.console import SOON, colleagues_of
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page, language_of
from api.pages.translate import translate
from api.settings import Language

router = APIRouter(include_in_schema=False)
#: the same words as on the console's chips
REASONS = {
    "asked_for_human": "Asked for a person",
    "angry": "Angry",
    "rising_emotion": "Getting more upset",
    "not_understood": "The bot could not help",
    "not_helpful": "The answers did not help",
    "repeated_question": "Asked the same again",
    "sensitive": "Sensitive matter",
    "bot_failure": "The bot failed",
    "form_given_up": "Gave up on the form",
    "shopper_accepted_offer": "Accepted the offer of a person",
    "change_needs_person": "The change needs a person",
    "order_at_risk": "A valuable order in trouble",
    "picture_sent": "Sent photos",
    "reopened": "Came back after the end",
    "human_first": "Received by a person first",
}
STATES = {"available": "Available", "away": "Away"}
_MINUTE, _HOUR = 60, 3600


@router.get("/console/board")
@router.get("/board")
async def show_board(request: Request) -> Response:
    """Now and today, counted from the rows when the page is asked for."""
    person = await enter(request, Permission.SEE_ALL_CONVERSATIONS)
    if isinstance(person, Response):
        return person
    desk = desk_of(request)
    language = language_of(request)
    zone = ZoneInfo(desk.settings.shop.timezone)
    now = desk.clock()
    since = start_of_day(now, desk.settings.shop.timezone)
    async with desk.database.reading() as session:
        today = await numbers_of_today(session, since=since, now=now)
    people = await colleagues_of(desk)
    late = desk.settings.handoff.forecast_default_seconds
    wall = "wall" in request.query_params
    return staff_page(
        request,
        "console/board.html",
        person,
        here="board",
        now=now,
        since=since,
        today=today,
        people=people,
        available=sum(each["state"] == "available" for each in people),
        sla={"soon": int(late * SOON), "late": late},
        state_of=lambda one: state_words(one, language, zone=zone, now=now),
        words_of=lambda seconds: duration(seconds, language),
        reason_words={
            code: translate(language, words) for code, words in REASONS.items()
        },
        wall=wall,
        most_minutes=desk.settings.handoff.supervisor_minutes,
        page_facts=_facts(person, wall=wall, late=late, zone=zone.key),
    )


def _facts(person: StaffMember, *, wall: bool, late: int, zone: str) -> str:
    """What the script needs: when a wait is too long, and what this person may do."""
    return json_in_page(
        {
            "sla": {"soon": int(late * SOON), "late": late},
            "wall": wall,
            "zone": zone,
            "listens": person.may(Permission.SERVE_SHOPPERS),
            "moves": person.may(Permission.MOVE_CONVERSATIONS),
        }
    )


def state_words(
    one: Mapping[str, Any], language: Language, *, zone: ZoneInfo, now: datetime
) -> str:
    """Whether a colleague is there, until when they are not, and when their shift ends."""
    said = translate(language, STATES.get(one["state"], "Not signed in"))
    if one["back_at"] is not None:
        back = datetime.fromisoformat(one["back_at"])
        known = (
            "Away until %(time)s" if back > now else "Away, expected back at %(time)s"
        )
        said = translate(language, known, time=back.astimezone(zone).strftime("%H:%M"))
    if one["shift_ends_at"] is not None:
        ends = datetime.fromisoformat(one["shift_ends_at"]).astimezone(zone)
        until = translate(language, "shift until %(time)s", time=ends.strftime("%H:%M"))
        said = f"{said} · {until}"
    return said


def duration(seconds: int, language: Language) -> str:
    """Seconds in words, rounder as they grow."""
    if seconds >= _HOUR:
        minutes = seconds % _HOUR // _MINUTE
        return translate(language, "%(h)s h %(m)s min", h=seconds // _HOUR, m=minutes)
    if seconds >= _MINUTE:
        return translate(language, "%(m)s min", m=seconds // _MINUTE)
    return translate(language, "%(s)s s", s=seconds)
