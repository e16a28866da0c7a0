"""Decides whom an agent may ask about a conversation, and what the asked one is shown."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from api.accounts import people
from api.accounts.staff import StaffMember
from api.announce import announce, announce_queue
from api.bodies import Note
from api.desk import Desk
from api.incoming import clean
from api.schemas import StaffMessage
from api.views import agent_names, staff_messages
from handoff import consults, conversations
from handoff.care_models import Consult


class AskedView(BaseModel):
    """One question that waits for an answer."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    conversation_id: UUID
    asker_name: str | None
    shopper_name: str | None
    language: str
    question: str
    asked_at: datetime


async def ask(
    desk: Desk,
    member: StaffMember,
    conversation_id: UUID,
    *,
    to_agent_id: UUID,
    text: str,
    client_id: str,
    version: int,
) -> Consult:
    """Ask whoever may serve shoppers; NotFound for anybody else."""
    question = clean(text, limit=desk.settings.limits.message_characters)
    async with desk.database.writing() as session:
        person = await people.who_serves(session, to_agent_id)
        consult = await consults.ask(
            session,
            conversation_id,
            agent_id=member.id,
            assignment_version=version,
            asked_id=person.id,
            asked_name=person.name,
            question=question,
            client_id=client_id,
            now=desk.clock(),
        )
    announce(desk, conversation_id, "messages")
    announce_queue(desk)
    return consult


async def asked_of_me(desk: Desk, member: StaffMember) -> list[AskedView]:
    async with desk.database.reading() as session:
        found = await consults.asked_of(session, member.id)
        names = await agent_names(session, (each.asker_id for each in found))
        shown = []
        for each in found:
            row = await conversations.get(session, each.conversation_id)
            shown.append(
                AskedView(
                    id=each.id,
                    conversation_id=each.conversation_id,
                    asker_name=names.get(each.asker_id),
                    shopper_name=row.shopper.get("name"),
                    language=row.language,
                    question=each.question,
                    asked_at=each.asked_at,
                )
            )
    return shown


async def answer(
    desk: Desk, member: StaffMember, consult_id: UUID, body: Note
) -> StaffMessage:
    """Answer among colleagues; the shopper never sees it."""
    text = clean(body.text, limit=desk.settings.limits.message_characters * 4)
    async with desk.database.writing() as session:
        said = await consults.answer(
            session,
            consult_id,
            agent_id=member.id,
            text=text,
            client_id=body.client_id,
            now=desk.clock(),
        )
        shown = (await staff_messages(session, [said.message]))[0]
        conversation_id = said.message.conversation_id
    # Whoever follows it may have lost the right to: "status" makes the sockets look.
    announce(desk, conversation_id, "messages", "status")
    announce_queue(desk)
    return shown
