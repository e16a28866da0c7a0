"""Decides what the page of staff accounts is told: what the person may change, and what can be chosen."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import desk_of
from api.pages.console import presence_of, skill_word
from api.pages.gate import enter, role_words, staff_page
from api.pages.rendering import json_in_page, language_of
from api.pages.translate import OWN_NAMES, weekdays
from api.settings import Settings
from handoff.hours import DAYS

router = APIRouter(include_in_schema=False)
#: as a browser checks what is typed; the service checks it again
SPANS = r"\s*\d\d:\d\d-\d\d:\d\d(\s*,\s*\d\d:\d\d-\d\d:\d\d)*\s*"


@router.get("/console/staff")
async def show_staff(request: Request) -> Response:
    """Who works here, as what, and what was done to their accounts."""
    person = await enter(request, Permission.SEE_STAFF)
    if not isinstance(person, StaffMember):
        return person
    desk = desk_of(request)
    language = language_of(request)
    roles = role_words(language)
    skills = {code: skill_word(code, language) for code in known_skills(desk.settings)}
    may = {
        "manage": person.may(Permission.MANAGE_ACCOUNTS),
        "plan": person.may(Permission.SET_SKILLS),
        "trail": person.may(Permission.READ_TRAIL),
    }
    return staff_page(
        request,
        "console/staff.html",
        person,
        here="staff",
        presence=await presence_of(desk, person),
        may=may,
        all_roles=roles,
        all_languages=OWN_NAMES,
        all_skills=skills,
        default_capacity=desk.settings.handoff.agent_capacity,
        weekdays=dict(zip(DAYS, weekdays(language), strict=True)),
        spans=SPANS,
        page_facts=json_in_page(
            {
                "me": {"id": str(person.id), "name": person.name},
                "may": may,
                "roles": roles,
                "languages": OWN_NAMES,
                "skills": skills,
                "capacity": desk.settings.handoff.agent_capacity,
            }
        ),
    )


def known_skills(settings: Settings) -> list[str]:
    """What config.yml speaks of."""
    routing = settings.handoff.routing
    return sorted({*routing.skills.values(), *routing.weights})
