"""Decides what the page of one's own account is told: the rest it asks the interface."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.accounts.staff import StaffMember
from api.auth import desk_of
from api.pages.console import presence_of
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page

router = APIRouter(include_in_schema=False)


@router.get("/console/account")
async def show_account(request: Request) -> Response:
    """Where I am signed in, my password, my second factor; for every role."""
    person = await enter(request, None)
    if not isinstance(person, StaffMember):
        return person
    return staff_page(
        request,
        "console/account.html",
        person,
        here="account",
        presence=await presence_of(desk_of(request), person),
        page_facts=json_in_page({"me": {"id": str(person.id), "name": person.name}}),
    )
