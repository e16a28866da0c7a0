"""A desk of its own for a measurement: real bot and Redis on free ports, in a folder that goes away."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import uvicorn
from rich.console import Console

from api import wiring
from api.bot.actions import create_actions_app
from api.bot.client import HEALTH_PATH
from api.desk import Desk
from api.index import load_index
from api.processes import programs, training
from api.processes.prepare import prepare
from api.processes.valkey import server_binary, write_configuration
from api.redis_client import connect
from api.settings import Settings
from knowledge_base.embedding import load_embedder

BOT_SECONDS = 120
#: no limit may stop a measurement
NO_LIMIT = 1_000_000


def own_settings(settings: Settings, folder: Path) -> Settings:
    """The operator's thresholds, on ports, a database and a Redis that nobody else uses."""
    with socket.socket() as a, socket.socket() as b, socket.socket() as c:
        for each in (a, b, c):
            each.bind(("127.0.0.1", 0))
        actions, bot, redis = (each.getsockname()[1] for each in (a, b, c))
    models = folder / "models"
    if training.is_trained(settings):
        shutil.copytree(settings.var / "models", models)
    password = settings.secrets.redis_password
    return settings.model_copy(
        update={
            "var": folder,
            "demo": True,
            "database_url": f"sqlite+inloop:///{folder / 'warmline.db'}",
            "redis_url": f"redis://:{password}@127.0.0.1:{redis}/0",
            "has_own_redis": False,
            "bot_url": f"http://127.0.0.1:{bot}",
            "ports": settings.ports.model_copy(
                update={"actions": actions, "bot": bot, "redis": redis}
            ),
            "limits": settings.limits.model_copy(
                update={"messages_per_minute": NO_LIMIT}
            ),
        }
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Desk]:
    """A desk in this process with a real bot and a real Redis as children."""
    await prepare(settings, Console(quiet=True))
    environment = programs.environment(settings)
    commands = (
        (str(server_binary()), str(write_configuration(settings))),
        programs.bot_command(settings),
    )
    children = [
        subprocess.Popen(  # noqa: S603, ASYNC220 - our own programs, started once
            command,
            cwd=programs.root(),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    try:
        async with _wired(settings) as desk:
            await _until_bot_answers(settings)
            yield desk
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


@asynccontextmanager
async def _wired(settings: Settings) -> AsyncIterator[Desk]:
    embedder = load_embedder(settings.knowledge_base.models["default"])
    redis = connect(settings.redis_url)
    desk = wiring.build_desk(settings, embedder=embedder, redis=redis)
    server = uvicorn.Server(
        uvicorn.Config(
            create_actions_app(desk),
            host="127.0.0.1",
            port=settings.ports.actions,
            log_level="error",
            lifespan="off",
        )
    )
    async with wiring.open_desk(desk):
        await load_index(desk)
        serving = asyncio.create_task(server.serve())
        try:
            yield desk
        finally:
            server.should_exit = True
            await serving


async def _until_bot_answers(settings: Settings) -> None:
    deadline = asyncio.get_running_loop().time() + BOT_SECONDS
    async with httpx.AsyncClient(timeout=3) as client:
        while asyncio.get_running_loop().time() < deadline:
            try:
                answer = await client.get(settings.bot_url + HEALTH_PATH)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == httpx.codes.OK:
                return
            await asyncio.sleep(0.3)
    raise TimeoutError("The bot did not start; `warmline doctor` says more.")
