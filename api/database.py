"""Decides how rows are reached: short reading and writing spells, one writer at a time on SQLite.

No spell may stay open across a call to the bot, Redis or an embedding.
"""

from __future__ import annotations

# isort: off
import api.sqlite  # must come first: it decides which sqlite3 everything else gets
import api.sqlite_dialect
# isort: on

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from api.errors import BadConfiguration, Unavailable
from api.failpoints import Failpoints
from api.settings import Settings

RETRY_AFTER_SECONDS = 2
BUSY_TIMEOUT_MS = 5000
POOL_TIMEOUT_SECONDS = 10
READERS = 8
#: marks the transactions whose commit does not wait for the disk
LAZY = "warmline_lazy"
_LAZY_COMMIT = "SET LOCAL synchronous_commit TO off"


class Database:
    """The engines and the two ways to use them."""

    def __init__(self, settings: Settings) -> None:
        url = settings.database_url
        self.is_sqlite = settings.is_sqlite
        self._failpoints = Failpoints.from_environment(os.environ)
        if self.is_sqlite:
            settings.var.mkdir(parents=True, exist_ok=True)
            if not api.sqlite.is_safe():
                raise BadConfiguration(
                    "This SQLite can corrupt the database; 3.51.3 or later is needed."
                )
            self._readers = _sqlite_engine(url, size=READERS, begin="BEGIN")
            # One connection that writes: writers queue here, in order, without busy errors.
            self._writers = _sqlite_engine(
                url, size=1, begin=api.sqlite_dialect.BEGIN_WRITING
            )
        else:
            self._readers = self._writers = _postgres_engine(url)
        self._read_session = async_sessionmaker(self._readers, expire_on_commit=False)
        self._write_session = async_sessionmaker(self._writers, expire_on_commit=False)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A session for questions only; nothing it changes is kept."""
        with _Translated():
            async with self._read_session() as session:
                yield session

    @asynccontextmanager
    async def writing(
        self, *, outlives_power_cut: bool = True
    ) -> AsyncIterator[AsyncSession]:
        """A session whose changes are committed together at the end, or not at all.

        Every commit outlives the death of the process. One that need not outlive the
        machine's does not wait for the disk; any later one that waits includes it.
        """
        with _Translated():
            async with self._write_session() as session, session.begin():
                if not outlives_power_cut:
                    await session.connection(execution_options={LAZY: True})
                    if not self.is_sqlite:
                        await session.execute(text(_LAZY_COMMIT))
                yield session
        self._failpoints.reach("after_commit")

    async def ping(self) -> None:
        """Raise Unavailable unless the database answers."""
        async with self.reading() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self._readers.dispose()
        if self._writers is not self._readers:
            await self._writers.dispose()


class _Translated:
    """Turn trouble of the database itself into Unavailable; let broken rules through."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, IntegrityError) or not isinstance(error, SQLAlchemyError):
            return
        if isinstance(error, (DBAPIError, PoolTimeout)):
            raise Unavailable(retry_after=RETRY_AFTER_SECONDS) from error


def _postgres_engine(url: str) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,
        pool_size=READERS,
        max_overflow=4,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC"},
    )


def _sqlite_engine(url: str, *, size: int, begin: str) -> AsyncEngine:
    engine = create_async_engine(
        url,
        hide_parameters=True,
        pool_size=size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_SECONDS,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: we say which kind.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "mmap_size=0",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def open_transaction(connection: Any) -> None:
        if begin == api.sqlite_dialect.BEGIN_WRITING:
            is_lazy = connection.get_execution_options().get(LAZY, False)
            level = "NORMAL" if is_lazy else "FULL"
            raw = connection.connection.dbapi_connection
            raw.execute(f"PRAGMA synchronous={level}")
        connection.exec_driver_sql(begin)

    return engine
