"""Decides how an agent is shown something through the shopper's camera: asked for, agreed to, ended by either.

The picture goes from browser to browser (WebRTC) and is kept nowhere. What stays is the
trail: who asked, whether it was shown, and how it ended.
"""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from api.accounts.staff import StaffMember
from api.agents import notice
from api.announce import announce
from api.desk import Desk
from api.errors import ApiError
from api.look_view import look_of, view_of
from api.schemas import LookView
from handoff import conversations
from handoff.errors import NotYours
from handoff.events import CameraAsked, CameraEnded, CameraShown
from handoff.models import Conversation
from handoff.ownership import hold_own
from handoff.transitions import record

Why = Literal["refused", "insecure", "no_camera", "broken", "done"]
#: what the thread says of an end; a request that the agent takes back says nothing
NOTICES: dict[Why, str] = {
    "refused": "camera_refused",
    "insecure": "camera_impossible",
    "no_camera": "camera_impossible",
    "broken": "camera_broken",
    "done": "camera_ended",
}


class NoLook(ApiError):
    """This look is over."""

    code = "no_look"
    status = 409


async def ask(
    desk: Desk, member: StaffMember, conversation_id: UUID, *, version: int
) -> LookView:
    """Ask the shopper to show it; NotYours unless the conversation is theirs."""
    now = desk.clock()
    async with desk.database.writing() as session:
        await hold_own(session, conversation_id, member.id, version, now=now)
        record(
            session,
            CameraAsked(conversation_id=conversation_id, at=now, agent_id=member.id),
        )
        await notice(desk, session, conversation_id, "camera_asked", name=member.name)
    look = await desk.looks.begin(conversation_id, agent_id=member.id, version=version)
    announce(desk, conversation_id, "messages", "status")
    return view_of(desk, look)


async def show(desk: Desk, row: Conversation, look_id: UUID, *, sdp: str) -> None:
    """The shopper said yes: their browser's description, for the agent's."""
    look = await _open(desk, row, look_id)
    if not await desk.looks.describe(row.id, "offer", sdp):
        raise NoLook
    async with desk.database.writing() as session:
        now = desk.clock()
        record(
            session,
            CameraShown(conversation_id=row.id, at=now, agent_id=look.agent_id),
        )
        await notice(desk, session, row.id, "camera_shown")
    announce(desk, row.id, "messages", "status")


async def see(
    desk: Desk, member: StaffMember, conversation_id: UUID, look_id: UUID, *, sdp: str
) -> None:
    """The agent's browser's description, for the shopper's."""
    async with desk.database.reading() as session:
        row = await conversations.get(session, conversation_id)
    look = await _open(desk, row, look_id)
    if look.agent_id != member.id:
        raise NotYours
    if not await desk.looks.describe(conversation_id, "answer", sdp):
        raise NoLook
    announce(desk, conversation_id, "status")


async def end(
    desk: Desk,
    row: Conversation,
    look_id: UUID,
    *,
    member: StaffMember | None,
    why: Why,
) -> None:
    """Nobody sees anything any more; ending it twice changes nothing."""
    try:
        look = await _open(desk, row, look_id)
    except NoLook:
        return
    if member is not None and look.agent_id != member.id:
        raise NotYours
    await desk.looks.end(row.id)
    is_taken_back = member is not None and look.offer is None
    async with desk.database.writing() as session:
        now = desk.clock()
        record(
            session,
            CameraEnded(
                conversation_id=row.id,
                at=now,
                agent_id=look.agent_id,
                by="agent" if member is not None else "shopper",
                why=why,
                was_shown=look.offer is not None,
            ),
        )
        if not is_taken_back:
            await notice(desk, session, row.id, NOTICES[why])
    announce(desk, row.id, "messages", "status")


async def _open(desk: Desk, row: Conversation, look_id: UUID) -> LookView:
    look = await look_of(desk, row)
    if look is None or look.id != look_id:
        raise NoLook
    return look
