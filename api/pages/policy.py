"""Decides what a supervisor sees of the handoff policy: every rule in words, and who changed what when."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api import policy_desk
from api.accounts.roles import Permission
from api.auth import desk_of
from api.pages.gate import enter, staff_page
from api.pages.policy_words import DOES, RULES
from api.pages.rendering import json_in_page, language_of
from api.pages.translate import translate

router = APIRouter(include_in_schema=False)


@router.get("/console/policy")
async def show_policy(request: Request) -> Response:
    """The rules that hold, as a form that tries others on what really happened."""
    person = await enter(request, Permission.SET_POLICY)
    if isinstance(person, Response):
        return person
    desk, language = desk_of(request), language_of(request)
    values = desk.policy.triggers.model_dump()
    rules = [
        {
            **asdict(rule),
            "is_fixed": rule.is_fixed,
            "title": translate(language, rule.title),
            "sentence": translate(language, rule.sentence),
            "numbers": [
                {**asdict(number), "label": translate(language, number.label)}
                for number in rule.numbers
            ],
        }
        for rule in RULES
    ]
    return staff_page(
        request,
        "console/policy.html",
        person,
        here="policy",
        rules=rules,
        does={code: translate(language, words) for code, words in DOES.items()},
        values=values,
        number=desk.policy.number,
        revisions=await policy_desk.revisions(desk),
        page_facts=json_in_page(
            {
                "number": desk.policy.number,
                "triggers": values,
                "titles": {rule["code"]: rule["title"] for rule in rules},
                "may_read": person.may(Permission.SEE_ALL_CONVERSATIONS),
            }
        ),
    )
