"""What has to be looked after again and again, whoever is connected."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog

from api import agents, turns
from api.desk import Desk
from api.giving import carry_left_lying
from api.index import refresh_index
from api.keeping_places import tell_turns
from api.live_policy import follow_policy
from api.on_call import call_on_call
from api.pictures import forget_files, forget_pictures
from api.promising import watch_promises
from api.publishing import prepare_gate, publish_due
from api.pushing import give_out
from api.shifts import end_shifts
from api.shop.forgetting import forget_proofs
from api.silence import release_silent
from api.sla_watch import watch_sla
from api.sockets.sweeping import sweep
from api.turn_driver import drive
from api.writing.learning import learn_answers
from handoff import owed, retention, waiting

log = structlog.get_logger(__name__)

#: how often each chore is done, in seconds
SWEEP_SECONDS = 3.0
TURNS_SECONDS = 2.0
#: an answer that comes a day late helps nobody
OLDEST_TO_ANSWER = timedelta(days=1)
LEASES_SECONDS = 5.0
LINE_SECONDS = 5.0
PUSH_SECONDS = 1.0
SLA_SECONDS = 5.0
SILENCE_SECONDS = 5.0
TURNS_TOLD_SECONDS = 5.0
ON_CALL_SECONDS = 10.0
#: what one process publishes all others answer with within a second
INDEX_SECONDS = 0.25
#: a publication planned for a minute is there in that minute
PLANNED_SECONDS = 2.0
#: the labelled questions are ready for the gate a minute or two after the first start
GATE_SECONDS = 3.0
POLICY_SECONDS = 3.0
PROMISES_SECONDS = 10.0
ANSWERS_SECONDS = 60.0
ALLOWANCES_SECONDS = 30.0
RETENTION_SECONDS = 900.0
#: a chore that runs when the process is told to stop gets this long
LAST_ROUND_SECONDS = 5.0

Chore = Callable[[Desk], Awaitable[object]]


async def expire_turns(desk: Desk) -> None:
    """Turns whose process died go to people, with words."""
    await turns.expire(desk)


async def begin_turns(desk: Desk) -> None:
    """Messages whose process died before their turn began get it now."""
    async with desk.database.reading() as session:
        left = await owed.never_begun(
            session, said_after=desk.clock() - OLDEST_TO_ANSWER
        )
    for conversation_id in left:
        drive(desk, conversation_id)


async def release_lost(desk: Desk) -> None:
    """Conversations of agents who are gone go back into the line."""
    await agents.release_lost(desk, desk.clock())


async def repair_line(desk: Desk) -> None:
    """The line in Redis is brought back in step with the rows."""
    seen = await desk.line.entries()
    if seen is None:
        return
    async with desk.database.reading() as session:
        repair = await waiting.line_repair(session, seen)
    await desk.line.apply(repair)


async def follow_index(desk: Desk) -> None:
    """A version published by another process is picked up, also without its ring."""
    await refresh_index(desk)


async def forget_old(desk: Desk) -> None:
    """Conversations older than the shop wants to keep them are taken away, bit by bit."""
    since = desk.clock() - timedelta(days=desk.settings.privacy.retention_days)
    while True:
        async with desk.database.writing() as session:
            gone = await retention.forget(session, untouched_since=since)
            await forget_proofs(session, gone)
        await forget_files(desk, gone)
        if not gone:
            return
        log.info("conversations forgotten", action="retention", number=len(gone))


CHORES: tuple[tuple[Chore, float], ...] = (
    (sweep, SWEEP_SECONDS),
    (expire_turns, TURNS_SECONDS),
    (begin_turns, TURNS_SECONDS),
    (release_lost, LEASES_SECONDS),
    (end_shifts, LEASES_SECONDS),
    (repair_line, LINE_SECONDS),
    (give_out, PUSH_SECONDS),
    (watch_sla, SLA_SECONDS),
    (release_silent, SILENCE_SECONDS),
    (tell_turns, TURNS_TOLD_SECONDS),
    (call_on_call, ON_CALL_SECONDS),
    (follow_index, INDEX_SECONDS),
    (publish_due, PLANNED_SECONDS),
    (prepare_gate, GATE_SECONDS),
    (follow_policy, POLICY_SECONDS),
    (watch_promises, PROMISES_SECONDS),
    (learn_answers, ANSWERS_SECONDS),
    (carry_left_lying, ALLOWANCES_SECONDS),
    (forget_old, RETENTION_SECONDS),
    (forget_pictures, RETENTION_SECONDS),
)


@asynccontextmanager
async def doing_chores(desk: Desk) -> AsyncIterator[None]:
    """Do them until the body ends; one that is under way is finished, not cut off.

    A statement cut off in the middle would answer to an event loop that is gone.
    """
    stopping = asyncio.Event()
    tasks = [
        asyncio.create_task(_again(desk, chore, seconds, stopping), name=chore.__name__)
        for chore, seconds in CHORES
    ]
    try:
        yield
    finally:
        stopping.set()
        _, late = await asyncio.wait(tasks, timeout=LAST_ROUND_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _again(
    desk: Desk, chore: Chore, seconds: float, stopping: asyncio.Event
) -> None:
    while not stopping.is_set():
        try:
            await asyncio.wait_for(stopping.wait(), seconds)
        except TimeoutError:
            pass
        else:
            return
        try:
            await chore(desk)
        except Exception:
            log.exception("chore failed", action="chore", chore=chore.__name__)
