"""A served desk for journeys: shoppers and staff on real sockets, and a clock that is wound."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch
from uuid import uuid4

import httpx

from api import chores
from api.app import create_app
from api.desk import Desk
from api.listeners import _listening
from api.pushing import give_out
from api.settings import Settings
from api.shifts import end_shifts
from api.silence import release_silent
from api.sla_watch import watch_sla
from api.wiring import open_desk
from api.words import PROBLEMS, load_words
from tests.api.conftest import make_desk, settings_for
from tests.api.people import Member, Shopper, sign_in
from tests.api.realtime_helpers import Line, socket_of
from tests.fakes import Clock, FakeBot

#: what looks after those who wait and those who serve, in the order of a round
ROUND = (
    chores.expire_turns,
    chores.release_lost,
    end_shifts,
    release_silent,
    chores.repair_line,
    give_out,
    watch_sla,
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Screen:
    """What one shopper's page is sent while it is open."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def hears(self, words: str) -> dict[str, Any]:
        """The next message with these words."""
        while True:
            message: dict[str, Any] = (await self._line.until("message"))["message"]
            if words in message["text"]:
                return message

    async def is_at(self, position: int) -> dict[str, Any]:
        """The line above the thread says this place; what else it says."""
        while True:
            frame = await self._line.until("status")
            told = frame["handoff"] or {}
            if frame["status"] == "queued" and told["position"] == position:
                return dict(told)

    async def is_with(self, name: str) -> None:
        while (await self._line.until("status"))["agent_name"] != name:
            pass

    @property
    def seen(self) -> str:
        """All that has come so far."""
        return str(self._line.heard)


class Console(Line):
    """One agent's open console: the bell of the line, and the threads looked at."""

    async def rings(self, *, waiting: int) -> None:
        while (await self.until("queue"))["waiting"] != waiting:
            pass


@dataclass
class Floor:
    """The desk, its address, and what stands behind it."""

    desk: Desk
    bot: FakeBot
    clock: Clock
    http: httpx.AsyncClient
    base: str

    @classmethod
    @asynccontextmanager
    async def opened(
        cls, folder: Path, database: str, **handoff: Any
    ) -> AsyncIterator[Self]:
        settings = _settings(folder, database, handoff)
        bot, clock = FakeBot(), Clock()
        desk = make_desk(settings, bot, clock, load_words(), load_words(PROBLEMS))
        base = f"http://127.0.0.1:{settings.ports.public}"
        port = settings.ports.public
        headers = {"Accept-Language": "en"}
        # Nothing happens beside the test: a round is done when the clock is wound.
        alone = ((chores.begin_turns, chores.TURNS_SECONDS),)
        with patch.object(chores, "CHORES", alone):
            async with (
                open_desk(desk),
                _listening(create_app(desk), "127.0.0.1", port, False),  # noqa: FBT003
                httpx.AsyncClient(
                    base_url=base, headers=headers, trust_env=False
                ) as http,
            ):
                yield cls(desk=desk, bot=bot, clock=clock, http=http, base=base)

    async def shopper(self, language: str = "en", **more: Any) -> Shopper:
        return await Shopper.open(self.http, language=language, **more)

    async def hire(self, login: str, role: str = "agent") -> Member:
        return await sign_in(self.desk, self.http, login, role)

    @asynccontextmanager
    async def screen(self, shopper: Shopper) -> AsyncIterator[Screen]:
        async with Line.open(socket_of(self.base, shopper), origin=self.base) as line:
            await line.send(t="hello", token=shopper.token)
            await line.until("ready")
            yield Screen(line)

    @asynccontextmanager
    async def console(
        self, member: Member, *watched: Shopper
    ) -> AsyncIterator[Console]:
        url = f"{self.base.replace('http', 'ws')}/api/v1/agent/socket"
        async with Console.open(url, origin=self.base) as line:
            watch = [each.id for each in watched]
            await line.send(t="hello", token=member.token, watch=watch)
            await line.until("ready")
            yield line

    async def later(self, *here: Member, **span: float) -> None:
        """Wind the clock; those who are here stay at their desks, the others do not."""
        self.clock.forward(**span)
        for each in here:
            await each.get("/queue")
        await self.round()

    async def round(self) -> None:
        for chore in ROUND:
            await chore(self.desk)


def _settings(folder: Path, database: str, handoff: dict[str, Any]) -> Settings:
    made = settings_for(folder, database)
    update = {
        "ports": made.ports.model_copy(update={"public": free_port()}),
        "handoff": made.handoff.model_copy(update=handoff),
    }
    return made.model_copy(update=update)


async def take(member: Member, shopper: Shopper) -> int:
    """Take whoever is next, who is this shopper; the version of the claim."""
    answer = await member.post("/queue/claim")
    assert answer.status_code == 200, answer.text
    claimed = answer.json()
    assert claimed["conversation_id"] == shopper.id
    return int(claimed["assignment_version"])


async def reply(
    member: Member, shopper: Shopper, text: str, *, version: int, **more: Any
) -> httpx.Response:
    body = {"client_id": uuid4().hex, "text": text, "assignment_version": version}
    return await member.post(f"/conversations/{shopper.id}/agent-messages", body | more)


async def act(
    member: Member, shopper: Shopper, step: str, *, version: int, **more: Any
) -> dict[str, Any]:
    """Resolve, transfer, pass on, give back."""
    answer = await member.post(
        f"/conversations/{shopper.id}/{step}", {"assignment_version": version, **more}
    )
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def be(member: Member, state: str, **more: Any) -> None:
    answer = await member.http.put(
        "/api/v1/presence", json={"state": state, **more}, headers=member.headers
    )
    assert answer.status_code == 200, answer.text


async def held(member: Member) -> list[str]:
    return [row["id"] for row in (await member.get("/queue")).json()["mine"]]


async def waits(member: Member) -> list[str]:
    return [row["id"] for row in (await member.get("/queue")).json()["waiting"]]


async def texts(shopper: Shopper) -> list[str]:
    return [each["text"] for each in (await shopper.read())["messages"]]
