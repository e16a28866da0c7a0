"""The least that can be called delivery: a Starlette application that hands each word on and keeps nothing."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from multiprocessing import get_context

import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from websockets.asyncio.client import ClientConnection

from tests.bench.words_under_way import Arrivals, Pair, Say, Size, connected, talk
from tests.faults.people import own_address
from tests.running import free_ports

START_SECONDS = 30

_rooms: dict[str, set[WebSocket]] = {}


async def _room(websocket: WebSocket) -> None:
    """Whoever names a conversation hears what is said in it."""
    await websocket.accept()
    joined: set[str] = set()
    try:
        while True:
            told = await websocket.receive_json()
            for name in told.get("watch", ()):
                _rooms.setdefault(name, set()).add(websocket)
                joined.add(name)
            if "text" in told:
                for each in tuple(_rooms[told["room"]]):
                    await each.send_json(told)
    except WebSocketDisconnect:
        pass
    finally:
        for name in joined:
            _rooms[name].discard(websocket)


def serve(port: int) -> None:
    """The application, in a process of its own."""
    application = Starlette(routes=[WebSocketRoute("/", _room)])
    uvicorn.run(application, host="127.0.0.1", port=port, log_level="error")


async def talked(size: Size) -> Arrivals:
    """The same people and the same words as at the desk."""
    (port,) = free_ports(1)
    process = get_context("spawn").Process(target=serve, args=(port,), daemon=True)
    process.start()
    try:
        return await _talked(size, f"ws://127.0.0.1:{port}/")
    finally:
        process.terminate()
        process.join()


async def _talked(size: Size, url: str) -> Arrivals:
    arrivals = Arrivals()
    async with AsyncExitStack() as stack:
        await _until_open(url)

        async def sit_down(
            name: str, rooms: list[str], number: int
        ) -> ClientConnection:
            socket = await stack.enter_async_context(
                connected(url, origin=url, address=own_address(number))
            )
            await socket.send(json.dumps({"watch": rooms}))

            async def hear() -> None:
                async for raw in socket:
                    arrivals.arrived(json.loads(raw)["text"], at=name)

            stack.callback(asyncio.create_task(hear()).cancel)
            return socket

        pairs: list[Pair] = []
        for number in range(size.agents):
            rooms = [str(at) for at in range(number, size.shoppers, size.agents)]
            agent = await sit_down("agent", rooms, number)
            for room in rooms:
                shopper = await sit_down("shopper", [room], int(room))
                pairs.append(
                    Pair(
                        shopper_says=_says(shopper, room), agent_says=_says(agent, room)
                    )
                )
        await talk(pairs, arrivals, size)
    return arrivals


def _says(socket: ClientConnection, room: str) -> Say:
    async def say(text: str) -> None:
        await socket.send(json.dumps({"room": room, "text": text}))

    return say


async def _until_open(url: str) -> None:
    async with asyncio.timeout(START_SECONDS):
        while True:
            try:
                async with connected(url, origin=url):
                    return
            except OSError:
                await asyncio.sleep(0.1)
