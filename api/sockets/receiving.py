"""Reads frames that a client sends: strictly, one at a time, and with an answer for every nonsense."""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.realtime.frames import CLOSE_POLICY, CLOSE_UNSUPPORTED, ErrorFrame
from api.sockets.pump import Send

#: nonsense one connection may send before it is closed
PATIENCE = 8
LONGEST_FRAME = 65_536


class CloseSocket(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: int, reason: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Receiver[F: BaseModel]:
    """The frames of one socket."""

    def __init__(
        self, websocket: WebSocket, *, frames: TypeAdapter[F], send: Send
    ) -> None:
        self._websocket = websocket
        self._frames = frames
        self._send = send
        self._nonsense = 0

    async def next(self, *, within: float | None = None) -> F:
        """The next frame that makes sense; TimeoutError, CloseSocket or a disconnect."""
        async with asyncio.timeout(within):
            while True:
                frame = self._parse(await self._read())
                if frame is not None:
                    return frame
                self._nonsense += 1
                if self._nonsense >= PATIENCE:
                    raise CloseSocket(CLOSE_POLICY, "too many bad frames")
                await self._send(
                    ErrorFrame(code="bad_frame", detail="This frame makes no sense.")
                )

    async def _read(self) -> str:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text = message.get("text")
        if text is None:
            raise CloseSocket(CLOSE_UNSUPPORTED, "text frames only")
        return str(text)

    def _parse(self, text: str) -> F | None:
        if len(text) > LONGEST_FRAME:
            return None
        try:
            return self._frames.validate_json(text)
        except (ValidationError, ValueError, RecursionError):
            return None
