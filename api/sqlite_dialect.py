"""Decides where SQLite works: questions in the event loop, waits for the disk in a thread.

A question to a local file with an index takes some 30 microseconds, and handing it to a
thread and back takes ten times as long, so `aiosqlite`'s thread for every call was most
of a turn. Only the commit leaves the loop: the disk must confirm it. Whoever finds the
write lock taken by another process asks again, every millisecond: SQLite's own waiting
would hold a thread, and ask ever more seldom, up to ten times a second
(https://sqlite.org/c3ref/busy_timeout.html), while everybody else in this process queues.
"""

from __future__ import annotations

# isort: off
import api.sqlite  # noqa: F401  first: it decides which sqlite3 the next lines get
# isort: on

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import URL
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import await_only

DRIVER = "inloop"
BEGIN_WRITING = "BEGIN IMMEDIATE"

#: how long the write lock is waited for
BUSY_SECONDS = 5.0
ASK_AGAIN_SECONDS = 0.001

_committing = ThreadPoolExecutor(max_workers=8, thread_name_prefix="sqlite-commit")


class BufferedCursor(sqlite3.Cursor):
    """Fetches all rows at once, as an asynchronous result expects of its cursor."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: deque[Any] = deque()

    def execute(self, *given: Any) -> BufferedCursor:
        super().execute(*given)
        self._rows = deque(super().fetchall() if self.description else ())
        return self

    def fetchone(self) -> Any:
        return self._rows.popleft() if self._rows else None

    def fetchmany(self, size: int | None = None) -> list[Any]:
        wanted = min(size or self.arraysize, len(self._rows))
        return [self._rows.popleft() for _ in range(wanted)]

    def fetchall(self) -> list[Any]:
        rows, self._rows = list(self._rows), deque()
        return rows

    async def _async_soft_close(self) -> None:
        """SQLAlchemy asks for it after a question; the rows are here already."""


class BufferedConnection(sqlite3.Connection):
    """A connection whose cursors are buffered."""

    def cursor(self, factory: Any = BufferedCursor) -> Any:
        return super().cursor(factory)


class SQLiteInLoop(SQLiteDialect_pysqlite):
    """The standard driver for an asynchronous engine; use it inside AsyncSession only."""

    driver = DRIVER
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, url: URL) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def create_connect_args(self, url: URL) -> Any:
        given, options = super().create_connect_args(url)
        # Its waits happen in threads, one after the other, never two at a time.
        return given, {
            **options,
            "factory": BufferedConnection,
            "check_same_thread": False,
        }

    def do_commit(self, dbapi_connection: Any) -> None:
        # Nothing to confirm when only questions were asked.
        if dbapi_connection.in_transaction:
            await_only(_in_thread(dbapi_connection.commit))

    def do_execute(
        self, cursor: Any, statement: str, parameters: Any, context: Any = None
    ) -> None:
        if statement == BEGIN_WRITING:
            await_only(_begin_writing(cursor))
        else:
            cursor.execute(statement, parameters)

    def get_driver_connection(self, connection: Any) -> Any:
        return connection


async def _begin_writing(cursor: sqlite3.Cursor) -> None:
    """Take the write lock, or raise what SQLite says when others have it for too long."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + BUSY_SECONDS
    # SQLite must not wait here itself: who has the lock may need this loop to give it back.
    cursor.execute("PRAGMA busy_timeout=0")
    while True:
        try:
            cursor.execute(BEGIN_WRITING)
        except sqlite3.OperationalError as error:
            is_busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not is_busy or loop.time() >= deadline:
                raise
        else:
            return
        await asyncio.sleep(ASK_AGAIN_SECONDS)


async def _in_thread(work: Callable[[], object]) -> None:
    """Wait for it to the end even when cancelled: a connection is used by one at a time."""
    doing = asyncio.get_running_loop().run_in_executor(_committing, work)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


registry.register(f"sqlite.{DRIVER}", __name__, SQLiteInLoop.__name__)
