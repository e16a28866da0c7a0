"""Takes what an agent says to the shopper: words, pictures or both, while the conversation is theirs."""

from __future__ import annotations

from uuid import UUID

from api import pictures
from api.accounts.staff import StaffMember
from api.announce import announce
from api.bodies import AgentMessage
from api.desk import Desk
from api.promising import note_promises
from api.schemas import StaffMessage
from api.views import staff_messages
from handoff import assignments
from handoff.lifecycle import Actor


async def say_as_agent(
    desk: Desk, member: StaffMember, conversation_id: UUID, body: AgentMessage
) -> StaffMessage:
    """Reply to the shopper; refused once the conversation is somebody else's."""
    text = pictures.words_of(desk, body.text, body.pictures, longer=4)
    sender = pictures.by_agent(member.id)
    async with desk.database.writing() as session:
        shown_pictures = await pictures.chosen(
            desk, session, conversation_id, body.pictures, sender=sender
        )
        appended = await assignments.reply(
            session,
            conversation_id,
            agent_id=member.id,
            text=text,
            assignment_version=body.assignment_version,
            seen_seq=body.seen_seq,
            client_id=body.client_id,
            meta={"pictures": shown_pictures} if shown_pictures else {},
            now=desk.clock(),
        )
        if not appended.was_resent:
            await pictures.bind(session, appended.message)
            await note_promises(desk, session, member, appended.message)
        shown = (await staff_messages(session, [appended.message]))[0]
    if not appended.was_resent:
        desk.metrics.messages.labels(actor=Actor.AGENT.value).inc()
    announce(desk, conversation_id, "messages")
    return shown
