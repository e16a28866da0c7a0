"""Decides who may open a staff page, where everybody else is sent, and which links a person sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.accounts.roles import GRANTS, Permission, Role, permissions
from api.accounts.staff import StaffMember
from api.auth import recognise_staff
from api.pages.rendering import language_of, render, settings_of
from api.pages.translate import translate
from api.settings import Language

SEE_OTHER = 303
FORBIDDEN = 403
#: what a person is called who has the role
ROLE_WORDS = {
    Role.AGENT: "Agent",
    Role.EDITOR: "Editor",
    Role.SUPERVISOR: "Supervisor",
    Role.ADMIN: "Administrator",
    Role.AUDITOR: "Auditor",
}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A staff page and what it takes to open it."""

    key: str
    href: str
    icon: str
    #: a sentence of the catalogue
    label: str
    needs: Permission


PLACES = (
    Place(
        key="console",
        href="/console",
        icon="headset",
        label="Conversations",
        needs=Permission.SERVE_SHOPPERS,
    ),
    Place(
        key="tasks",
        href="/console/tasks",
        icon="check2-all",
        label="Tasks",
        needs=Permission.SERVE_SHOPPERS,
    ),
    Place(
        key="board",
        href="/board",
        icon="graph-up",
        label="Board",
        needs=Permission.SEE_ALL_CONVERSATIONS,
    ),
    Place(
        key="policy",
        href="/console/policy",
        icon="sliders",
        label="Policy",
        needs=Permission.SET_POLICY,
    ),
    Place(
        key="editor",
        href="/editor",
        icon="journal-text",
        label="Articles",
        needs=Permission.READ_ARTICLES,
    ),
    Place(
        key="try",
        href="/editor/try",
        icon="search",
        label="Try a question",
        needs=Permission.READ_ARTICLES,
    ),
    Place(
        key="gaps",
        href="/editor/gaps",
        icon="patch-question",
        label="Gaps",
        needs=Permission.SEE_GAPS,
    ),
    Place(
        key="staff",
        href="/console/staff",
        icon="people",
        label="Staff",
        needs=Permission.SEE_STAFF,
    ),
)


async def enter(request: Request, needs: Permission | None) -> StaffMember | Response:
    """The person, or the page that says why not: sign in first, or not with these roles."""
    person = await recognise_staff(request)
    if person is None:
        back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(
            f"/login?next={quote(back, safe='')}", status_code=SEE_OTHER
        )
    if needs is None or person.may(needs):
        return person
    return _forbidden(request, person, needs)


def staff_page(
    request: Request,
    template: str,
    person: StaffMember,
    *,
    here: str = "",
    presence: str = "available",
    status: int = 200,
    **context: Any,
) -> HTMLResponse:
    """A page with the bar above it; only links that the person's roles may use."""
    language = language_of(request)
    may = permissions(person.roles)
    return render(
        request,
        template,
        status=status,
        lang=language,
        staff={
            "id": str(person.id),
            "name": person.name,
            "login": person.login,
            "roles": person.roles,
            "may": {permission.value for permission in may},
        },
        links=_links(may, language),
        role_words=role_words(language),
        here=here,
        presence=presence,
        zone=ZoneInfo(settings_of(request).shop.timezone),
        **context,
    )


def _links(may: frozenset[Permission], language: Language) -> list[dict[str, str]]:
    return [
        {
            "key": place.key,
            "href": place.href,
            "icon": place.icon,
            "label": translate(language, place.label),
        }
        for place in PLACES
        if place.needs in may
    ]


def role_words(language: Language) -> dict[str, str]:
    return {role.value: translate(language, word) for role, word in ROLE_WORDS.items()}


def home_of(person: StaffMember) -> str:
    """Where the person's work begins."""
    may = permissions(person.roles)
    return next((place.href for place in PLACES if place.needs in may), "/")


def safe_next(address: str | None) -> str | None:
    """A path of our own to go on to after signing in; None for every other address."""
    if not address or not address.startswith("/") or address[:2] in {"//", "/\\"}:
        return None
    if any(ord(character) < ord(" ") or character == "\\" for character in address):
        return None
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else None


def _forbidden(
    request: Request, person: StaffMember, needs: Permission
) -> HTMLResponse:
    language = language_of(request)
    words = role_words(language)
    return staff_page(
        request,
        "console/forbidden.html",
        person,
        status=FORBIDDEN,
        own_roles=[words.get(role, role) for role in person.roles],
        needed_roles=[
            words[role.value] for role, grants in GRANTS.items() if needs in grants
        ],
        home=home_of(person),
    )
