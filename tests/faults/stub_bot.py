"""A bot server that fails in every way a bot can fail, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MODES = (
    "refuse",
    "500",
    "hang",
    "30s",
    "empty_list",
    "not_json",
    "5MB",
    "cut",
    "wrong_shape",
)
FIVE_MEGABYTES = 5_000_000


@dataclass
class Asked:
    """One request for a turn."""

    turn_id: str
    conversation_id: str
    text: str
    started: float
    ended: float | None = None


@dataclass
class StubBot:
    """Answers on a port of its own; `mode` says how, `pause` after how many seconds."""

    token: str
    mode: str = "ok"
    pause: Callable[[], float] = lambda: 0.0
    #: called when a request has arrived, and once more when its answer is half sent
    on_asked: Callable[[Asked], None] | None = None
    on_half_sent: Callable[[Asked], None] | None = None
    asked: list[Asked] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def start(self, port: int) -> None:
        self.port = port
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)

    async def stop(self) -> None:
        """Close the port, so that whoever asks is refused."""
        if self._server is None:
            return
        self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()
        await self._server.wait_closed()
        self._server = None

    async def set_mode(self, mode: str) -> None:
        """Behave so from the next request on; `refuse` closes the port."""
        self.mode = mode
        if mode == "refuse":
            await self.stop()
        elif self._server is None:
            await self.start(self.port)

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._open.add(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._open.discard(writer)
            with contextlib.suppress(OSError):
                writer.close()

    async def _one(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if method == "GET":
            return await _send(writer, 200, b'{"status":"ready"}')
        if headers.get("authorization") != f"Bearer {self.token}":
            return await _send(writer, 401, b"{}")
        if path != "/webhooks/turn/turn":
            return await _send(writer, 404, b"{}")
        return await self._turn(json.loads(body), writer)

    async def _turn(
        self, request: dict[str, Any], writer: asyncio.StreamWriter
    ) -> bool:
        asked = Asked(
            turn_id=request["metadata"]["turn_id"],
            conversation_id=request["conversation_id"],
            text=request["text"],
            started=time.monotonic(),
        )
        self.asked.append(asked)
        if self.on_asked is not None:
            self.on_asked(asked)
        await asyncio.sleep(self.pause())
        try:
            return await self._answer(asked, writer)
        finally:
            asked.ended = time.monotonic()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> bool:
        if self.mode in {"hang", "30s"}:
            await asyncio.sleep(3600 if self.mode == "hang" else 30)
        if self.mode == "cut" or self.on_half_sent is not None:
            return await self._answer_in_halves(asked, writer)
        if self.mode == "not_json":
            return await _send(writer, 200, b"<html>a proxy says hello</html>")
        status, body = ANSWERS.get(self.mode, (200, reply))
        return await _send(writer, status, json.dumps(body()).encode())

    async def _answer_in_halves(
        self, asked: Asked, writer: asyncio.StreamWriter
    ) -> bool:
        whole = json.dumps(reply()).encode()
        half = len(whole) // 2
        await _send(writer, 200, whole[:half], length=len(whole))
        if self.on_half_sent is None:
            writer.transport.abort()
            return False
        self.on_half_sent(asked)
        await asyncio.sleep(0.02)
        writer.write(whole[half:])
        await writer.drain()
        return True


def reply() -> dict[str, Any]:
    """A whole good turn with one message."""
    return {
        "messages": [{"say": "greet"}],
        "intent": {"name": "greet", "confidence": 0.97},
        "intent_ranking": [{"name": "greet", "confidence": 0.97}],
        "entities": [],
        "emotion": {"label": "neutral", "intensity": 0.0, "evidence": []},
        "slots": {},
        "active_loop": None,
        "dialogue": [],
    }


#: what the modes say; all others answer well
ANSWERS: dict[str, tuple[int, Callable[[], Any]]] = {
    "500": (500, lambda: "Internal Server Error"),
    "empty_list": (200, list),
    "silent": (200, lambda: reply() | {"messages": []}),
    "5MB": (200, lambda: reply() | {"padding": "x" * FIVE_MEGABYTES}),
    "wrong_shape": (200, lambda: [{"recipient_id": "somebody else", "text": "hello"}]),
}


async def _send(
    writer: asyncio.StreamWriter, status: int, body: bytes, *, length: int | None = None
) -> bool:
    writer.write(
        f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n".encode()
        + body
    )
    await writer.drain()
    return True
