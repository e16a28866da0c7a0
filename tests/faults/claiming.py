"""G5: a waiting conversation gets exactly one agent, and no agent more than they can hold."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from api.database import Database
from handoff import conversations, queue
from handoff.models import new_id
from tests.faults import checks, ledger
from tests.faults.desk import FaultyDesk
from tests.faults.outcome import Outcome, Stage
from tests.faults.people import own_address, patiently, sign_in, visitor

REASON = {"code": "asked_for_human", "evidence": {}}
GONE = {409, 404}


@dataclass(frozen=True, kw_only=True)
class Size:
    workers: int
    agents: int
    capacity: int
    waiting: int
    seconds: float = 120


async def everybody_claims(stage: Stage, size: Size) -> Outcome:
    """Agents take whoever is next, and the same ones by name, all at once; then resolve."""
    desk = FaultyDesk(
        stage.nursery,
        stage.folder,
        workers=size.workers,
        without=stage.without,
        database_url=stage.database_url,
    )
    given: defaultdict[str, list[str]] = defaultdict(list)
    most: defaultdict[str, int] = defaultdict(int)
    async with desk:
        agents = await desk.hire(size.agents, capacity=size.capacity)
        await _fill_the_line(desk, size.waiting)
        async with asyncio.timeout(size.seconds):
            await asyncio.gather(
                *(
                    _work(desk, index, str(agent), given, most)
                    for index, agent in enumerate(agents)
                )
            )
    rows = ledger.read(desk.settings.database_url)
    found = checks.one_owner_each(rows, given)
    found += checks.never_overloaded(rows, capacity=size.capacity)
    found += [f"{agent} held {n}" for agent, n in most.items() if n > size.capacity]
    owned = {each for claimed in given.values() for each in claimed}
    if len(owned) != size.waiting:
        found.append(f"{len(owned)} of {size.waiting} found an owner")
    figures = {
        "waiting": size.waiting,
        "agents": size.agents,
        "workers": size.workers,
        "owned once": len(owned),
        "most at once": max(most.values(), default=0),
    }
    return Outcome(figures, found)


async def _fill_the_line(desk: FaultyDesk, number: int) -> None:
    database = Database(desk.settings)
    try:
        for start in range(0, number, 50):
            async with database.writing() as session:
                for _ in range(min(50, number - start)):
                    key = new_id()
                    now = datetime.now(UTC)
                    await conversations.open_conversation(
                        session,
                        conversation_id=key,
                        token_hash=key.hex,
                        language="en",
                        now=now,
                    )
                    await queue.join(session, key, reasons=[REASON], card={}, now=now)
    finally:
        await database.close()


async def _work(
    desk: FaultyDesk,
    index: int,
    agent: str,
    given: dict[str, list[str]],
    most: dict[str, int],
) -> None:
    dice = random.Random(index)  # noqa: S311 - no secret
    async with visitor(desk, address=own_address(index * 8)) as client:
        await sign_in(client, f"agent{index}")
        held: dict[str, int] = {}
        while True:
            claimed = await _claim(client, dice)
            if claimed is None and not held:
                return
            if claimed is not None and claimed["conversation_id"] not in held:
                given[agent].append(claimed["conversation_id"])
                held[claimed["conversation_id"]] = claimed["assignment_version"]
                most[agent] = max(most[agent], len(held))
            if held and (claimed is None or dice.random() < 0.4):
                key = dice.choice(sorted(held))
                await _resolve(client, key, held.pop(key))


async def _claim(
    client: httpx.AsyncClient, dice: random.Random
) -> dict[str, Any] | None:
    """Mostly whoever is next; sometimes one by name, which others see as well."""
    if dice.random() < 0.15:
        waiting = (await client.get("/queue")).json().get("waiting") or []
        if waiting:
            wanted = dice.choice(waiting[:3])["id"]
            answer = await patiently(client, f"/conversations/{wanted}/claim")
            if answer.status_code == 200:
                return dict(answer.json())
    answer = await patiently(client, "/queue/claim")
    if answer.status_code == 200:
        return dict(answer.json())
    assert answer.status_code in GONE, answer.text
    return None


async def _resolve(client: httpx.AsyncClient, key: str, version: int) -> None:
    await patiently(
        client,
        f"/conversations/{key}/resolve",
        {"assignment_version": version, "disposition": "solved"},
    )
