"""SQLite in the event loop: what may wait leaves it, and nothing is used by two at once."""

from __future__ import annotations

# isort: off
import api.sqlite  # noqa: F401  first: it decides which sqlite3 the next lines get
# isort: on

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from api import sqlite_dialect
from api.database import Database
from api.errors import Unavailable
from tests.api.conftest import settings_for

HELD_SECONDS = 0.4


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(settings_for(tmp_path, f"sqlite:///{tmp_path / 'rows.db'}"))
    async with opened.writing() as session:
        await session.execute(text("CREATE TABLE row (n INTEGER PRIMARY KEY)"))
    yield opened
    await opened.close()


async def put(database: Database, number: int) -> None:
    async with database.writing() as session:
        await session.execute(text("INSERT INTO row VALUES (:n)"), {"n": number})


async def numbers(database: Database) -> list[int]:
    async with database.reading() as session:
        return list(await session.scalars(text("SELECT n FROM row ORDER BY n")))


def hold_lock(path: Path, taken: threading.Event) -> None:
    """Another process, as far as SQLite can tell, writes for a while."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    taken.set()
    time.sleep(HELD_SECONDS)
    other.execute("ROLLBACK")
    other.close()


async def test_waiting_for_anothers_write_lock_does_not_stop_the_loop(
    database: Database, tmp_path: Path
) -> None:
    taken = threading.Event()
    other = threading.Thread(target=hold_lock, args=(tmp_path / "rows.db", taken))
    other.start()
    await asyncio.to_thread(taken.wait)
    writing = asyncio.create_task(put(database, 1))
    longest, beats = 0.0, 0
    while not writing.done():
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        longest, beats = max(longest, time.perf_counter() - before), beats + 1
    await asyncio.to_thread(other.join)
    assert beats >= 5, "the write did not wait, so nothing was shown"
    assert longest < HELD_SECONDS / 2
    assert await numbers(database) == [1]


async def test_a_freed_write_lock_is_taken_at_once(
    database: Database, tmp_path: Path
) -> None:
    delays = []
    for number in range(8):
        taken = threading.Event()
        freed: list[float] = []

        def hold(taken: threading.Event = taken, freed: list[float] = freed) -> None:
            hold_lock(tmp_path / "rows.db", taken)
            freed.append(time.perf_counter())

        other = threading.Thread(target=hold)
        other.start()
        await asyncio.to_thread(taken.wait)
        await put(database, number)
        written = time.perf_counter()
        await asyncio.to_thread(other.join)
        delays.append(written - freed[0])
    # SQLite's own waiting sleeps 100 ms at a time by then: 50 in the middle
    assert sorted(delays)[4] < 0.02


async def test_a_write_lock_that_stays_taken_is_told_in_the_end(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_dialect, "BUSY_SECONDS", 0.05)
    taken = threading.Event()
    other = threading.Thread(target=hold_lock, args=(tmp_path / "rows.db", taken))
    other.start()
    await asyncio.to_thread(taken.wait)
    with pytest.raises(Unavailable):
        await put(database, 1)
    await asyncio.to_thread(other.join)
    await put(database, 2)
    assert await numbers(database) == [2]


async def test_a_cancelled_commit_is_waited_for_before_the_connection_is_used_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work = threading.Event()
    running: list[str] = []
    slow = sqlite_dialect.SQLiteInLoop.do_commit
    in_thread = sqlite_dialect._in_thread

    async def slowly(work: object) -> None:
        def do() -> None:
            running.append("begins")
            at_work.set()
            time.sleep(0.2)
            work()  # type: ignore[operator]
            running.append("ends")

        await in_thread(do)

    monkeypatch.setattr(sqlite_dialect, "_in_thread", slowly)
    writing = asyncio.create_task(put(database, 1))
    await asyncio.to_thread(at_work.wait)
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    assert running.count("begins") == running.count("ends")
    await put(database, 2)
    assert 2 in await numbers(database)
    assert slow is sqlite_dialect.SQLiteInLoop.do_commit


async def test_rows_can_be_read_after_the_session_is_over(database: Database) -> None:
    for number in range(5):
        await put(database, number)
    async with database.reading() as session:
        result = await session.execute(text("SELECT n FROM row ORDER BY n"))
        first = result.fetchone()
        some = result.fetchmany(2)
    assert (first, some, result.fetchall()) == ((0,), [(1,), (2,)], [(3,), (4,)])


async def test_only_commits_that_must_outlive_a_power_cut_wait_for_the_disk(
    database: Database,
) -> None:
    async def level(*, outlives_power_cut: bool) -> int:
        async with database.writing(outlives_power_cut=outlives_power_cut) as session:
            found = await session.scalar(text("PRAGMA synchronous"))
            return int(found)

    full, normal = 2, 1
    assert await level(outlives_power_cut=True) == full
    assert await level(outlives_power_cut=False) == normal
    assert await level(outlives_power_cut=True) == full


async def test_a_failed_write_leaves_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with database.writing() as session:
            await session.execute(text("INSERT INTO row VALUES (1)"))
            raise ZeroDivisionError
    assert await numbers(database) == []
