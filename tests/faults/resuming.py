"""G3: whoever comes back after any kind of cut misses nothing and sees nothing twice."""

from __future__ import annotations

import asyncio
import random
import statistics
from dataclasses import dataclass

from tests.faults import checks, ledger
from tests.faults.desk import FaultyDesk
from tests.faults.history import History
from tests.faults.outcome import Outcome, Stage
from tests.faults.people import (
    Shopper,
    open_conversation,
    own_address,
    until,
    visitor,
)
from tests.faults.proxy import ChaosProxy

CATCH_UP_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Size:
    clients: int
    messages: int
    cuts: int
    kills: int
    longest_delay: float = 2.0
    #: only a run that has the machine to itself says something about time
    is_timed: bool = True
    seconds: float = 120


async def cuts(stage: Stage, size: Size) -> Outcome:
    """Two clients watch each conversation, one of them writes; all through the proxy."""
    desk = FaultyDesk(stage.nursery, stage.folder, without=stage.without)
    with History(stage.folder.with_suffix(".jsonl")) as history:
        async with desk:
            pairs, made = await _through_the_proxy(desk, size, history)
        rows = ledger.read(desk.settings.database_url)
        found = [] if stage.without else checks.kept_exactly_once(history.read(), rows)
    people = [each for pair in pairs for each in pair]
    for index, pair in enumerate(pairs):
        seen = {f"{each.name} of {index}": each.seen for each in pair}
        found += checks.seen_as_kept(seen, rows.messages[pair[0].opened.id])
    times = sorted(seconds for each in people for seconds in each.catch_ups)
    p95 = times[int(len(times) * 0.95)] if times else 0.0
    if p95 > CATCH_UP_SECONDS and size.is_timed and not stage.without:
        found.append(f"p95 of catching up is {p95:.1f} s")
    figures = {
        "clients": len(people),
        "messages": sum(len(kept) for kept in rows.messages.values()),
        "cuts": made,
        "kills": len(desk.deaths),
        "connections": sum(each.connections for each in people),
        "dropped repeats": sum(each.repeats for each in people),
        "catch-up p95": f"{p95:.2f} s",
        "median": f"{statistics.median(times):.2f} s" if times else "-",
    }
    return Outcome(figures, found)


async def _through_the_proxy(
    desk: FaultyDesk, size: Size, history: History
) -> tuple[list[tuple[Shopper, Shopper]], int]:
    dice = random.Random(3)  # noqa: S311 - no secret
    proxies = [
        ChaosProxy(desk.port, dice, address=own_address(8 * index))
        for index in range(1 + size.clients // 12)
    ]
    ports = [await proxy.start() for proxy in proxies]
    pairs: list[tuple[Shopper, Shopper]] = []
    async with visitor(desk) as client:
        for index in range(size.clients // 2):
            opened = await open_conversation(client)
            port = ports[index % len(ports)]
            writer = Shopper(desk, opened, history, port=port, name="the writer")
            watcher = Shopper(desk, opened, port=port, name="the watcher")
            pairs.append((writer, watcher))
    people = [each for pair in pairs for each in pair]
    tasks = [asyncio.create_task(each.run()) for each in people]
    cutting = asyncio.create_task(_cut(desk, proxies, dice, size))
    await _write(pairs, size)
    writers = [writer for writer, _ in pairs]
    await until(lambda: all(w.is_done for w in writers), within=size.seconds)
    made = await cutting
    await until(lambda: all(w.is_done for w in writers), within=30)
    for writer in writers:
        # One last word after the last cut: whoever missed something is told by now.
        writer.say("the last word")
    await until(lambda: all(w.is_done for w in writers), within=30)
    await asyncio.sleep(8 if size.clients > 12 else 5)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for proxy in proxies:
        await proxy.stop()
    return pairs, made


async def _write(pairs: list[tuple[Shopper, Shopper]], size: Size) -> None:
    each = max(1, size.messages // len(pairs))
    pause = size.seconds / 3 / each
    for number in range(each):
        for writer, _ in pairs:
            writer.say(f"message {number}")
        await asyncio.sleep(pause)


async def _cut(
    desk: FaultyDesk, proxies: list[ChaosProxy], dice: random.Random, size: Size
) -> int:
    """Spread the cuts and the kills over the time of writing."""
    made = 0
    pause = size.seconds / 3 / max(1, size.cuts)
    kill_at = {(n + 1) * size.cuts // (size.kills + 1) for n in range(size.kills)}
    for number in range(size.cuts):
        await asyncio.sleep(pause)
        if dice.choice(proxies).cut(longest_delay=size.longest_delay):
            made += 1
        if number in kill_at:
            desk.kill()
    return made
