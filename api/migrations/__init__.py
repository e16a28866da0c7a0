"""Brings the tables of all three rooms up to date: one history, run in this process."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import NullPool

import api.sqlite  # noqa: F401  decides which sqlite3 SQLAlchemy gets
from api.settings import Settings

HERE = Path(__file__).parent
#: any number of processes may start at once; one of them migrates
LOCK_KEY = 7_290_117


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration over an open connection."""
    made = Config()
    made.set_main_option("script_location", str(HERE))
    made.attributes["connection"] = connection
    return made


async def upgrade(settings: Settings, revision: str = "head") -> None:
    """Migrate up to the revision; does nothing when the tables are there already."""
    if settings.is_sqlite:
        settings.var.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(run, settings.database_url, command.upgrade, revision)


async def downgrade(settings: Settings, revision: str) -> None:
    """Migrate back down."""
    await asyncio.to_thread(run, settings.database_url, command.downgrade, revision)


def head() -> str | None:
    """The newest revision that the code knows."""
    return ScriptDirectory(str(HERE)).get_current_head()


def run(url: str, task: object, *args: str) -> None:
    """Run an Alembic command inside one transaction of its own connection."""
    engine = create_engine(url.replace("+inloop", ""), poolclass=NullPool)
    if url.startswith("sqlite"):
        event.listen(engine, "connect", _own_transactions)
        event.listen(engine, "begin", _begin_immediate)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '10s'"))
                connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK_KEY})"))
            task(config(connection), *args)  # type: ignore[operator]
    finally:
        engine.dispose()


def _own_transactions(connection: object, _record: object) -> None:
    connection.isolation_level = None  # type: ignore[attr-defined]
    connection.execute("PRAGMA busy_timeout=15000")  # type: ignore[attr-defined]


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
