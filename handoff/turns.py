"""Which shopper messages the bot answers next, and that it answers them once.

A turn is a row made before the bot is called. The database refuses a second running one
for the same conversation, and a turn whose outcome is unknown is never called again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from handoff.errors import NoSuchTurn
from handoff.events import TurnDropped, TurnExpired
from handoff.lifecycle import Actor, Status
from handoff.models import Conversation, Message, Turn
from handoff.transitions import TRUE_TO_ROWS, change, hold, record

LEASE_EXPIRED = "lease_expired"


class TurnState(StrEnum):
    """How far a turn has come."""

    RUNNING = "running"  #: the bot was asked
    ANSWERED = "answered"  #: the bot replied and the reply was kept
    FAILED = "failed"  #: no usable reply; a person gets the conversation
    DROPPED = "dropped"  #: a person took over meanwhile; the reply was thrown away


# Every turn runs these; made once, as to put one together costs as much as to run it.
_OF_CONVERSATION = Turn.conversation_id == bindparam("conversation_id")
_NEWEST = (
    select(Turn)
    .where(_OF_CONVERSATION)
    .order_by(Turn.first_seq.desc())
    .limit(1)
    .execution_options(populate_existing=True)
)
_RECENT = (
    select(Turn)
    # Nobody who looks back needs what the bot remembers, and it is long.
    .options(defer(Turn.dialogue, raiseload=True))
    .where(_OF_CONVERSATION, Turn.state != TurnState.RUNNING)
    .order_by(Turn.first_seq.desc())
    .limit(bindparam("at_most"))
    .execution_options(populate_existing=True)
)
_UNANSWERED = (
    select(Message)
    .where(
        Message.conversation_id == bindparam("conversation_id"),
        Message.actor == Actor.SHOPPER,
        Message.seq > bindparam("answered_seq"),
    )
    .order_by(Message.seq)
)


@dataclass(frozen=True, kw_only=True)
class OpenTurn:
    """What the bot is asked: everything unanswered, and the dialogue so far."""

    turn_id: UUID
    #: as it stands while the turn begins
    conversation: Conversation
    messages: tuple[Message, ...]
    #: Rasa's events as the last answered turn left them
    dialogue: list[Any]


async def begin(
    session: AsyncSession, conversation_id: UUID, *, lease: timedelta, now: datetime
) -> OpenTurn | None:
    """Start a turn over all unanswered messages of the shopper.

    None if a turn is running, the bot is not the one to answer, or nothing is open.
    """
    conversation = await hold(session, conversation_id)
    if conversation.status != Status.BOT:
        return None
    # The conversation is locked: nobody else can begin one between this look and ours.
    newest: Turn | None = await session.scalar(
        _NEWEST, {"conversation_id": conversation_id}
    )
    if newest is not None and newest.state == TurnState.RUNNING:
        return None
    messages = await _unanswered(session, conversation)
    if not messages:
        return None
    turn = Turn(
        conversation_id=conversation_id,
        first_seq=messages[0].seq,
        last_seq=messages[-1].seq,
        state=TurnState.RUNNING,
        lease_until=now + lease,
        started_at=now,
    )
    session.add(turn)
    await session.flush()
    return OpenTurn(
        turn_id=turn.id,
        conversation=conversation,
        messages=tuple(messages),
        dialogue=await _dialogue_after(session, conversation_id, newest),
    )


async def finish(
    session: AsyncSession,
    turn_id: UUID,
    *,
    conversation_id: UUID | None = None,
    state: str,
    signals: dict[str, Any],
    dialogue: list[Any],
    failure: str | None = None,
    now: datetime,
) -> bool:
    """End a running turn; False means that the bot must not say anything now.

    Give the `conversation_id` if it is known, and it need not be looked up.

    That is so when the turn had already ended (its lease ran out) and when a person has
    taken over meanwhile: then the turn is kept as `dropped`. After True the conversation
    stays locked, so replies appended in this transaction come before any takeover.
    """
    conversation_id = conversation_id or await _conversation_of(session, turn_id)
    conversation = await hold(session, conversation_id)
    is_bots = conversation.status == Status.BOT
    ended = await _end(
        session,
        turn_id,
        to={
            "state": state if is_bots else TurnState.DROPPED,
            "signals": signals,
            "dialogue": dialogue,
            "failure": failure,
            "finished_at": now,
        },
    )
    if ended is not None and not is_bots:
        dropped = TurnDropped(conversation_id=conversation_id, at=now, turn_id=turn_id)
        record(session, dropped)
    return ended is not None and is_bots


async def _conversation_of(session: AsyncSession, turn_id: UUID) -> UUID:
    found = await session.scalar(select(Turn.conversation_id).where(Turn.id == turn_id))
    if found is None:
        raise NoSuchTurn
    return found


async def covering(
    session: AsyncSession, conversation_id: UUID, seq: int
) -> Turn | None:
    """Return the turn that answered, or is answering, the message with this seq."""
    return await session.scalar(
        select(Turn)
        .where(
            Turn.conversation_id == conversation_id,
            Turn.first_seq <= seq,
            Turn.last_seq >= seq,
        )
        .order_by(Turn.first_seq.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


async def recent(
    session: AsyncSession, conversation_id: UUID, *, limit: int = 20
) -> list[Turn]:
    """Return the last ended turns, oldest first: what triggers and the card look at."""
    newest_first = await session.scalars(
        _RECENT, {"conversation_id": conversation_id, "at_most": limit}
    )
    return list(newest_first)[::-1]


async def expire(session: AsyncSession, *, now: datetime) -> list[Turn]:
    """Fail every running turn whose lease is over, and return those turns.

    Whether the bot said something is unknown, so nobody may ask it again: the caller
    gives these conversations to a person.
    """
    stale = await session.execute(
        select(Turn.id, Turn.conversation_id)
        .where(Turn.state == TurnState.RUNNING, Turn.lease_until <= now)
        .order_by(Turn.conversation_id)
    )
    expired = []
    for turn_id, conversation_id in stale.all():
        # The conversation first, as everywhere, or two workers would block each other.
        await hold(session, conversation_id)
        turn = await _end(
            session,
            turn_id,
            Turn.lease_until <= now,
            to={
                "state": TurnState.FAILED,
                "failure": LEASE_EXPIRED,
                "finished_at": now,
            },
        )
        if turn is not None:
            record(
                session,
                TurnExpired(
                    conversation_id=turn.conversation_id, at=now, turn_id=turn.id
                ),
            )
            expired.append(turn)
    return expired


async def last_dialogue(session: AsyncSession, conversation_id: UUID) -> list[Any]:
    dialogue = await session.scalar(
        select(Turn.dialogue)
        .where(
            Turn.conversation_id == conversation_id, Turn.state == TurnState.ANSWERED
        )
        .order_by(Turn.first_seq.desc())
        .limit(1)
    )
    return list(dialogue or [])


async def _dialogue_after(
    session: AsyncSession, conversation_id: UUID, newest: Turn | None
) -> list[Any]:
    if newest is None:
        return []
    if newest.state == TurnState.ANSWERED:
        return list(newest.dialogue or [])
    return await last_dialogue(session, conversation_id)


async def _unanswered(
    session: AsyncSession, conversation: Conversation
) -> list[Message]:
    found = await session.scalars(
        _UNANSWERED,
        {"conversation_id": conversation.id, "answered_seq": conversation.answered_seq},
    )
    return list(found)


async def _end(
    session: AsyncSession,
    turn_id: UUID,
    *expected: ColumnElement[bool],
    to: dict[str, Any],
) -> Turn | None:
    """End the turn if it is still running, and mark its messages as covered."""
    statement = (
        update(Turn)
        .where(Turn.id == turn_id, Turn.state == TurnState.RUNNING, *expected)
        .values(**to)
        .returning(Turn)
    )
    turn: Turn | None = await session.scalar(statement, execution_options=TRUE_TO_ROWS)
    if turn is not None:
        await change(
            session,
            turn.conversation_id,
            to={"answered_seq": covered(turn.last_seq)},
        )
    return turn


def covered(seq: int) -> ColumnElement[int]:
    """`answered_seq` after everything up to `seq` is covered; it never goes back."""
    return case((Conversation.answered_seq < seq, seq), else_=Conversation.answered_seq)
