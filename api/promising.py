"""Decides which promises are noted, who may correct or end one, and when its agent is reminded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.announce import announce_queue
from api.desk import Desk
from api.errors import InvalidFields, NotAllowed
from api.views import agent_names
from handoff import conversations, promises
from handoff.care_models import Promise
from handoff.models import Conversation, Message
from handoff.promise_times import FURTHEST, FoundPromise, find_promises


class PromiseView(BaseModel):
    """One promise as the console shows it."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    conversation_id: UUID
    message_seq: int
    words: str
    said_at: datetime
    due_at: datetime
    state: str
    ended_at: datetime | None
    agent_id: UUID
    agent_name: str | None
    shopper_name: str | None
    #: close to being due, or past it
    is_pressing: bool


def read_promises(desk: Desk, text: str) -> tuple[FoundPromise, ...]:
    """What these words would promise if they were sent now."""
    return find_promises(text, now=desk.clock(), zone=desk.opening_hours.timezone)


async def note_promises(
    desk: Desk, session: AsyncSession, member: StaffMember, message: Message
) -> None:
    """Keep what an agent's message promised, in the transaction that keeps the message."""
    found = read_promises(desk, message.text)
    if found:
        await promises.keep(
            session,
            message.conversation_id,
            message_seq=message.seq,
            agent_id=member.id,
            found=found,
            now=desk.clock(),
        )


async def open_promises(
    desk: Desk, member: StaffMember, *, everybody: bool
) -> list[PromiseView]:
    """What I still owe; a supervisor may ask for what anybody owes."""
    if everybody and not member.may(Permission.SEE_ALL_CONVERSATIONS):
        raise NotAllowed
    async with desk.database.reading() as session:
        rows = await promises.open_of(session, None if everybody else member.id)
        return await _views(desk, session, rows)


async def promises_of(desk: Desk, conversation_id: UUID) -> list[PromiseView]:
    """Every promise made in this conversation."""
    async with desk.database.reading() as session:
        rows = await promises.of_conversation(session, conversation_id)
        return await _views(desk, session, rows)


async def move_promise(
    desk: Desk, member: StaffMember, promise_id: UUID, *, due_at: datetime
) -> PromiseView:
    """Correct the time; it must lie ahead, and not further than a promise reaches."""
    now = desk.clock()
    if due_at.tzinfo is None or not now < due_at <= now + FURTHEST:
        raise InvalidFields([{"pointer": "/due_at", "detail": "Must lie ahead."}])
    async with desk.database.writing() as session:
        await _check_may_touch(session, member, promise_id)
        row = await promises.move(
            session, promise_id, by=member.id, due_at=due_at, now=now
        )
        [view] = await _views(desk, session, [row])
    announce_queue(desk)
    return view


async def end_promise(
    desk: Desk, member: StaffMember, promise_id: UUID, *, how: str
) -> PromiseView:
    """Put on record that it was kept or broken, or that it was no promise."""
    async with desk.database.writing() as session:
        await _check_may_touch(session, member, promise_id)
        row = await promises.end(
            session, promise_id, how=how, by=member.id, now=desk.clock()
        )
        [view] = await _views(desk, session, [row])
    announce_queue(desk)
    return view


async def watch_promises(desk: Desk) -> None:
    """Remind of what is due soon, and put on record what was not kept in time."""
    now = desk.clock()
    before = timedelta(minutes=desk.settings.care.promise_warn_minutes)
    async with desk.database.reading() as session:
        rows = await promises.open_of(session, limit=1)
        is_needed = any(row.due_at <= now + before for row in rows)
    if not is_needed:
        return
    async with desk.database.writing() as session:
        broken = await promises.break_overdue(session, now=now)
        warned = await promises.warn(session, before=before, now=now)
    if broken or warned:
        announce_queue(desk)


async def _check_may_touch(
    session: AsyncSession, member: StaffMember, promise_id: UUID
) -> None:
    """Whoever made it, whoever has the conversation now, and supervisors."""
    row = await promises.get(session, promise_id)
    if member.may(Permission.MOVE_CONVERSATIONS) or row.agent_id == member.id:
        return
    conversation = await conversations.get(session, row.conversation_id)
    if conversation.agent_id != member.id:
        raise NotAllowed


async def _views(
    desk: Desk, session: AsyncSession, rows: Sequence[Promise]
) -> list[PromiseView]:
    names = await agent_names(session, (row.agent_id for row in rows))
    wanted = {row.conversation_id for row in rows}
    shoppers = {}
    if wanted:
        found = await session.execute(
            select(Conversation.id, Conversation.shopper).where(
                Conversation.id.in_(wanted)
            )
        )
        shoppers = {row[0]: row[1].get("name") for row in found}
    soon = desk.clock() + timedelta(minutes=desk.settings.care.promise_warn_minutes)
    return [
        PromiseView(
            id=row.id,
            conversation_id=row.conversation_id,
            message_seq=row.message_seq,
            words=row.words,
            said_at=row.said_at,
            due_at=row.due_at,
            state=row.state,
            ended_at=row.ended_at,
            agent_id=row.agent_id,
            agent_name=names.get(row.agent_id),
            shopper_name=shoppers.get(row.conversation_id),
            is_pressing=row.state == promises.OPEN and row.due_at <= soon,
        )
        for row in rows
    ]
