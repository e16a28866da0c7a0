"""What agents may do over HTTP to ask a colleague without handing the conversation over."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api import consulting
from api.auth import Agent, TheDesk, conversation_id_of
from api.bodies import ClientId, Note, Owned, Text
from api.consulting import AskedView
from api.schemas import StaffMessage

router = APIRouter(prefix="/api/v1", tags=["agent"])


class AskColleague(Owned):
    client_id: ClientId
    to_agent_id: UUID
    text: Text


class ConsultView(BaseModel):
    """A question that is on its way."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    asked_at: datetime


@router.post("/conversations/{conversation_id}/consults", operation_id="ask_colleague")
async def ask_colleague(
    conversation_id: str, member: Agent, desk: TheDesk, body: AskColleague
) -> ConsultView:
    """Ask a colleague about it in a note; it stays mine, and the shopper hears nothing."""
    asked = await consulting.ask(
        desk,
        member,
        conversation_id_of(conversation_id),
        to_agent_id=body.to_agent_id,
        text=body.text,
        client_id=body.client_id,
        version=body.assignment_version,
    )
    return ConsultView(id=asked.id, asked_at=asked.asked_at)


@router.get("/consults", operation_id="read_asked_of_me")
async def read_asked_of_me(member: Agent, desk: TheDesk) -> list[AskedView]:
    """What colleagues asked me and I have not answered, the oldest first."""
    return await consulting.asked_of_me(desk, member)


@router.post("/consults/{consult_id}/answer", operation_id="answer_colleague")
async def answer_colleague(
    consult_id: UUID, member: Agent, desk: TheDesk, body: Note
) -> StaffMessage:
    """Answer in a note that only colleagues read."""
    return await consulting.answer(desk, member, consult_id, body)
