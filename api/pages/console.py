"""Decides what the agent's page is told when it opens, and which colleagues can take a conversation."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.accounts import people
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import Agent, desk_of
from api.desk import Desk
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page, language_of
from api.pages.translate import translate
from api.routing import capacity_of
from api.settings import Language, Settings
from handoff import capacity
from handoff.routing import SUPERVISOR

router = APIRouter(include_in_schema=False)

#: after this share of the expected wait the board turns to "soon too long"
SOON = 0.5
DISPOSITIONS = {
    "solved": "Solved",
    "refunded": "Refunded",
    "replaced": "Replaced",
    "information_given": "Information given",
    "passed_on": "Passed on to someone else",
    "shopper_left": "The shopper left",
    "spam": "Spam",
}
SKILLS = {
    "refunds": "Refunds and returns",
    "complaints": "Complaints",
    SUPERVISOR: "A supervisor",
}
KEYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("Alt", "N"), "Take the next conversation"),
    (("Alt", "C"), "Take the open conversation"),
    (("Alt", "J"), "Next in the list"),
    (("Alt", "K"), "Previous in the list"),
    (("Alt", "U"), "Jump to the longest overdue"),
    (("Alt", "1"), "Show who is waiting"),
    (("Alt", "2"), "Show my conversations"),
    (("Alt", "L"), "Write a reply"),
    (("Alt", "P"), "Write a private note"),
    (("/",), "Ready replies, in an empty reply"),
    (("Alt", "Q"), "Ready replies"),
    (("Alt", "A"), "Suggestions"),
    (("Alt", "G"), "Give something"),
    (("Ctrl", "Enter"), "Send"),
    (("Alt", "E"), "Resolve"),
    (("Ctrl", "Alt", "E"), "Resolve and take the next one"),
    (("Alt", "T"), "Hand over to a colleague or a skill"),
    (("Alt", "W"), "Ask a colleague and keep the conversation"),
    (("Alt", "R"), "Put back in the line"),
    (("Alt", "B"), "Give back to the bot"),
    (("Alt", "O"), "Show or hide the card"),
    (("Esc",), "Close what is open"),
    (("?",), "Show these keys"),
)


@router.get("/console")
async def show_console(request: Request) -> Response:
    """The skeleton; the scripts fill it from the JSON API and the socket."""
    person = await enter(request, Permission.SERVE_SHOPPERS)
    if isinstance(person, Response):
        return person
    desk = desk_of(request)
    language = language_of(request)
    return staff_page(
        request,
        "console/console.html",
        person,
        here="console",
        presence=await presence_of(desk, person),
        mode=desk.settings.handoff.mode,
        dispositions=[
            (code, disposition_word(code, language))
            for code in desk.settings.handoff.dispositions
        ],
        skills=[
            (code, skill_word(code, language)) for code in skills_of(desk.settings)
        ],
        key_help=[(keys, translate(language, words)) for keys, words in KEYS],
        page_facts=json_in_page(
            {
                "me": {"id": str(person.id), "name": person.name},
                "dispositions": {
                    code: disposition_word(code, language)
                    for code in desk.settings.handoff.dispositions
                },
                "mode": desk.settings.handoff.mode,
                "decides": person.may(Permission.MOVE_CONVERSATIONS),
            }
        ),
    )


@router.get("/console/colleagues")
async def list_colleagues(request: Request, agent: Agent) -> Response:
    """Everybody who may serve shoppers, who is there, and who has room."""
    colleagues = await colleagues_of(desk_of(request))
    return JSONResponse(
        {"colleagues": colleagues, "me": str(agent.id)},
        headers={"Cache-Control": "no-store"},
    )


async def colleagues_of(desk: Desk) -> list[dict[str, str | int | None]]:
    """Agents with presence and load, those who are there first."""
    there = {
        each.agent_id: each
        for each in await desk.presence.present(now=desk.clock()) or ()
    }
    async with desk.database.reading() as session:
        serving = await people.all_who_serve(session, demo=desk.settings.demo)
        held = await capacity.loads(session, [each.id for each in serving])
    found: list[dict[str, str | int | None]] = []
    for each in serving:
        seen = there.get(each.id)
        said = seen.capacity if seen else None
        found.append(
            {
                "id": str(each.id),
                "name": each.name,
                "state": seen.state.value if seen else "gone",
                "back_at": _written(seen.back_at if seen else None),
                "shift_ends_at": _written(seen.shift_ends_at if seen else None),
                "load": held.get(each.id, 0),
                "capacity": said or capacity_of(desk.settings, each),
            }
        )
    rank = {"available": 0, "away": 1, "gone": 2}
    return sorted(found, key=lambda one: (rank[str(one["state"])], str(one["name"])))


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


async def presence_of(desk: Desk, person: StaffMember) -> str:
    """What the person last said of themselves; opening the console says "available"."""
    present = await desk.presence.present(now=desk.clock()) or ()
    for each in present:
        if each.agent_id == person.id:
            return each.state.value
    return "available"


def skills_of(settings: Settings) -> list[str]:
    """What a conversation can be passed on for; a supervisor last."""
    routing = settings.handoff.routing
    return [*sorted({*routing.skills.values(), *routing.weights}), SUPERVISOR]


def skill_word(code: str, language: Language) -> str:
    """The shop may invent skills; those are shown as they are written."""
    known = SKILLS.get(code)
    return translate(language, known) if known else code.replace("_", " ")


def disposition_word(code: str, language: Language) -> str:
    """The shop may invent wrap-up codes; those are shown as they are written."""
    known = DISPOSITIONS.get(code)
    return translate(language, known) if known else code.replace("_", " ")
