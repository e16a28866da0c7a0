"""Shoppers with an outbox and agents, talking to a desk that may die at any moment."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import websockets
from websockets.asyncio.client import ClientConnection

from tests.faults.desk import PASSWORD, FaultyDesk
from tests.faults.history import History

#: how often a busy desk is asked again
PATIENCE = 20
#: what a connection may do without a word before the client gives it up
DEAF_SECONDS = 4.0
TROUBLE = (OSError, TimeoutError, websockets.WebSocketException)
SUBPROTOCOL = websockets.Subprotocol("warmline.v1")


def own_address(index: int) -> str:
    """An address of this machine for each group of clients: the desk limits each."""
    return f"127.0.1.{1 + index // 8 % 250}"


@asynccontextmanager
async def visitor(
    desk: FaultyDesk, *, address: str = "127.0.1.1"
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.AsyncHTTPTransport(
        local_address=address,
        verify=False,
    )
    async with httpx.AsyncClient(
        base_url=f"{desk.base}/api/v1",
        transport=transport,
        timeout=30,
        trust_env=False,
    ) as client:
        yield client


@dataclass
class Opened:
    """A conversation as its shopper knows it."""

    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def open_conversation(client: httpx.AsyncClient) -> Opened:
    answer = await client.post("/conversations", json={"language": "en"})
    answer.raise_for_status()
    made = answer.json()
    return Opened(id=made["id"], token=made["token"])


@dataclass
class Shopper:
    """Sends over the socket, keeps what is not acknowledged, resumes where it was.

    As the widget does: `after` on every hello, frames already seen are dropped, silence
    beyond the heartbeat is answered by a new connection.
    """

    desk: FaultyDesk
    opened: Opened
    history: History | None = None
    port: int | None = None
    address: str = "127.0.1.1"
    name: str = "shopper"
    on_ack: Callable[[], None] | None = None
    window: int = 1
    outbox: deque[dict[str, str]] = field(default_factory=deque)
    seen: list[tuple[int, str]] = field(default_factory=list)
    #: numbers that came although they had been shown: harmless, but counted
    repeats: int = 0
    connections: int = 0
    catch_ups: list[float] = field(default_factory=list)
    _in_flight: dict[str, dict[str, str]] = field(default_factory=dict)
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def after(self) -> int:
        return self.seen[-1][0] if self.seen else 0

    def say(self, text: str) -> None:
        self.outbox.append({"client_id": uuid4().hex, "text": text})
        self._changed.set()

    @property
    def is_done(self) -> bool:
        return not self.outbox and not self._in_flight

    async def run(self) -> None:
        """Stay connected, however often the line breaks, until cancelled."""
        while True:
            with suppress(*TROUBLE):
                await self._connect()
            self._back_into_outbox()
            await asyncio.sleep(random.uniform(0.01, 0.08))  # noqa: S311 - no secret

    def _back_into_outbox(self) -> None:
        for message in reversed(self._in_flight.values()):
            self.outbox.appendleft(message)
            self._note("unknown", message)
        self._in_flight.clear()

    async def _connect(self) -> None:
        address = f"ws://127.0.0.1:{self.desk.port}/api/v1/conversations/{self.opened.id}/socket"
        started = asyncio.get_running_loop().time()
        async with websockets.connect(
            address,
            host="127.0.0.1",
            port=self.port or self.desk.port,
            origin=websockets.Origin(self.desk.base),
            subprotocols=[SUBPROTOCOL],
            compression=None,
            open_timeout=3,
            close_timeout=0.2,
            ping_interval=None,
            proxy=None,
            local_addr=(self.address, 0),
        ) as socket:
            hello = {"t": "hello", "token": self.opened.token, "after": self.after}
            await socket.send(json.dumps(hello))
            ready = await self._until_ready(socket)
            self.connections += 1
            sending = asyncio.create_task(self._send(socket))
            try:
                await self._listen(socket, head=ready["head"], started=started)
            finally:
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)

    async def _until_ready(self, socket: ClientConnection) -> dict[str, Any]:
        while True:
            async with asyncio.timeout(DEAF_SECONDS):
                frame: dict[str, Any] = json.loads(await socket.recv())
            if frame["t"] == "ready":
                return frame
            if frame["t"] == "resync":
                self.seen.clear()

    async def _listen(
        self, socket: ClientConnection, *, head: int, started: float
    ) -> None:
        loop = asyncio.get_running_loop()
        is_behind = self.after < head
        while True:
            try:
                async with asyncio.timeout(DEAF_SECONDS):
                    frame = json.loads(await socket.recv())
            except TimeoutError:
                # As the heartbeat: ask, and give up on who does not answer.
                await socket.send('{"t":"ping"}')
                async with asyncio.timeout(DEAF_SECONDS):
                    frame = json.loads(await socket.recv())
            self._hear(frame)
            if is_behind and self.after >= head:
                is_behind = False
                self.catch_ups.append(loop.time() - started)

    def _hear(self, frame: dict[str, Any]) -> None:
        kind = frame["t"]
        if kind == "message":
            message = frame["message"]
            if message["seq"] <= self.after:
                self.repeats += 1
            else:
                self.seen.append((message["seq"], message["text"]))
        elif kind == "ack":
            message = self._in_flight.pop(frame["client_id"], None)
            if message is not None:
                self._note("ok", message, seq=frame["seq"])
                if self.on_ack is not None:
                    self.on_ack()
            self._changed.set()
        elif kind == "error" and frame.get("client_id") in self._in_flight:
            message = self._in_flight.pop(frame["client_id"])
            self._note("fail", message, detail=frame["code"])
            self.outbox.appendleft(message)
            self._changed.set()

    async def _send(self, socket: ClientConnection) -> None:
        while True:
            self._changed.clear()
            while self.outbox and len(self._in_flight) < self.window:
                message = self.outbox.popleft()
                self._in_flight[message["client_id"]] = message
                await socket.send(json.dumps({"t": "message", **message}))
            await self._changed.wait()

    def _note(self, result: Any, message: dict[str, str], **more: Any) -> None:
        if self.history is not None:
            self.history.note(
                "send",
                result,
                conversation=self.opened.id,
                key=message["text"],
                **more,
            )


async def patiently(
    client: httpx.AsyncClient, url: str, body: dict[str, Any] | None = None
) -> httpx.Response:
    """Post; a desk that says it is busy and when to come back is asked again then."""
    for _ in range(PATIENCE):
        answer = await client.post(url, json=body)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            break
        await asyncio.sleep(float(answer.headers["retry-after"]))
    return answer


async def sign_in(client: httpx.AsyncClient, login: str) -> None:
    """Every later request of this client is that agent's."""
    answer = await patiently(client, "/login", {"login": login, "password": PASSWORD})
    answer.raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"


async def until(
    condition: Callable[[], bool], *, within: float, every: float = 0.05
) -> bool:
    """Whether it came true in time."""
    deadline = asyncio.get_running_loop().time() + within
    while not condition():
        if asyncio.get_running_loop().time() > deadline:
            return False
        await asyncio.sleep(every)
    return True
