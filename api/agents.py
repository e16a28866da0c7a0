"""What an agent does with conversations: each in one transaction, then announced, with words for the shopper."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts import people
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.announce import announce, announce_queue
from api.bodies import Note, PassOn, Resolve, Transfer
from api.desk import Desk
from api.incoming import clean
from api.presence import lease_of
from api.routing import capacity_of, routing_policy, seeker_of
from api.schemas import StaffMessage
from api.views import staff_messages
from api.wrapping_up import put_down
from handoff import assignments, conversations, queue
from handoff.lifecycle import Actor
from handoff.models import Assignment, Conversation
from knowledge_base.languages import is_language


async def claim_next(desk: Desk, member: StaffMember) -> Assignment:
    """Take whoever is next in line."""
    async with desk.database.writing() as session:
        assignment = await queue.claim_next(
            session,
            seeker=seeker_of(desk.settings, member),
            policy=routing_policy(desk.settings),
            now=desk.clock(),
        )
        await notice(
            desk, session, assignment.conversation_id, "agent_joined", name=member.name
        )
    await told(desk, assignment.conversation_id, left_line=True)
    return assignment


async def claim(desk: Desk, member: StaffMember, conversation_id: UUID) -> Assignment:
    """Take this one; taking what is already mine changes nothing."""
    async with desk.database.writing() as session:
        before = await conversations.get(session, conversation_id)
        was_mine = before.agent_id == member.id
        assignment = await queue.claim(
            session,
            conversation_id,
            agent_id=member.id,
            capacity=capacity_of(desk.settings, member),
            now=desk.clock(),
        )
        if not was_mine:
            await notice(
                desk, session, conversation_id, "agent_joined", name=member.name
            )
    await told(desk, conversation_id, left_line=True)
    return assignment


async def note(
    desk: Desk, member: StaffMember, conversation_id: UUID, body: Note
) -> StaffMessage:
    """Leave a note that only agents read."""
    text = clean(body.text, limit=desk.settings.limits.message_characters * 4)
    async with desk.database.writing() as session:
        appended = await assignments.note(
            session,
            conversation_id,
            agent_id=member.id,
            text=text,
            client_id=body.client_id,
            now=desk.clock(),
        )
        shown = (await staff_messages(session, [appended.message]))[0]
    announce(desk, conversation_id, "messages")
    return shown


async def release(
    desk: Desk, member: StaffMember, conversation_id: UUID, *, version: int
) -> None:
    """Put it back into the line, at its old place."""
    async with desk.database.writing() as session:
        owner = await owner_for(session, member, conversation_id)
        event = await assignments.release(
            session,
            conversation_id,
            agent_id=owner,
            assignment_version=version,
            pause=timedelta(seconds=desk.settings.handoff.silent_pause_seconds),
            now=desk.clock(),
        )
        await notice(desk, session, conversation_id, "agent_released")
    await desk.line.add(conversation_id, rank_at=event.rank_at)
    await told(desk, conversation_id)


async def transfer(
    desk: Desk, member: StaffMember, conversation_id: UUID, body: Transfer
) -> Assignment:
    """Hand it to a colleague who has room."""
    async with desk.database.writing() as session:
        colleague = await people.who_serves(session, body.to_agent_id)
        owner = await owner_for(session, member, conversation_id)
        assignment = await assignments.transfer(
            session,
            conversation_id,
            agent_id=owner,
            to_agent_id=colleague.id,
            capacity=capacity_of(desk.settings, colleague),
            assignment_version=body.assignment_version,
            now=desk.clock(),
        )
        await keep_note(desk, session, member, conversation_id, body.note)
        await notice(
            desk, session, conversation_id, "agent_transferred", name=colleague.name
        )
    await told(desk, conversation_id)
    return assignment


async def pass_on(
    desk: Desk, member: StaffMember, conversation_id: UUID, body: PassOn
) -> None:
    """Send it to whoever has this skill, or to a supervisor, at its old place."""
    async with desk.database.writing() as session:
        owner = await owner_for(session, member, conversation_id)
        event = await assignments.release(
            session,
            conversation_id,
            agent_id=owner,
            assignment_version=body.assignment_version,
            how="transferred",
            pause=timedelta(seconds=desk.settings.handoff.silent_pause_seconds),
            skill=body.skill,
            now=desk.clock(),
        )
        await keep_note(desk, session, member, conversation_id, body.note)
        await notice(desk, session, conversation_id, "passed_on")
    await desk.line.add(conversation_id, rank_at=event.rank_at)
    await told(desk, conversation_id)


async def keep_note(
    desk: Desk,
    session: AsyncSession,
    member: StaffMember,
    conversation_id: UUID,
    text: str,
) -> None:
    """What the next one should know, for colleagues only."""
    if text.strip():
        await assignments.note(
            session,
            conversation_id,
            agent_id=member.id,
            text=clean(text, limit=desk.settings.limits.message_characters * 4),
            now=desk.clock(),
        )


async def return_to_bot(
    desk: Desk,
    member: StaffMember,
    conversation_id: UUID,
    *,
    version: int,
    settled: str = "",
) -> None:
    """Let the bot answer from the next message on."""
    async with desk.database.writing() as session:
        owner = await owner_for(session, member, conversation_id)
        await assignments.return_to_bot(
            session,
            conversation_id,
            agent_id=owner,
            assignment_version=version,
            now=desk.clock(),
        )
        await keep_note(desk, session, member, conversation_id, settled)
        await notice(desk, session, conversation_id, "returned_to_bot")
    await told(desk, conversation_id)


async def resolve(
    desk: Desk, member: StaffMember, conversation_id: UUID, body: Resolve
) -> None:
    """End it with a wrap-up code."""
    async with desk.database.writing() as session:
        owner = await owner_for(session, member, conversation_id)
        await assignments.resolve(
            session,
            conversation_id,
            agent_id=owner,
            assignment_version=body.assignment_version,
            disposition=body.disposition,
            dispositions=desk.settings.handoff.dispositions,
            now=desk.clock(),
        )
        await put_down(desk, session, member, conversation_id, body)
        await notice(desk, session, conversation_id, "resolved")
    await told(desk, conversation_id)


async def owner_for(
    session: AsyncSession, member: StaffMember, conversation_id: UUID
) -> UUID:
    """In whose name to act: a supervisor may move another agent's conversation."""
    row = await conversations.get(session, conversation_id)
    may_move = member.may(Permission.MOVE_CONVERSATIONS)
    if may_move and row.agent_id is not None:
        return row.agent_id
    return member.id


async def release_lost(desk: Desk, now: datetime) -> int:
    """Put back everything of agents whose lease is over, with a word to the shoppers."""
    async with desk.database.reading() as session:
        holding = await assignments.agents_holding(session)
    gone = (
        await desk.presence.expired_agents(holding, now=now, lease=lease_of(desk))
        if holding
        else []
    )
    for agent_id in gone:
        await put_back(desk, agent_id, how="lease_lost", key="agent_released", now=now)
    return len(gone)


async def put_back(
    desk: Desk, agent_id: UUID, *, how: str, key: str, now: datetime
) -> int:
    """Everything of this agent to its old place in the line, each shopper told."""
    async with desk.database.writing() as session:
        events = await assignments.release_all(session, agent_id, how=how, now=now)
        for event in events:
            await notice(desk, session, event.conversation_id, key)
    for event in events:
        await desk.line.add(event.conversation_id, rank_at=event.rank_at)
        await told(desk, event.conversation_id)
    return len(events)


async def notice(
    desk: Desk, session: AsyncSession, conversation_id: UUID, key: str, **args: Any
) -> None:
    """A line in the thread that says what happened to the conversation."""
    row: Conversation = await conversations.get(session, conversation_id)
    default = desk.settings.languages.default
    language = row.language if is_language(row.language) else default
    await conversations.append(
        session,
        conversation_id,
        actor=Actor.SYSTEM,
        kind="notice",
        text=desk.words.render(key, language, args).text,
        language=language,
        meta={"key": key},
        now=desk.clock(),
    )


async def told(desk: Desk, conversation_id: UUID, *, left_line: bool = False) -> None:
    if left_line:
        await desk.line.remove(conversation_id)
    announce(desk, conversation_id, "messages", "status")
    announce_queue(desk)
