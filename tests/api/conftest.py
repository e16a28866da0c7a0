"""A whole desk in one process: a real database, twins for everything beyond it."""

from __future__ import annotations

# isort: off
import api.sqlite  # noqa: F401  first: it decides which sqlite3 everything else gets
# isort: on

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.bot.client import BotClient, Breaker
from api.database import Database
from api.desk import Desk
from api.limits import Limiter
from api.realtime.broker import MemoryBroker
from api.realtime.hub import Hub
from api.settings import Settings, load_settings
from api.wiring import open_desk, opening_hours, order_parts
from api.words import PROBLEMS, Words, load_words
from handoff.line import MemoryLine
from handoff.presence import MemoryPresence
from tests.api.people import Member, Shopper, sign_in
from tests.fakes import Clock, FakeBot, TwinEmbedder, TwinSearcher

ROOT = Path(__file__).parents[2]
BASE = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def words() -> Words:
    return load_words()


@pytest.fixture(scope="session")
def problem_words() -> Words:
    return load_words(PROBLEMS)


@pytest.fixture
def settings(tmp_path: Path, sqlite_database: str) -> Settings:
    return settings_for(tmp_path, sqlite_database)


def settings_for(tmp_path: Path, database_url: str, **more: str) -> Settings:
    environ = {
        "WARMLINE_VAR": str(tmp_path / "var"),
        "DATABASE_URL": database_url,
        "WARMLINE_BOT_TOKEN": "bot-token",
        **more,
    }
    return load_settings(environ, root=ROOT)


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "desk.db"
    path.write_bytes(sqlite_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def bot() -> FakeBot:
    return FakeBot()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def make_desk(
    settings: Settings, bot: FakeBot, clock: Clock, words: Words, problem_words: Words
) -> Desk:
    from api.shop.demo import DemoOrders  # noqa: PLC0415

    database = Database(settings)
    limits = settings.limits
    orders = DemoOrders(database, zone=settings.shop.timezone, clock=clock)
    parts: dict[str, Any] = order_parts(
        settings, database, orders, words=words, clock=clock
    )
    made = Desk(
        settings=settings,
        database=database,
        redis=None,
        embedder=TwinEmbedder(),  # type: ignore[arg-type]
        searcher=TwinSearcher(),  # type: ignore[arg-type]
        bot=BotClient(
            "http://bot",
            token="bot-token",
            timeout_seconds=limits.bot_timeout_seconds,
            breaker=Breaker(
                failures=limits.bot_breaker_failures,
                seconds=limits.bot_breaker_seconds,
            ),
            transport=bot.transport(),
        ),
        line=MemoryLine(),
        presence=MemoryPresence(),
        hub=Hub(),
        broker=MemoryBroker(),
        limiter=Limiter(None),
        words=words,
        problems=problem_words,
        clock=clock,
        opening_hours=opening_hours(settings),
        **parts,
    )
    made.loaded.set()
    return made


@pytest.fixture
async def desk(
    settings: Settings, bot: FakeBot, clock: Clock, words: Words, problem_words: Words
) -> AsyncIterator[Desk]:
    made = make_desk(settings, bot, clock, words, problem_words)
    async with open_desk(made):
        yield made


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return create_app(desk)


def client_of(app: FastAPI, **headers: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=app, client=("203.0.113.7", 4711))
    return httpx.AsyncClient(
        transport=transport, base_url=BASE, headers={"Accept-Language": "en", **headers}
    )


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(app) as client:
        yield client


@pytest.fixture
async def sam(http: httpx.AsyncClient) -> Shopper:
    """Sam has opened the widget, in English."""
    return await Shopper.open(http, language="en")


@pytest.fixture
async def alice(desk: Desk, http: httpx.AsyncClient) -> Member:
    """Alice is an agent, signed in."""
    return await sign_in(desk, http, "alice", "agent")


@pytest.fixture
async def bob(desk: Desk, http: httpx.AsyncClient) -> Member:
    """Bob is an agent, signed in."""
    return await sign_in(desk, http, "bob", "agent")


@pytest.fixture
async def sue(desk: Desk, http: httpx.AsyncClient) -> Member:
    """Sue is a supervisor, signed in."""
    return await sign_in(desk, http, "sue", "supervisor")
