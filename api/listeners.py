"""Serves: the public application and the bot's actions, two sockets in one event loop.

On a signal the process first stops taking new work and finishes what runs, and only then
tells uvicorn to stop, which would close every socket at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp

import api.bot.answers
import api.shop.actions  # noqa: F401  both register their actions
from api.app import create_app
from api.bot.actions import create_actions_app
from api.desk import Desk
from api.index import load_index
from api.logs import configure_logs
from api.redis_client import connect
from api.settings import Settings
from api.wiring import build_desk, open_desk
from knowledge_base.embedding import load_embedder

log = structlog.get_logger(__name__)

__all__ = ["serve"]

BACKLOG = 2048
#: sockets are told to come back before the process stops reading them
NOTICE_SECONDS = 1.0
TURNS_SECONDS = 20.0
RETRY_SECONDS = 2.0
#: how long a thread that may go on waits for the one that works, 5 ms by default: whoever
#: holds the right to write waits so twice while nobody else may (ADR 0010)
SWITCH_SECONDS = 0.0005
#: new objects, young collections, middle collections (by default 700, 10, 10)
COLLECT_AFTER = (10_000, 20, 50)


def serve(settings: Settings, *, workers: int = 1) -> None:
    """Run until a signal, finish what runs, close, and end the process."""
    configure_logs()
    sys.setswitchinterval(SWITCH_SECONDS)
    runner = asyncio.Runner(loop_factory=_loop_factory())
    runner.run(_serve(settings, shares_port=workers > 1))
    # A thread may still be building an index that nobody will use; it cannot be told to
    # stop, and the stop must not wait for it. All that matters is committed and closed.
    sys.stdout.flush()
    os._exit(0)


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    try:
        import uvloop  # noqa: PLC0415 - absent on some systems
    except ImportError:
        return None
    loop: type[asyncio.AbstractEventLoop] = uvloop.Loop
    return loop


async def _serve(settings: Settings, *, shares_port: bool) -> None:
    embedder = await asyncio.to_thread(
        load_embedder, settings.knowledge_base.models["default"]
    )
    desk = build_desk(settings, embedder=embedder, redis=connect(settings.redis_url))
    async with open_desk(desk):
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        ports = settings.ports
        async with (
            _listening(create_app(desk), settings.bind_host, ports.public, shares_port),
            _listening(
                create_actions_app(desk), "127.0.0.1", ports.actions, shares_port
            ),
        ):
            loading = asyncio.create_task(_load(desk))
            await stop.wait()
            loading.cancel()
            await _drain(desk)


async def _load(desk: Desk) -> None:
    """Warm the model and build the index; until then `readyz` says no."""
    while not desk.is_loaded:
        try:
            await load_index(desk)
            _spare_the_collector()
        except Exception:
            log.exception("not loaded yet", action="load")
            await asyncio.sleep(RETRY_SECONDS)
    log.info("ready to answer", action="load", version=desk.searcher.version)


def _spare_the_collector() -> None:
    """Collect what is loaded once and never again, and everything that grows old seldom.

    A full collection stops the process: for 0.3 s with 1,100 sockets open, every few
    seconds. Cycles are rare and die young here; the rest is counted references
    (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


async def _drain(desk: Desk) -> None:
    """Refuse new work, send sockets away, finish the turns that run."""
    log.info("stopping", action="drain")
    desk.is_draining = True
    desk.hub.ring_everybody()
    await asyncio.sleep(NOTICE_SECONDS)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(TURNS_SECONDS):
            while desk.driving:  # noqa: ASYNC110 - turns end on their own
                await asyncio.sleep(0.05)


@asynccontextmanager
async def _listening(
    app: ASGIApp,
    host: str,
    port: int,
    shares_port: bool,  # noqa: FBT001 - private
) -> AsyncIterator[None]:
    server = uvicorn.Server(_configuration(app))
    # Signals are ours: uvicorn would close every socket before anything is finished.
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    bound = bind(host, port, shares_port=shares_port)
    running = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        while not (server.started or running.done()):  # noqa: ASYNC110 - uvicorn's flag
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await running


def _configuration(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="websockets-sansio",
        ws_max_size=65_536,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=5,
        timeout_keep_alive=30,
    )


def bind(host: str, port: int, *, shares_port: bool) -> socket.socket:
    """A listening socket; an address in use is told by its number."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shares_port:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise SystemExit(f"Port {port} on {host} cannot be used: {error}.") from error
    made.setblocking(False)  # noqa: FBT003 - its own signature
    return made
