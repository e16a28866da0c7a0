"""G11: once a person has taken over, the bot says nothing more, however late its answer comes."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import httpx

from api.database import Database
from handoff import conversations, queue
from handoff.errors import HandoffError
from tests.faults import checks, ledger
from tests.faults.claiming import REASON
from tests.faults.desk import FaultyDesk
from tests.faults.outcome import Outcome, Stage
from tests.faults.people import Opened, open_conversation, own_address, visitor

BOT_SECONDS = 0.3


@dataclass(frozen=True, kw_only=True)
class Size:
    takeovers: int
    at_once: int = 10


async def at_a_random_moment(stage: Stage, size: Size) -> Outcome:
    """While the bot thinks, another process gives the conversation to an agent."""
    dice = random.Random(11)  # noqa: S311 - no secret
    desk = FaultyDesk(stage.nursery, stage.folder, without=stage.without)
    takeovers: dict[str, int] = {}
    async with desk:
        desk.bot.pause = lambda: dice.uniform(BOT_SECONDS / 2, BOT_SECONDS)
        thinking: dict[str, asyncio.Event] = {}
        desk.bot.on_asked = lambda asked: thinking[asked.conversation_id].set()
        agent = (await desk.hire(1, capacity=100))[0]
        database = Database(desk.settings)
        places = asyncio.Semaphore(size.at_once)

        async def one(index: int) -> None:
            moment = dice.uniform(0, BOT_SECONDS)
            async with places, visitor(desk, address=own_address(index)) as client:
                opened = await open_conversation(client)
                thinking[opened.id] = asyncio.Event()
                saying = asyncio.create_task(_say(client, opened, index))
                # Most fall into the bot's thinking; every fifth may come before it.
                if index % 5:
                    await thinking[opened.id].wait()
                await asyncio.sleep(moment)
                takeovers[opened.id] = await _assign(database, UUID(opened.id), agent)
                await saying

        try:
            await asyncio.gather(*(one(index) for index in range(size.takeovers)))
            await asyncio.sleep(1)
        finally:
            await database.close()
        rows = ledger.read(desk.settings.database_url)
    found = checks.silent_after(rows, takeovers)
    dropped = sum(t.state == "dropped" for ts in rows.turns.values() for t in ts)
    if not dropped and not stage.without:
        found.append("no takeover fell into a turn: nothing was tested")
    figures = {"takeovers": len(takeovers), "of them in a turn": dropped}
    return Outcome(figures, found)


async def _say(client: httpx.AsyncClient, opened: Opened, index: int) -> None:
    answer = await client.post(
        f"/conversations/{opened.id}/messages",
        json={"client_id": f"takeover-{index:06}", "text": "hello"},
        headers=opened.headers,
    )
    assert answer.status_code == 200, answer.text


async def _assign(database: Database, key: UUID, agent: UUID) -> int:
    """Bot to line to agent in one transaction; the seq at which that happened."""
    now = datetime.now(UTC)
    async with database.writing() as session:
        try:
            await queue.join(session, key, reasons=[REASON], card={}, now=now)
        except HandoffError:
            return (await conversations.get(session, key)).last_seq
        await queue.claim(session, key, agent_id=agent, capacity=10_000, now=now)
        row = await conversations.get(session, key)
        return row.last_seq
