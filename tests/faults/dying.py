"""G9: the service dies at every moment of a turn, and still nobody is answered twice or never."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from api.failpoints import EXIT_CODE
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
from tests.faults.stub_bot import Asked

#: named moments in the product, and two that only the bot sees
MOMENTS = (
    "after_commit",
    "after_commit_before_ack",
    "bot_asked",
    "bot_half_answered",
    "before_reply",
    "after_turn_before_announce",
    "acknowledged",
)
#: this one is passed by every transaction, also by those that no turn has
CHANCES = {"after_commit": 0.3}
#: lease of a turn in these tests, the chore's pause, and the time to start
SETTLE_SECONDS = 25.0


@dataclass(frozen=True, kw_only=True)
class Size:
    moments: tuple[str, ...]
    conversations: int


async def at_every_moment(stage: Stage, size: Size) -> Outcome:
    """For each moment: all shoppers write at once, the first to reach it dies with all the rest."""
    found: list[str] = []
    deaths = messages = 0
    for moment in size.moments:
        folder = stage.folder / moment
        folder.mkdir(parents=True, exist_ok=True)
        outcome = await _die_at(stage, folder, moment, size.conversations)
        found += [f"{moment}: {each}" for each in outcome.violations]
        deaths += int(str(outcome.figures["deaths"]))
        messages += int(str(outcome.figures["messages"]))
    figures: dict[str, object] = {
        "moments": len(size.moments),
        "messages": messages,
        "deaths": deaths,
    }
    return Outcome(figures, found)


async def _die_at(stage: Stage, folder: Path, moment: str, number: int) -> Outcome:
    desk = FaultyDesk(stage.nursery, folder, without=stage.without)
    with History(folder / "history.jsonl") as history:
        async with desk:
            shoppers = await _meet(desk, history, number)
            tasks = [asyncio.create_task(each.run()) for each in shoppers]
            await until(lambda: all(s.connections for s in shoppers), within=10)
            await arm(desk, shoppers, moment)
            await until(lambda: all(s.connections > 1 for s in shoppers), within=3)
            before = len(desk.deaths)
            for index, shopper in enumerate(shoppers):
                shopper.say(f"question {index} at {moment}")
            # A commit of a chore may have been the moment even before anybody spoke.
            died = await until(
                lambda: len(desk.deaths) > before or EXIT_CODE in desk.deaths, within=10
            )
            disarm(desk, shoppers)
            await _settle(desk, shoppers)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        rows = ledger.read(desk.settings.database_url)
        found = checks.answered_or_handed_over(rows)
        found += checks.asked_once(desk.bot.asked)
        found += checks.kept_exactly_once(history.read(), rows)
    if not died:
        found.append("the service did not die")
    kept = sum(len(each) for each in rows.messages.values())
    return Outcome({"deaths": len(desk.deaths), "messages": kept}, found)


async def arm(desk: FaultyDesk, shoppers: list[Shopper], moment: str) -> None:
    """Make the next one who comes to this moment end the process."""
    killed = False

    def kill(_asked: Asked | None = None) -> None:
        nonlocal killed
        if not killed:
            killed = True
            desk.kill()

    if moment == "bot_asked":
        desk.bot.on_asked = kill
    elif moment == "bot_half_answered":
        desk.bot.on_half_sent = kill
    elif moment == "acknowledged":
        for shopper in shoppers:
            shopper.on_ack = kill
    else:
        await desk.die_at(f"{moment}:{CHANCES.get(moment, 1)}")


def disarm(desk: FaultyDesk, shoppers: list[Shopper]) -> None:
    desk.bot.on_asked = desk.bot.on_half_sent = None
    for shopper in shoppers:
        shopper.on_ack = None


async def _meet(desk: FaultyDesk, history: History, number: int) -> list[Shopper]:
    async with visitor(desk) as client:
        return [
            Shopper(
                desk,
                await open_conversation(client),
                history,
                address=own_address(index),
            )
            for index in range(number)
        ]


async def _settle(desk: FaultyDesk, shoppers: list[Shopper]) -> None:
    """Wait until everything is acknowledged and nothing is open, or time is up."""
    await until(lambda: all(s.is_done for s in shoppers), within=15)

    def is_calm() -> bool:
        return not checks.answered_or_handed_over(
            ledger.read(desk.settings.database_url)
        )

    await until(is_calm, within=SETTLE_SECONDS, every=0.5)
    # Whatever would come a second time has the time to come.
    await asyncio.sleep(2.5)
