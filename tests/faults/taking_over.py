"""G11: once a person has taken over, the bot says nothing more, however late its answer comes."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from api.database import Database
from handoff import conversations, queue
from handoff.errors import HandoffError
from tests.faults import checks, ledger
from tests.faults.claiming import REASON
from tests.faults.desk import FaultyDesk
from tests.faults.outcome import Outcome, Stage
from tests.faults.people import open_conversation, own_address, visitor

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
        desk.bot.pause = lambda: dice.uniform(0, BOT_SECONDS)
        agent = (await desk.hire(1, capacity=100))[0]
        database = Database(desk.settings)
        places = asyncio.Semaphore(size.at_once)

        async def one(index: int) -> None:
            async with places:
                moment = dice.uniform(0, BOT_SECONDS * 1.2)
                key, seq = await _take_over(desk, database, agent, index, moment)
                takeovers[key] = seq

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


async def _take_over(
    desk: FaultyDesk, database: Database, agent: UUID, index: int, moment: float
) -> tuple[str, int]:
    async with visitor(desk, address=own_address(index)) as client:
        opened = await open_conversation(client)
        saying = asyncio.create_task(
            client.post(
                f"/conversations/{opened.id}/messages",
                json={"client_id": f"takeover-{index:06}", "text": "hello"},
                headers=opened.headers,
            )
        )
        await asyncio.sleep(moment)
        seq = await _assign(database, UUID(opened.id), agent)
        answer = await saying
        assert answer.status_code == 200, answer.text
        return opened.id, seq


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
