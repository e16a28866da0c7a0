"""`python -m tests.bench.delivery`: how long a word takes from one screen to the other, with a whole shop connected.

Every agent and every shopper has a socket; words go both ways, as people type them. In the
same run the same sockets hang on a bare Starlette application, which keeps nothing, asks
nobody's rights and has everybody in one process: the least that can be called delivery.
"""

from __future__ import annotations

# isort: off
import api.sqlite  # noqa: F401 - must come first: it decides which sqlite3 is used
# isort: on

import argparse
import asyncio
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import httpx
from rich.console import Console
from rich.table import Table
from websockets.asyncio.client import ClientConnection

from api.database import Database
from handoff import queue
from tests.bench import bare_sockets
from tests.bench.figures import Figure, median, p95
from tests.bench.words_under_way import Arrivals, Pair, Say, Size, connected, talk
from tests.faults.claiming import REASON
from tests.faults.desk import PLENTY, FaultyDesk, Nursery
from tests.faults.people import (
    SUBPROTOCOL,
    Opened,
    open_conversation,
    own_address,
    sign_in,
    visitor,
)

P95_MS, RATIO = 250.0, 3.0
#: connections that are opened side by side
AT_ONCE = 40


FULL = Size(agents=200, shoppers=2000, a_second=50, seconds=60)
SMALL = Size(agents=20, shoppers=100, a_second=20, seconds=10)


async def at_desk(size: Size, folder: Path) -> Arrivals:
    """The words over the real service."""
    arrivals = Arrivals()
    changes = {
        r"agent_capacity: \d+": f"agent_capacity: {size.each}",
        r"silent_seconds: \d+": f"silent_seconds: {PLENTY}",
        # nobody is here before the sockets are open
        r"  lease_seconds: \d+": "  lease_seconds: 3600",
    }
    async with AsyncExitStack() as stack:
        nursery = await stack.enter_async_context(Nursery())
        desk = FaultyDesk(nursery, folder, workers=size.workers, changes=changes)
        await stack.enter_async_context(desk)
        agents = await desk.hire(size.agents)
        opened = await _opened(desk, size)
        versions = await _assigned(desk, opened, agents)
        room = _Room(desk, stack, arrivals)
        tables = [
            room.sit_down(
                number,
                [(opened[at], versions[at], at) for at in own],
            )
            for number in range(size.agents)
            if (own := range(number, size.shoppers, size.agents))
        ]
        pairs = [pair for some in await asyncio.gather(*tables) for pair in some]
        await talk(pairs, arrivals, size)
    return arrivals


class _Room:
    """Everybody's sockets, open until the stack ends."""

    def __init__(
        self, desk: FaultyDesk, stack: AsyncExitStack, arrivals: Arrivals
    ) -> None:
        self._desk = desk
        self._stack = stack
        self._arrivals = arrivals
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def sit_down(
        self, number: int, own: Sequence[tuple[Opened, int, int]]
    ) -> list[Pair]:
        """An agent with their shoppers: (conversation, version, number of the shopper)."""
        async with self._gate:
            client = await self._stack.enter_async_context(visitor(self._desk))
            await sign_in(client, f"agent{number}")
            token = client.headers["Authorization"].removeprefix("Bearer ")
            hello = {"token": token, "watch": [opened.id for opened, _, _ in own]}
            await self._listen("agent/socket", hello, name="agent")
            return [
                Pair(
                    shopper_says=await self._shopper(opened, at),
                    agent_says=_replies(client, opened, version),
                )
                for opened, version, at in own
            ]

    async def _shopper(self, opened: Opened, number: int) -> Say:
        path = f"conversations/{opened.id}/socket"
        hello = {"token": opened.token, "after": 0}
        socket = await self._listen(path, hello, name="shopper", number=number)

        async def say(text: str) -> None:
            frame = {"t": "message", "client_id": _client_id(text), "text": text}
            await socket.send(json.dumps(frame))

        return say

    async def _listen(
        self, path: str, hello: Mapping[str, object], *, name: str, number: int = 0
    ) -> ClientConnection:
        """A socket that has said hello and got `ready`, and notes what comes in."""
        socket = await self._stack.enter_async_context(
            connected(
                f"ws://127.0.0.1:{self._desk.port}/api/v1/{path}",
                origin=self._desk.base,
                address=own_address(number),
                subprotocol=SUBPROTOCOL,
            )
        )
        await socket.send(json.dumps({"t": "hello", **hello}))
        while json.loads(await socket.recv())["t"] != "ready":
            pass
        task = asyncio.create_task(self._hear(socket, name))
        self._stack.callback(task.cancel)
        return socket

    async def _hear(self, socket: ClientConnection, name: str) -> None:
        async for raw in socket:
            frame = json.loads(raw)
            if frame["t"] == "message":
                self._arrivals.arrived(frame["message"]["text"], at=name)


def _replies(agent: httpx.AsyncClient, opened: Opened, version: int) -> Say:
    async def say(text: str) -> None:
        body = {
            "client_id": _client_id(text),
            "text": text,
            "assignment_version": version,
        }
        path = f"/conversations/{opened.id}/agent-messages"
        answer = await agent.post(path, json=body)
        answer.raise_for_status()

    return say


def _client_id(text: str) -> str:
    return f"delivery-{text.replace(' ', '-')}"


async def _opened(desk: FaultyDesk, size: Size) -> list[Opened]:
    found: list[Opened] = []
    for start in range(0, size.shoppers, 8):
        async with visitor(desk, address=own_address(start)) as client:
            count = min(8, size.shoppers - start)
            found += await asyncio.gather(
                *(open_conversation(client) for _ in range(count))
            )
    return found


async def _assigned(
    desk: FaultyDesk, opened: list[Opened], agents: list[UUID]
) -> list[int]:
    """Every conversation has its agent; the versions that a reply must name."""
    database, versions = Database(desk.settings), []
    capacity = len(opened)
    try:
        for number, one in enumerate(opened):
            now, key = datetime.now(UTC), UUID(one.id)
            agent = agents[number % len(agents)]
            async with database.writing() as session:
                await queue.join(session, key, reasons=[REASON], card={}, now=now)
                made = await queue.claim(
                    session, key, agent_id=agent, capacity=capacity, now=now
                )
                versions.append(made.version)
    finally:
        await database.close()
    return versions


def measure(size: Size) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="warmline-delivery-") as folder:
        found = asyncio.run(at_desk(size, Path(folder) / "desk"))
    bare = asyncio.run(bare_sockets.talked(size))
    ours, least = p95(found.milliseconds), p95(bare.milliseconds)
    return [
        Figure.at_most(
            f"{size.agents} agents, {size.shoppers} shoppers, {size.a_second} words a second: delivery p95",
            ours,
            P95_MS,
            "ms",
            remark=f"median {median(found.milliseconds):.1f}",
        ),
        Figure.at_most(
            "the same beside a bare Starlette socket",
            ours / least,
            RATIO,
            "×",
            remark=f"its p95 {least:.1f} ms, median {median(bare.milliseconds):.1f}",
        ),
        Figure(
            name="words sent: lost, twice",
            target="0, 0",
            measured=f"{len(found.left)}: {found.lost}, {found.twice}",
            is_met=not found.lost and not found.twice,
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="for trying out")
    given = parser.parse_args()
    table = Table(title="From one screen to the other")
    for column in ("", "target", "measured", ""):
        table.add_column(column)
    for each in measure(SMALL if given.small else FULL):
        table.add_row(each.name, each.target, each.measured, each.verdict)
    Console().print(table)


if __name__ == "__main__":
    main()
