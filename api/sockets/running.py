"""Decides how a socket ends: with a code that tells the client what to do, whatever happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from api.auth import peer_address
from api.desk import Desk
from api.realtime.frames import (
    CLOSE_RESTART,
    CLOSE_TOO_SLOW,
    CLOSE_TROUBLE,
    SUBPROTOCOL,
)
from api.realtime.hub import Lagging
from api.sockets.pump import TooSlow
from api.sockets.receiving import CloseSocket

log = structlog.get_logger(__name__)

#: for which address a socket is counted, in its own scope
_COUNTED = "warmline.counted_for"


@asynccontextmanager
async def guarded(
    desk: Desk, websocket: WebSocket, *, kind: str
) -> AsyncIterator[bool]:
    """Accept within the limits and close properly; False when it was not accepted."""
    address = peer_address(websocket)
    held = desk.sockets_of.get(address, 0)
    most = desk.settings.limits.sockets_per_address
    if desk.is_draining or held >= most:
        await websocket.close(CLOSE_RESTART)
        yield False
        return
    wants = websocket.scope.get("subprotocols") or []
    desk.sockets_of[address] = held + 1
    websocket.scope[_COUNTED] = address
    gauge = desk.metrics.sockets.labels(kind=kind)
    gauge.inc()
    try:
        await websocket.accept(
            subprotocol=SUBPROTOCOL if SUBPROTOCOL in wants else None
        )
        yield True
    except CloseSocket as closing:
        await close(websocket, closing.code, closing.reason)
    except (TooSlow, Lagging):
        await close(websocket, CLOSE_TOO_SLOW, "not reading")
    except WebSocketDisconnect:
        pass  # it has left
    except Exception:
        log.exception("socket failed", action="socket", kind=kind)
        await close(websocket, CLOSE_TROUBLE, "")
    finally:
        gauge.dec()
        let_in(desk, websocket)


def let_in(desk: Desk, websocket: WebSocket) -> None:
    """No longer count a socket for its address: it has ended, or a signed-in agent is on it.

    A whole office has one address; whoever has signed in floods nobody.
    """
    address = websocket.scope.pop(_COUNTED, None)
    if address is None:
        return
    desk.sockets_of[address] -= 1
    if not desk.sockets_of[address]:
        del desk.sockets_of[address]


async def close(websocket: WebSocket, code: int, reason: str) -> None:
    if websocket.application_state is not WebSocketState.DISCONNECTED:
        with suppress(RuntimeError, WebSocketDisconnect):
            await websocket.close(code, reason)


async def side_by_side(*work: Coroutine[Any, Any, None]) -> None:
    """Run both until one ends, then end the other and raise what it raised."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
