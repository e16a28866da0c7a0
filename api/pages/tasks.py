"""Decides what the pages of tasks and of ready replies are told when they open."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import desk_of
from api.pages.console import presence_of
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page

router = APIRouter(include_in_schema=False)


@router.get("/console/tasks")
async def show_tasks(request: Request) -> Response:
    """What is promised, asked for, to be followed up, and how shoppers rated."""
    return await _page(request, "console/tasks.html", here="tasks")


@router.get("/console/replies")
async def show_replies(request: Request) -> Response:
    """The ready replies of the shop and one's own."""
    return await _page(request, "console/replies.html", here="tasks")


async def _page(request: Request, template: str, *, here: str) -> Response:
    person = await enter(request, Permission.SERVE_SHOPPERS)
    if not isinstance(person, StaffMember):
        return person
    return staff_page(
        request,
        template,
        person,
        here=here,
        presence=await presence_of(desk_of(request), person),
        page_facts=json_in_page(
            {
                "me": {"id": str(person.id), "name": person.name},
                "decides": person.may(Permission.MOVE_CONVERSATIONS),
            }
        ),
    )
