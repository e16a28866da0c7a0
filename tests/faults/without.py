"""Takes one guard out of a service, so that a check that then finds nothing is known to be blind.

Runs only inside a process of the nursery; the product has no switch for any of this.
"""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable
from contextvars import ContextVar
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update

from api import agents, database, speaking, turn_driver, turns
from api.sockets import pump
from api.sockets import shopper as shopper_socket
from handoff import conversations, queue
from handoff import turns as turn_rows
from handoff.errors import NobodyWaiting
from handoff.events import AgentAssigned
from handoff.lifecycle import Actor, Status
from handoff.models import Conversation, Message, Turn
from handoff.ownership import begin_assignment
from handoff.transitions import TRUE_TO_ROWS, fetch, hold

GUARDS: dict[str, Callable[[], None]] = {}


def guard(take_out: Callable[[], None]) -> Callable[[], None]:
    GUARDS[take_out.__name__] = take_out
    return take_out


def remove(name: str) -> None:
    """Take this guard out of the running process."""
    GUARDS[name]()


@guard
def idempotent_messages() -> None:
    """A resend is a new message: nobody looks at the client's id."""
    append = conversations.append

    async def forgetful(session: Any, conversation_id: UUID, **given: Any) -> Any:
        if given.get("client_id") and given["actor"] == Actor.SHOPPER:
            given["client_id"] = uuid4().hex
        return await append(session, conversation_id, **given)

    conversations.append = forgetful  # type: ignore[assignment]


@guard
def numbers_given_with_the_commit() -> None:
    """Numbers come from a counter before the transaction, which commits when it likes."""
    counters: defaultdict[UUID, Any] = defaultdict(lambda: count(1))
    reserved: ContextVar[int | None] = ContextVar("reserved", default=None)
    keep = speaking._append

    async def early(desk: Any, of: UUID, said: Any, **given: Any) -> Any:
        reserved.set(next(counters[of]))
        await asyncio.sleep(random.uniform(0, 0.05))  # noqa: S311 - no secret
        return await keep(desk, of, said, **given)

    async def move_on(session: Any, conversation_id: UUID, **_: Any) -> Conversation:
        seq = reserved.get() or next(counters[conversation_id])
        reserved.set(None)
        await session.execute(
            update(Conversation)
            .where(Conversation.id == conversation_id, Conversation.last_seq < seq)
            .values(last_seq=seq),
            execution_options={"synchronize_session": False},
        )
        row = await fetch(session, conversation_id)
        session.expunge(row)
        row.last_seq = seq
        return row

    speaking._append = early  # type: ignore[assignment]
    conversations._move_on = move_on


@guard
def resume_from_where_one_was() -> None:
    """Who comes back hears what is said from now on, as with a bare pub/sub."""

    class LiveOnly(pump.Feed):
        async def catch_up(self) -> None:
            if self.cursor and not getattr(self, "_is_back", False):
                async with self._desk.database.reading() as session:
                    row = await conversations.get(session, self._conversation_id)
                self.cursor = row.last_seq
            self._is_back = True
            await super().catch_up()

    shopper_socket.Feed = LiveOnly  # type: ignore[misc]


@guard
def one_owner_by_one_statement() -> None:
    """Look who is first and count what one has, then write: as two steps."""
    opened: list[database.Database] = []
    build = database.Database.__init__

    def remembering(self: database.Database, *given: Any, **named: Any) -> None:
        build(self, *given, **named)
        opened.append(self)

    async def naive(session: Any, *, seeker: queue.Seeker, **given: Any) -> Any:
        agent_id = seeker.agent_id
        async with opened[0].reading() as looking:
            held = await looking.scalars(
                select(Conversation.id).where(Conversation.agent_id == agent_id)
            )
            first = await looking.scalar(
                select(Conversation.id)
                .where(Conversation.status == Status.QUEUED)
                .order_by(Conversation.queue_rank_at, Conversation.id)
            )
            if first is None or len(list(held)) >= seeker.capacity:
                raise NobodyWaiting
        await asyncio.sleep(0.005)
        row = await session.scalar(
            update(Conversation)
            .where(Conversation.id == first)
            .values(
                status=Status.ASSIGNED,
                agent_id=agent_id,
                assignment_version=Conversation.assignment_version + 1,
            )
            .returning(Conversation),
            execution_options=TRUE_TO_ROWS,
        )
        event = AgentAssigned(
            conversation_id=row.id,
            at=given["now"],
            agent_id=agent_id,
            version=row.assignment_version,
        )
        return await begin_assignment(session, row, event)

    database.Database.__init__ = remembering  # type: ignore[method-assign]
    queue.claim_next = naive
    agents.queue.claim_next = naive


@guard
def words_after_a_failure() -> None:
    """A failed turn just ends; nobody is told and nobody is asked."""
    conclude = turns.conclude

    async def silent(desk: Any, past: Any, understood: Any) -> Any:
        if not understood.failure:
            return await conclude(desk, past, understood)
        async with desk.database.writing() as session:
            await turn_rows.finish(
                session,
                understood.turn_id,
                state="failed",
                signals={},
                dialogue=[],
                failure=understood.failure,
                now=desk.clock(),
            )
        return turns.Outcome(kept=True)

    turns.conclude = silent


@guard
def a_turn_is_asked_once() -> None:
    """A turn whose process died is forgotten, and its messages are asked again."""

    async def again(desk: Any) -> int:
        async with desk.database.writing() as session:
            stale = list(
                await session.scalars(
                    select(Turn.conversation_id).where(
                        Turn.state == "running", Turn.lease_until <= desk.clock()
                    )
                )
            )
            await session.execute(
                delete(Turn).where(
                    Turn.state == "running", Turn.conversation_id.in_(stale)
                )
            )
        for conversation_id in stale:
            turn_driver.drive(desk, conversation_id)
        return len(stale)

    turns.expire = again


@guard
def silence_after_a_takeover() -> None:
    """A late reply is kept whoever has the conversation by now."""
    move_on = conversations._move_on

    async def finish(session: Any, turn_id: UUID, **given: Any) -> bool:
        turn = await session.get(Turn, turn_id)
        await hold(session, turn.conversation_id)
        turn.state = given["state"]
        turn.finished_at = given["now"]
        await session.flush()
        return True

    async def anybody(session: Any, conversation_id: UUID, **given: Any) -> Any:
        return await move_on(session, conversation_id, **(given | {"actor": "system"}))

    turn_rows.finish = finish
    conversations._move_on = anybody


__all__ = ["GUARDS", "Message", "remove"]
