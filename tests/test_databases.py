"""The test databases themselves: what runs, as whom, and that both are used."""

from __future__ import annotations

import psutil
from sqlalchemy import text


async def test_sqlite_is_one_without_the_wal_bug_and_postgresql_is_real(engine):
    async with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            version = await connection.scalar(text("select sqlite_version()"))
            assert tuple(map(int, version.split("."))) >= (3, 51, 3)
        else:
            version = await connection.scalar(text("select version()"))
            assert version.startswith("PostgreSQL ")


async def test_foreign_keys_are_enforced_on_both(engine):
    query = {
        "sqlite": "PRAGMA foreign_keys",
        "postgresql": "SELECT 1 FROM pg_constraint WHERE contype = 'f' LIMIT 1",
    }[engine.dialect.name]
    async with engine.connect() as connection:
        assert await connection.scalar(text(query)) == 1


def test_the_server_never_runs_as_root(postgres_server):
    process = psutil.Process(postgres_server._process.pid)
    assert process.uids().effective != 0
