"""G8: whatever the bot does, every message ends in a reply or with a person, with words, in time."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

import httpx

from tests.faults import checks, ledger
from tests.faults.desk import FaultyDesk
from tests.faults.outcome import Outcome, Stage
from tests.faults.people import open_conversation, own_address, visitor

LONGEST_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Size:
    each: int
    modes: tuple[str, ...]


async def every_way(stage: Stage, size: Size) -> Outcome:
    """One message in a conversation of its own, `each` times for every mode; good turns between."""
    desk = FaultyDesk(stage.nursery, stage.folder, without=stage.without)
    slow: list[str] = []
    slowest = 0.0
    async with desk:
        for mode in (*size.modes, "ok"):
            await desk.bot.set_mode(mode)
            took = await asyncio.gather(
                *(_say_one(desk, mode, number) for number in range(size.each))
            )
            slow += [f"{mode}: {each:.1f} s" for each in took if each > LONGEST_SECONDS]
            slowest = max(slowest, *took)
        rows = ledger.read(desk.settings.database_url)
    found = slow + checks.answered_or_handed_over(rows) + checks.one_ending_each(rows)
    handed = sum(bool(each) for each in rows.handoffs.values())
    if handed != size.each * len(size.modes):
        found.append(f"{handed} handoffs, not {size.each * len(size.modes)}")
    figures = {
        "messages": size.each * (len(size.modes) + 1),
        "modes": len(size.modes),
        "handed over": handed,
        "slowest": f"{slowest:.1f} s",
    }
    return Outcome(figures, found)


async def _say_one(desk: FaultyDesk, mode: str, number: int) -> float:
    """Seconds until the HTTP answer; it must carry words, or say that people have it."""
    async with visitor(desk, address=own_address(number)) as client:
        opened = await open_conversation(client)
        started = time.monotonic()
        try:
            answer = await client.post(
                f"/conversations/{opened.id}/messages",
                json={"client_id": f"{mode}-{number:08}", "text": f"hello in {mode}"},
                headers=opened.headers,
            )
            answer.raise_for_status()
            if not answer.json()["replies"]:
                return LONGEST_SECONDS + 1
        except httpx.HTTPError:
            return LONGEST_SECONDS + 2
        return time.monotonic() - started
