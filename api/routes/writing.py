"""What helps agents write, over HTTP: suggestions, ready replies, a look before sending, scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.accounts.staff import StaffMember
from api.auth import Agent, TheDesk, conversation_id_of
from api.bodies import Body, Text
from api.desk import Desk
from api.desk_view import may_read_whole
from api.errors import NotAllowed
from api.pages.rendering import language_of
from api.promising import read_promises
from api.wrapping_up import WrapUpDraft, WrapUpView, draft, last_wrap_up
from api.writing.canned import (
    CannedView,
    Texts,
    in_script,
    remove_reply,
    replies_for,
    write_reply,
)
from api.writing.case import Case, read_case
from api.writing.check import Rules, check_reply
from api.writing.suggesting import Suggestions, suggest
from handoff import conversations

router = APIRouter(prefix="/api/v1", tags=["agent"])
Shortcut = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Scope = Literal["mine", "shop"]


class Reply(Body):
    text: Text


class Convert(Body):
    text: Text
    to: Literal["zh-Hans", "zh-Hant"]


class CannedBody(Body):
    title: Annotated[str, Field(min_length=1, max_length=120)]
    texts: Annotated[
        dict[
            Literal["zh-Hans", "zh-Hant", "en"],
            Annotated[str, Field(min_length=1, max_length=2000)],
        ],
        Field(min_length=1),
    ]


class FoundView(Body):
    code: str
    words: str
    instead: str | None = None


class PromisedView(Body):
    words: str
    due_at: datetime


class CheckView(Body):
    """What to look at once more; an empty list of findings means that it may leave."""

    findings: list[FoundView]
    promises: list[PromisedView]


async def case_of(desk: Desk, member: StaffMember, conversation_id: UUID) -> Case:
    """The case, for whoever may read every word of it."""
    async with desk.database.reading() as session:
        row = await conversations.get(session, conversation_id)
        if not may_read_whole(member, row):
            raise NotAllowed
        return await read_case(desk, session, member, row)


@router.get(
    "/conversations/{conversation_id}/suggestions", operation_id="read_suggestions"
)
async def read_suggestions(
    conversation_id: str, member: Agent, desk: TheDesk
) -> Suggestions:
    """Answers to take over, openings and closings. Nothing of it is sent by itself."""
    case = await case_of(desk, member, conversation_id_of(conversation_id))
    return await suggest(desk, case)


@router.post("/conversations/{conversation_id}/reply-check", operation_id="check_reply")
async def look_before_sending(
    conversation_id: str, member: Agent, desk: TheDesk, body: Reply
) -> CheckView:
    """What to look at once more before this leaves, and what it would promise."""
    case = await case_of(desk, member, conversation_id_of(conversation_id))
    care = desk.settings.care
    found = check_reply(
        body.text,
        language=case.language,
        unanswered=case.unanswered,
        known_numbers=case.known_numbers,
        rules=Rules(banned=care.banned_words, over_promises=care.over_promises),
    )
    promised = read_promises(desk, body.text)
    return CheckView(
        findings=[
            FoundView(code=one.code, words=one.words, instead=one.instead)
            for one in found
        ],
        promises=[PromisedView(words=one.words, due_at=one.due_at) for one in promised],
    )


@router.post("/convert", operation_id="convert_script")
async def convert(member: Agent, desk: TheDesk, body: Convert) -> dict[str, str]:
    """The same words in the other Chinese script."""
    return {"text": in_script(body.text, body.to, desk)}


@router.get("/canned-replies", operation_id="read_canned_replies")
async def read_canned(
    request: Request,
    member: Agent,
    desk: TheDesk,
    conversation_id: Annotated[str, Query(max_length=36)] = "",
) -> dict[str, list[CannedView]]:
    """My ready replies; with a conversation, filled in for it."""
    case = None
    if conversation_id:
        case = await case_of(desk, member, conversation_id_of(conversation_id))
    found = await replies_for(desk, member, language=language_of(request), case=case)
    return {"replies": found}


@router.put("/canned-replies/{scope}/{shortcut}", operation_id="write_canned_reply")
async def write_canned(
    scope: Scope, shortcut: Shortcut, member: Agent, desk: TheDesk, body: CannedBody
) -> dict[str, Any]:
    """Keep a ready reply under this shortcut."""
    texts: Texts = dict(body.texts)
    await write_reply(
        desk, member, scope=scope, shortcut=shortcut, title=body.title, texts=texts
    )
    return {"scope": scope, "shortcut": shortcut}


@router.delete(
    "/canned-replies/{scope}/{shortcut}",
    status_code=204,
    operation_id="remove_canned_reply",
)
async def remove_canned(
    scope: Scope, shortcut: Shortcut, member: Agent, desk: TheDesk
) -> None:
    """Take a ready reply away."""
    await remove_reply(desk, member, scope=scope, shortcut=shortcut)


@router.get(
    "/conversations/{conversation_id}/wrap-up-draft", operation_id="draft_wrap_up"
)
async def draft_wrap_up(
    conversation_id: str, request: Request, member: Agent, desk: TheDesk
) -> WrapUpDraft:
    """A summary to correct, and the tree of what it can have ended as."""
    wanted = conversation_id_of(conversation_id)
    return await draft(desk, member, wanted, language=language_of(request))


@router.get("/conversations/{conversation_id}/wrap-up", operation_id="read_wrap_up")
async def read_wrap_up(
    conversation_id: str, member: Agent, desk: TheDesk
) -> WrapUpView | None:
    """How it was put down last; nothing if it never was."""
    wanted = conversation_id_of(conversation_id)
    await case_of(desk, member, wanted)
    return await last_wrap_up(desk, wanted)
