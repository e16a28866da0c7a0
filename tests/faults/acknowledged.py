"""G1 and G2: what was acknowledged is there once and in one order, however often the service dies."""

from __future__ import annotations

import asyncio
import hashlib
import random
from contextlib import suppress
from dataclasses import dataclass

import httpx

from tests.faults import checks, ledger
from tests.faults.desk import FaultyDesk
from tests.faults.history import History
from tests.faults.outcome import Outcome, Stage
from tests.faults.people import (
    Opened,
    Shopper,
    open_conversation,
    own_address,
    until,
    visitor,
)

#: acknowledgements between two kills
KILL_AFTER = (50, 350)
DIE_BEFORE_ACK = 0.002


@dataclass(frozen=True, kw_only=True)
class Size:
    conversations: int
    messages: int
    kill_after: tuple[int, int] = KILL_AFTER
    die_before_ack: float = DIE_BEFORE_ACK
    seconds: float = 150


async def kills(stage: Stage, size: Size) -> Outcome:
    """G1: resend until acknowledged while the service is killed again and again."""
    desk = FaultyDesk(
        stage.nursery,
        stage.folder,
        without=stage.without,
        database_url=stage.database_url,
        failpoints=f"after_commit_before_ack:{size.die_before_ack}",
    )
    with History(stage.folder.with_suffix(".jsonl")) as history:
        async with desk:
            shoppers = await _write_through_kills(desk, size, history)
        rows = ledger.read(desk.settings.database_url)
        operations = list(history.read())
        unknown = sum(each.result == "unknown" for each in operations)
        found = checks.kept_exactly_once(operations, rows)
        found += [
            f"never acknowledged: {len(s.outbox) + len(s._in_flight)}"
            for s in shoppers
            if not s.is_done
        ]
        if not stage.without:
            found += checks.numbered_without_holes(rows)
    figures = {
        "messages": size.conversations * size.messages,
        "kills": len(desk.deaths),
        "unknown": unknown,
    }
    return Outcome(figures, found)


async def _write_through_kills(
    desk: FaultyDesk, size: Size, history: History
) -> list[Shopper]:
    acks = 0
    dice = random.Random(1)  # noqa: S311 - no secret
    next_kill = dice.randint(*size.kill_after)

    def acked() -> None:
        nonlocal acks, next_kill
        acks += 1
        if acks >= next_kill:
            next_kill = acks + dice.randint(*size.kill_after)
            desk.kill()

    async with visitor(desk) as client:
        opened = [await open_conversation(client) for _ in range(size.conversations)]
    shoppers = [
        Shopper(desk, each, history, address=own_address(index), on_ack=acked)
        for index, each in enumerate(opened)
    ]
    for index, shopper in enumerate(shoppers):
        for number in range(size.messages):
            shopper.say(f"message {number} of conversation {index}")
    tasks = [asyncio.create_task(shopper.run()) for shopper in shoppers]
    await until(lambda: all(s.is_done for s in shoppers), within=size.seconds)
    await _stop(tasks)
    return shoppers


@dataclass(frozen=True, kw_only=True)
class OrderSize:
    senders: int
    sockets: int
    messages: int
    seconds: float = 150


async def one_order(stage: Stage, size: OrderSize) -> Outcome:
    """G2: eight write into one conversation, six watch it in every way there is."""
    desk = FaultyDesk(stage.nursery, stage.folder, without=stage.without)
    with History(stage.folder.with_suffix(".jsonl")) as history:
        async with desk, visitor(desk) as client:
            opened = await open_conversation(client)
            seen = await _watch_all_write(desk, client, opened, size, history)
        rows = ledger.read(desk.settings.database_url)
    kept = rows.messages[opened.id]
    found = checks.seen_as_kept(seen, kept)
    found += checks.numbered_without_holes(rows)
    found += checks.no_overlap(desk.bot.asked)
    said = sum(each.actor == "shopper" for each in kept)
    if said != size.senders * size.messages:
        found.append(f"{said} of {size.senders * size.messages} messages were kept")
    hashes = {
        hashlib.sha256(repr(list(listed)).encode()).hexdigest()
        for listed in seen.values()
    }
    figures = {
        "messages": len(kept),
        "observers": len(seen),
        "distinct orders": len(hashes),
        "turns": len(desk.bot.asked),
    }
    return Outcome(figures, found)


async def _watch_all_write(
    desk: FaultyDesk,
    client: httpx.AsyncClient,
    opened: Opened,
    size: OrderSize,
    history: History,
) -> dict[str, list[tuple[int, str]]]:
    watchers = [Shopper(desk, opened, address="127.0.1.9") for _ in range(size.sockets)]
    writers = [
        Shopper(desk, opened, history, address="127.0.1.10")
        for _ in range(size.senders)
    ]
    polled: list[tuple[int, str]] = []
    tasks = [asyncio.create_task(each.run()) for each in (*watchers, *writers)]
    tasks.append(asyncio.create_task(_poll(client, opened, polled)))
    await until(lambda: all(w.connections for w in (*watchers, *writers)), within=10)
    for number in range(size.messages):
        for index, writer in enumerate(writers):
            writer.say(f"sender {index} says {number}")
    await until(lambda: all(w.is_done for w in writers), within=size.seconds)
    whole = await _settled(client, opened)
    observers = [*watchers, *writers[:1]]
    await until(
        lambda: (
            all(len(w.seen) >= len(whole) for w in observers)
            and len(polled) >= len(whole)
        ),
        within=5,
    )
    await _stop(tasks)
    seen = {f"socket {n}": list(w.seen) for n, w in enumerate(watchers)}
    seen["a sender"] = list(writers[0].seen)
    seen["a reader who asks"] = polled
    seen["a reader who comes late"] = whole
    return seen


async def _settled(client: httpx.AsyncClient, opened: Opened) -> list[tuple[int, str]]:
    """Everything, once nothing is added any more."""
    whole: list[tuple[int, str]] = []
    for _ in range(60):
        read = await _read(client, opened, after=0)
        if len(read) == len(whole):
            return read
        whole = read
        await asyncio.sleep(0.5)
    return whole


async def _poll(
    client: httpx.AsyncClient, opened: Opened, seen: list[tuple[int, str]]
) -> None:
    while True:
        with suppress(httpx.HTTPError):
            seen += await _read(client, opened, after=seen[-1][0] if seen else 0)
        await asyncio.sleep(0.02)


async def _read(
    client: httpx.AsyncClient, opened: Opened, *, after: int
) -> list[tuple[int, str]]:
    read: list[tuple[int, str]] = []
    while True:
        answer = await client.get(
            f"/conversations/{opened.id}/messages",
            params={"after": read[-1][0] if read else after},
            headers=opened.headers,
        )
        answer.raise_for_status()
        page = answer.json()
        read += [(each["seq"], each["text"]) for each in page["messages"]]
        if not page["messages"] or read[-1][0] >= page["head"]:
            return read


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
