"""Decides how staff sign in: a page that explains itself, also when the browser cannot keep the cookie."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.auth import recognise_staff
from api.pages.gate import SEE_OTHER, home_of, safe_next
from api.pages.rendering import json_in_page, render, settings_of

router = APIRouter(include_in_schema=False)

_LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@router.get("/login")
async def show_login(request: Request) -> Response:
    """The form; whoever is signed in already goes on."""
    wanted = safe_next(request.query_params.get("next"))
    person = await recognise_staff(request)
    if person is not None:
        return RedirectResponse(wanted or home_of(person), status_code=SEE_OTHER)
    return render(
        request,
        "login.html",
        is_demo=settings_of(request).demo,
        needs_https=_cookie_is_dropped(request),
        page_facts=json_in_page({"next": wanted}),
    )


@router.get("/welcome")
async def show_welcome(request: Request) -> Response:
    """Where a link for setting a password leads; what stands behind `#` stays in the browser."""
    return render(request, "welcome.html", page_facts=json_in_page({}))


def _cookie_is_dropped(request: Request) -> bool:
    """A secure cookie over plain http to another machine is thrown away by the browser."""
    is_secure = settings_of(request).public_url.startswith("https://")
    host = request.url.hostname or ""
    return is_secure and request.url.scheme != "https" and host not in _LOCAL
