"""What becomes of a promise: kept, broken or taken back, once, and on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.care_models import Promise
from handoff.errors import NoSuchPromise, PromiseEnded
from handoff.events import Event
from handoff.models import new_id
from handoff.promise_times import FoundPromise
from handoff.rows import insert_into
from handoff.transitions import TRUE_TO_ROWS, record

OPEN = "open"
#: how a person may end one; the clock ends the rest as broken
ENDS = ("kept", "broken", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class PromiseMade(Event):
    kind: ClassVar[str] = "promise.made"

    promise_id: UUID
    agent_id: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseMoved(Event):
    """The agent corrected what was read out of the words."""

    kind: ClassVar[str] = "promise.moved"

    promise_id: UUID
    agent_id: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class PromiseEnd(Event):
    kind: ClassVar[str] = "promise.ended"

    promise_id: UUID
    #: kept | broken | withdrawn
    how: str
    #: none when the clock ran out
    by: UUID | None


async def keep(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    message_seq: int,
    agent_id: UUID,
    found: Sequence[FoundPromise],
    now: datetime,
) -> list[UUID]:
    """Note what a message promised; the same message again adds nothing."""
    made = []
    for one in found:
        row = {
            "conversation_id": conversation_id,
            "message_seq": message_seq,
            "agent_id": agent_id,
            "said_at": now,
        }
        promise_id = await _insert(session, one, row)
        if promise_id is None:
            continue
        made.append(promise_id)
        record(
            session,
            PromiseMade(
                conversation_id=conversation_id,
                at=now,
                promise_id=promise_id,
                agent_id=agent_id,
                due_at=one.due_at,
            ),
        )
    return made


async def _insert(
    session: AsyncSession, one: FoundPromise, row: dict[str, object]
) -> UUID | None:
    """Add it unless it is there already; None if it is."""
    added: UUID | None = await session.scalar(
        insert_into(session, Promise)
        .values(
            id=new_id(),
            place=one.place,
            words=one.words,
            due_at=one.due_at,
            state=OPEN,
            **row,
        )
        .on_conflict_do_nothing()
        .returning(Promise.id)
    )
    return added


async def get(session: AsyncSession, promise_id: UUID) -> Promise:
    """Return the promise, or raise NoSuchPromise."""
    row = await session.scalar(
        select(Promise).where(Promise.id == promise_id),
        execution_options={"populate_existing": True},
    )
    if row is None:
        raise NoSuchPromise
    return row


async def of_conversation(
    session: AsyncSession, conversation_id: UUID
) -> list[Promise]:
    """Return all of them in the order they were made."""
    return list(
        await session.scalars(
            select(Promise)
            .where(Promise.conversation_id == conversation_id)
            .order_by(Promise.message_seq, Promise.place)
        )
    )


async def open_of(
    session: AsyncSession, agent_id: UUID | None = None, *, limit: int = 200
) -> list[Promise]:
    """Return what is still owed, the most pressing first; of everybody for None."""
    query = select(Promise).where(Promise.state == OPEN)
    if agent_id is not None:
        query = query.where(Promise.agent_id == agent_id)
    return list(await session.scalars(query.order_by(Promise.due_at).limit(limit)))


async def move(
    session: AsyncSession,
    promise_id: UUID,
    *,
    by: UUID,
    due_at: datetime,
    now: datetime,
) -> Promise:
    """Correct the time of an open one, or raise; a later time is warned of again."""
    moved = await _change(
        session, promise_id, Promise.state == OPEN, due_at=due_at, warned_at=None
    )
    if moved is None:
        await get(session, promise_id)
        raise PromiseEnded
    record(
        session,
        PromiseMoved(
            conversation_id=moved.conversation_id,
            at=now,
            promise_id=promise_id,
            agent_id=by,
            due_at=due_at,
        ),
    )
    return moved


async def end(
    session: AsyncSession, promise_id: UUID, *, how: str, by: UUID, now: datetime
) -> Promise:
    """End an open one; ending it the same way twice changes nothing, another way raises."""
    if how not in ENDS:
        raise ValueError(f"a promise ends as one of {ENDS}, not as {how!r}")
    ended = await _change(
        session,
        promise_id,
        Promise.state == OPEN,
        state=how,
        ended_at=now,
        ended_by=by,
    )
    if ended is None:
        row = await get(session, promise_id)
        if row.state != how:
            raise PromiseEnded
        return row
    _record_end(session, ended, by=by, now=now)
    return ended


async def warn(
    session: AsyncSession, *, before: timedelta, now: datetime
) -> list[Promise]:
    """Return each open promise that is due soon, once, and note that it was warned of."""
    rows = await session.scalars(
        update(Promise)
        .where(
            Promise.state == OPEN,
            Promise.warned_at.is_(None),
            Promise.due_at <= now + before,
        )
        .values(warned_at=now)
        .returning(Promise),
        execution_options=TRUE_TO_ROWS,
    )
    return list(rows)


async def break_overdue(session: AsyncSession, *, now: datetime) -> list[Promise]:
    """End as broken what nobody ended in time."""
    rows = await session.scalars(
        update(Promise)
        .where(Promise.state == OPEN, Promise.due_at < now)
        .values(state="broken", ended_at=now)
        .returning(Promise),
        execution_options=TRUE_TO_ROWS,
    )
    broken = list(rows)
    for row in broken:
        _record_end(session, row, by=None, now=now)
    return broken


async def _change(
    session: AsyncSession,
    promise_id: UUID,
    *expected: ColumnElement[bool],
    **to: object,
) -> Promise | None:
    changed: Promise | None = await session.scalar(
        update(Promise)
        .where(Promise.id == promise_id, *expected)
        .values(**to)
        .returning(Promise),
        execution_options=TRUE_TO_ROWS,
    )
    return changed


def _record_end(
    session: AsyncSession, row: Promise, *, by: UUID | None, now: datetime
) -> None:
    record(
        session,
        PromiseEnd(
            conversation_id=row.conversation_id,
            at=now,
            promise_id=row.id,
            how=row.state,
            by=by,
        ),
    )
