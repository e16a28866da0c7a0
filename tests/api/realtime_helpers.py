"""A served desk and clients that speak frames."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect

from tests.api.people import Shopper


class Line:
    """One socket of a client: frames in order, with patience."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.heard: list[dict[str, Any]] = []

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, origin: str | None, **options: Any
    ) -> AsyncIterator[Self]:
        async with connect(
            url, origin=origin, subprotocols=["warmline.v1"], **options
        ) as connection:
            yield cls(connection)

    async def send(self, **frame: Any) -> None:
        await self.connection.send(json.dumps(frame))

    async def hear(self, *, within: float = 5.0) -> dict[str, Any]:
        async with asyncio.timeout(within):
            frame = json.loads(await self.connection.recv())
        self.heard.append(frame)
        return frame

    async def until(self, kind: str, *, within: float = 5.0) -> dict[str, Any]:
        async with asyncio.timeout(within):
            while True:
                frame = await self.hear(within=within)
                if frame["t"] == kind:
                    return frame

    async def messages(
        self, number: int, *, within: float = 5.0
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        async with asyncio.timeout(within):
            while len(found) < number:
                found.append((await self.until("message"))["message"])
        return found

    async def closed(self, *, within: float = 5.0) -> int:
        async with asyncio.timeout(within):
            await self.connection.wait_closed()
        return self.connection.close_code or 0


def socket_of(base: str, shopper: Shopper) -> str:
    return f"{base.replace('http', 'ws')}/api/v1/conversations/{shopper.id}/socket"
