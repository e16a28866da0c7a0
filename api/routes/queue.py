"""What agents may do over HTTP: the line, their conversations, their presence."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends

from api import agents, shifts
from api.agent_speaking import say_as_agent
from api.auth import Agent, TheDesk, conversation_id_of
from api.bodies import (
    AgentMessage,
    Note,
    Owned,
    PassOn,
    PresenceBody,
    Resolve,
    ReturnToBot,
    ShiftBody,
    Transfer,
)
from api.desk_view import ConversationView, conversation_view
from api.presence import MyPresence, note_presence
from api.queue_view import QueueView, queue_view
from api.schemas import StaffMessage
from api.supervising import note_listening
from handoff.models import Assignment


async def beat(member: Agent, desk: TheDesk) -> None:
    """Whoever works is there, also without a socket."""
    await note_presence(desk, member)


router = APIRouter(prefix="/api/v1", tags=["agent"], dependencies=[Depends(beat)])
Claimed = dict[str, Any]


@router.get("/queue", operation_id="read_queue")
async def read_queue(member: Agent, desk: TheDesk) -> QueueView:
    """Who waits, first in front, and what I have."""
    return await queue_view(desk, member)


@router.post("/queue/claim", operation_id="claim_next")
async def claim_next(member: Agent, desk: TheDesk) -> Claimed:
    """Take whoever is next."""
    return _claimed(await agents.claim_next(desk, member))


@router.put("/presence", operation_id="set_presence")
async def set_presence(member: Agent, desk: TheDesk, body: PresenceBody) -> MyPresence:
    """Say whether I am at my desk, or when I am back; to be repeated while I am here."""
    return await shifts.be(desk, member, body)


@router.put("/presence/shift", operation_id="plan_shift")
async def plan_shift(member: Agent, desk: TheDesk, body: ShiftBody) -> MyPresence:
    """Say when my shift ends; then what I have goes back into the line."""
    return await shifts.plan(desk, member, ends_at=body.ends_at)


@router.get("/conversations/{conversation_id}/desk", operation_id="read_desk")
async def read_desk(
    conversation_id: str, member: Agent, desk: TheDesk
) -> ConversationView:
    """The thread with its notes, and the card; who listens in is kept in the trail."""
    wanted = conversation_id_of(conversation_id)
    shown = await conversation_view(desk, member, wanted)
    await note_listening(desk, member, wanted)
    return shown


@router.post("/conversations/{conversation_id}/claim", operation_id="claim")
async def claim(conversation_id: str, member: Agent, desk: TheDesk) -> Claimed:
    """Take this one."""
    wanted = conversation_id_of(conversation_id)
    return _claimed(await agents.claim(desk, member, wanted))


@router.post(
    "/conversations/{conversation_id}/agent-messages", operation_id="reply_as_agent"
)
async def reply(
    conversation_id: str, member: Agent, desk: TheDesk, body: AgentMessage
) -> StaffMessage:
    """Say this to the shopper."""
    wanted = conversation_id_of(conversation_id)
    return await say_as_agent(desk, member, wanted, body)


@router.post("/conversations/{conversation_id}/notes", operation_id="leave_note")
async def leave_note(
    conversation_id: str, member: Agent, desk: TheDesk, body: Note
) -> StaffMessage:
    """Leave a note that only agents read."""
    return await agents.note(desk, member, conversation_id_of(conversation_id), body)


@router.post("/conversations/{conversation_id}/release", operation_id="release")
async def release(
    conversation_id: str, member: Agent, desk: TheDesk, body: Owned
) -> dict[str, str]:
    """Put it back into the line, at its old place."""
    wanted = conversation_id_of(conversation_id)
    await agents.release(desk, member, wanted, version=body.assignment_version)
    return {"status": "queued"}


@router.post("/conversations/{conversation_id}/transfer", operation_id="transfer")
async def transfer(
    conversation_id: str, member: Agent, desk: TheDesk, body: Transfer
) -> Claimed:
    """Hand it to a colleague."""
    wanted = conversation_id_of(conversation_id)
    return _claimed(await agents.transfer(desk, member, wanted, body))


@router.post("/conversations/{conversation_id}/pass-on", operation_id="pass_on")
async def pass_on(
    conversation_id: str, member: Agent, desk: TheDesk, body: PassOn
) -> dict[str, str]:
    """Send it to whoever has a skill, or to a supervisor, at its old place in the line."""
    await agents.pass_on(desk, member, conversation_id_of(conversation_id), body)
    return {"status": "queued"}


@router.post(
    "/conversations/{conversation_id}/return-to-bot", operation_id="return_to_bot"
)
async def return_to_bot(
    conversation_id: str, member: Agent, desk: TheDesk, body: ReturnToBot
) -> dict[str, str]:
    """Let the bot answer from the next message on."""
    wanted = conversation_id_of(conversation_id)
    await agents.return_to_bot(
        desk,
        member,
        wanted,
        version=body.assignment_version,
        settled=body.settled,
    )
    return {"status": "bot"}


@router.post("/conversations/{conversation_id}/resolve", operation_id="resolve")
async def resolve(
    conversation_id: str, member: Agent, desk: TheDesk, body: Resolve
) -> dict[str, str]:
    """End it with a wrap-up code."""
    await agents.resolve(desk, member, conversation_id_of(conversation_id), body)
    return {"status": "resolved"}


def _claimed(assignment: Assignment) -> Claimed:
    return {
        "conversation_id": str(assignment.conversation_id),
        "assignment_version": assignment.version,
    }
