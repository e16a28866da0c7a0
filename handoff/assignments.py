"""What an agent may do with a conversation, as long as it is theirs.

Every action names the `assignment_version` that the agent saw. A conditional UPDATE holds
it against the row first, so an agent whose spell has ended cannot act any more, however
late the request arrives.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handoff import conversations
from handoff.capacity import load, make_sure_of_room
from handoff.conversations import Appended
from handoff.errors import NewMessageAbove, NotYours, UnknownDisposition
from handoff.events import (
    ConversationReleased,
    ConversationResolved,
    ConversationReturned,
    ConversationTransferred,
)
from handoff.lifecycle import Actor, Audience, Status
from handoff.models import Assignment, Conversation
from handoff.ownership import (
    agents_holding,
    begin_assignment,
    end_assignment,
    hold_own,
    mine,
    move_own,
)
from handoff.requests import end_handoff, was_said
from handoff.transitions import back_to_bot, record

__all__ = [
    "agents_holding",
    "load",
    "mine",
    "note",
    "release",
    "release_all",
    "reply",
    "resolve",
    "return_to_bot",
    "transfer",
]


async def reply(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    text: str,
    assignment_version: int,
    seen_seq: int | None = None,
    client_id: str | None = None,
    language: str | None = None,
    meta: dict[str, Any] | None = None,
    now: datetime,
) -> Appended:
    """Say this to the shopper in the agent's name.

    NotYours when the spell has ended, NewMessageAbove when the shopper wrote after
    `seen_seq`. A resend gives the first message back even then: it was already said.
    """
    said: dict[str, Any] = {"text": text, "client_id": client_id, "meta": meta}
    first = await conversations.resent(
        session, conversation_id, actor=Actor.AGENT, **said
    )
    if first is not None and first.agent_id == agent_id:
        return Appended(message=first, was_resent=True)
    await hold_own(session, conversation_id, agent_id, assignment_version, now=now)
    heard = await conversations.last_shopper_seq(session, conversation_id)
    if seen_seq is not None and heard > seen_seq:
        raise NewMessageAbove
    appended = await conversations.append(
        session,
        conversation_id,
        actor=Actor.AGENT,
        agent_id=agent_id,
        language=language,
        now=now,
        **said,
    )
    await was_said(session, appended.message, heard=heard, now=now)
    return appended


async def note(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    text: str,
    client_id: str | None = None,
    meta: dict[str, Any] | None = None,
    now: datetime,
) -> Appended:
    """Leave a note that only agents read; any agent may, also about a waiting shopper."""
    return await conversations.append(
        session,
        conversation_id,
        actor=Actor.AGENT,
        text=text,
        kind="note",
        audience=Audience.AGENTS,
        client_id=client_id,
        agent_id=agent_id,
        meta=meta,
        now=now,
    )


async def release(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    assignment_version: int,
    how: str = "released",
    pause: timedelta | None = None,
    skill: str | None = None,
    now: datetime,
) -> ConversationReleased:
    """Put it back at its old place in the line, or raise NotYours.

    For `pause` this agent is not given it again; `skill` is what the next one should
    have. After the commit tell the line: `line.add(id, rank_at=event.rank_at)`.
    """
    moved = await move_own(
        session,
        conversation_id,
        agent_id,
        assignment_version,
        to={
            "status": Status.QUEUED,
            "agent_id": None,
            "updated_at": now,
            **_given_away(agent_id, how=how, pause=pause, now=now),
            **({"skill": skill} if skill is not None else {}),
        },
    )
    await end_assignment(session, conversation_id, how=how, now=now)
    return record(
        session,
        ConversationReleased(
            conversation_id=conversation_id,
            at=now,
            agent_id=agent_id,
            how=how,
            rank_at=moved.queue_rank_at or now,
        ),
    )


def _given_away(
    agent_id: UUID, *, how: str, pause: timedelta | None, now: datetime
) -> dict[str, Any]:
    """Whoever lost the connection is asked first again; whoever gave it away is not."""
    given: dict[str, Any] = {} if how == "lease_lost" else {"last_agent_id": None}
    if pause is not None:
        given |= {"avoid_agent_id": agent_id, "avoid_until": now + pause}
    return given


async def release_all(
    session: AsyncSession,
    agent_id: UUID,
    *,
    how: str = "lease_lost",
    now: datetime,
) -> list[ConversationReleased]:
    """Put back everything of an agent who is gone; each shopper keeps the old place."""
    released = []
    for conversation in await mine(session, agent_id):
        try:
            event = await release(
                session,
                conversation.id,
                agent_id=agent_id,
                assignment_version=conversation.assignment_version,
                how=how,
                now=now,
            )
        except NotYours:
            continue  # moved on between the two statements
        released.append(event)
    return released


async def transfer(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    to_agent_id: UUID,
    capacity: int,
    assignment_version: int,
    now: datetime,
) -> Assignment:
    """Hand it to a colleague who has room (`capacity` is theirs), or raise."""
    await make_sure_of_room(session, to_agent_id, capacity=capacity)
    moved = await move_own(
        session,
        conversation_id,
        agent_id,
        assignment_version,
        to={
            "agent_id": to_agent_id,
            "assignment_version": Conversation.assignment_version + 1,
            "updated_at": now,
        },
    )
    await end_assignment(session, conversation_id, how="transferred", now=now)
    return await begin_assignment(
        session,
        moved,
        ConversationTransferred(
            conversation_id=conversation_id,
            at=now,
            agent_id=agent_id,
            to_agent_id=to_agent_id,
            version=moved.assignment_version,
        ),
    )


async def return_to_bot(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    assignment_version: int,
    now: datetime,
) -> ConversationReturned:
    """Let the bot answer again, from the next message on, or raise NotYours."""
    await move_own(
        session,
        conversation_id,
        agent_id,
        assignment_version,
        to=back_to_bot(now=now),
    )
    await end_assignment(session, conversation_id, how="returned_to_bot", now=now)
    await end_handoff(session, conversation_id, outcome="returned_to_bot", now=now)
    return record(
        session,
        ConversationReturned(
            conversation_id=conversation_id, at=now, agent_id=agent_id
        ),
    )


async def resolve(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    assignment_version: int,
    disposition: str,
    dispositions: Collection[str],
    now: datetime,
) -> ConversationResolved:
    """End it with a wrap-up code out of `dispositions`, or raise."""
    if disposition not in dispositions:
        raise UnknownDisposition
    await move_own(
        session,
        conversation_id,
        agent_id,
        assignment_version,
        to={
            "status": Status.RESOLVED,
            "agent_id": None,
            "disposition": disposition,
            "answered_seq": Conversation.last_seq,
            "resolved_at": now,
            "updated_at": now,
        },
    )
    await end_assignment(session, conversation_id, how="resolved", now=now)
    await end_handoff(session, conversation_id, outcome="resolved", now=now)
    return record(
        session,
        ConversationResolved(
            conversation_id=conversation_id,
            at=now,
            agent_id=agent_id,
            disposition=disposition,
        ),
    )
