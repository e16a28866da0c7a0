"""What a supervisor does with conversations of others: each in one transaction, then announced."""

from __future__ import annotations

from uuid import UUID

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.agents import notice, told
from api.announce import announce, announce_queue
from api.bodies import MoveInLine, Note
from api.desk import Desk
from api.incoming import clean
from api.routing import capacity_of
from api.schemas import StaffMessage
from api.views import staff_messages
from handoff import conversations, supervising
from handoff.lifecycle import Status
from handoff.models import Assignment, Conversation

RUNNING = frozenset({Status.BOT, Status.QUEUED, Status.ASSIGNED})


async def note_listening(
    desk: Desk, member: StaffMember, conversation_id: UUID
) -> None:
    """Keep in the trail that they read along with a running conversation of others."""
    if not member.may(Permission.SEE_ALL_CONVERSATIONS):
        return
    now = desk.clock()
    async with desk.database.reading() as session:
        row = await conversations.get(session, conversation_id)
        if not _is_others(row, member) or await supervising.is_listening(
            session, conversation_id, agent_id=member.id, now=now
        ):
            return  # most looks: nothing waits for the right to write
    async with desk.database.writing() as session:
        await supervising.listened(
            session, conversation_id, agent_id=member.id, now=now
        )


def _is_others(row: Conversation, member: StaffMember) -> bool:
    return row.status in RUNNING and row.agent_id != member.id


async def whisper(
    desk: Desk, member: StaffMember, conversation_id: UUID, body: Note
) -> StaffMessage:
    """Tell the owner alone; it pops up for them."""
    text = clean(body.text, limit=desk.settings.limits.message_characters)
    async with desk.database.writing() as session:
        appended = await supervising.whisper(
            session,
            conversation_id,
            agent_id=member.id,
            text=text,
            client_id=body.client_id,
            now=desk.clock(),
        )
        shown = (await staff_messages(session, [appended.message]))[0]
    announce(desk, conversation_id, "messages")
    announce_queue(desk)  # the owner may be looking at another conversation
    return shown


async def take_over(
    desk: Desk, member: StaffMember, conversation_id: UUID, *, version: int
) -> Assignment:
    """Become the owner at once; the shopper is told as of any transfer."""
    async with desk.database.writing() as session:
        assignment = await supervising.take_over(
            session,
            conversation_id,
            agent_id=member.id,
            capacity=capacity_of(desk.settings, member),
            assignment_version=version,
            now=desk.clock(),
        )
        await notice(
            desk, session, conversation_id, "agent_transferred", name=member.name
        )
    await told(desk, conversation_id)
    return assignment


async def move_in_line(
    desk: Desk, member: StaffMember, conversation_id: UUID, body: MoveInLine
) -> None:
    """Let it be served earlier or later by bounded minutes, with a reason."""
    async with desk.database.writing() as session:
        rank_at = await supervising.move_in_line(
            session,
            conversation_id,
            agent_id=member.id,
            name=member.name,
            minutes=body.minutes,
            reason=clean(body.reason, limit=300),
            most=desk.settings.handoff.supervisor_minutes,
            now=desk.clock(),
        )
    await desk.line.add(conversation_id, rank_at=rank_at)
    await told(desk, conversation_id)
