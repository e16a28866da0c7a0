"""Words that go both ways between agents and shoppers, and how long each was under way."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import websockets
from websockets.asyncio.client import ClientConnection

#: words that nobody has after this long are lost
PATIENCE_SECONDS = 15.0

Say = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Size:
    agents: int
    shoppers: int
    a_second: int
    seconds: int
    workers: int = 2

    @property
    def each(self) -> int:
        """How many shoppers an agent has."""
        return -(-self.shoppers // self.agents)


@dataclass
class Arrivals:
    """When each word left, and on which sockets it came in."""

    left: dict[str, float] = field(default_factory=dict)
    took: dict[str, float] = field(default_factory=dict)
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def sent(self, text: str) -> None:
        self.left[text] = time.perf_counter()

    def arrived(self, text: str, *, at: str) -> None:
        """`at` names the socket; the writer's own echo is no delivery."""
        if text in self.left and not at.startswith(text.split(" ", 1)[0]):
            self.seen[text, at] += 1
            self.took.setdefault(text, time.perf_counter() - self.left[text])

    @property
    def lost(self) -> int:
        return len(self.left) - len(self.took)

    @property
    def twice(self) -> int:
        return sum(count > 1 for count in self.seen.values())

    @property
    def milliseconds(self) -> list[float]:
        return [seconds * 1000 for seconds in self.took.values()]


@dataclass(frozen=True, kw_only=True)
class Pair:
    """One shopper and the agent who has them, and how each of them says a word."""

    shopper_says: Say
    agent_says: Say


async def talk(pairs: list[Pair], arrivals: Arrivals, size: Size) -> None:
    """As many words a second as wanted, half of them from each side, none waits for another."""
    dice = random.Random(11)  # noqa: S311 - no secret
    loop = asyncio.get_running_loop()
    start, running = loop.time(), set()
    for number in range(size.a_second * size.seconds):
        await asyncio.sleep(max(0.0, start + number / size.a_second - loop.time()))
        pair, side = dice.choice(pairs), ("shopper", "agent")[number % 2]
        text = f"{side} {number}"
        arrivals.sent(text)
        say = pair.shopper_says if side == "shopper" else pair.agent_says
        task = asyncio.ensure_future(say(text))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    deadline = loop.time() + PATIENCE_SECONDS
    while arrivals.lost and loop.time() < deadline:  # noqa: ASYNC110 - set by many
        await asyncio.sleep(0.1)


@asynccontextmanager
async def connected(
    url: str,
    *,
    origin: str,
    address: str = "127.0.1.1",
    subprotocol: websockets.Subprotocol | None = None,
) -> AsyncIterator[ClientConnection]:
    async with websockets.connect(
        url,
        origin=websockets.Origin(origin),
        subprotocols=[subprotocol] if subprotocol else None,
        compression=None,
        open_timeout=30,
        close_timeout=1,
        ping_interval=None,
        proxy=None,
        local_addr=(address, 0),
    ) as socket:
        yield socket
