"""`warmline doctor`: checks what a desk needs and says what to do about what is missing."""

from __future__ import annotations

import asyncio
import ipaddress
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from redis import Redis
from redis.exceptions import RedisError
from rich.console import Console
from rich.markup import escape
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from api import migrations
from api.database import Database
from api.errors import Unavailable
from api.processes import ports, training, valkey
from api.processes.programs import bot_python, wanted_ports
from api.settings import Settings

GOOD, NOTE, BAD = "good", "note", "bad"
MARKS = {GOOD: "[green]✓[/green]", NOTE: "[yellow]![/yellow]", BAD: "[red]✗[/red]"}
#: the WAL-reset bug (sqlite.org/wal.html#walresetbug) is mended from here on
SAFE_SQLITE = (3, 51, 3)
NEEDED_GB = 2
#: how SQLite and PostgreSQL say that nothing was migrated yet
NO_TABLES = ("no such table", "unable to open database file", "does not exist")


@dataclass(frozen=True)
class Finding:
    """One line of the report: how it stands, and what to do if it is not good."""

    state: str
    name: str
    words: str
    advice: str = ""


def examine(settings: Settings, console: Console) -> bool:
    """Print every finding; True when nothing is bad."""
    is_running = _is_running(settings)
    findings = [check(settings, is_running) for check in CHECKS]
    for finding in findings:
        console.print(f"{MARKS[finding.state]} {finding.name}: {escape(finding.words)}")
        if finding.state != GOOD and finding.advice:
            console.print(f"    → {escape(finding.advice)}")
    return all(finding.state != BAD for finding in findings)


def _is_running(settings: Settings) -> bool:
    try:
        url = f"http://127.0.0.1:{settings.ports.public}/healthz"
        return httpx.get(url, timeout=2).is_success
    except httpx.HTTPError:
        return False


def check_pythons(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """Both interpreters start and have the right version."""
    try:
        bot = subprocess.run(  # noqa: S603 - our own interpreter
            (str(bot_python()), "-c", "import sys; print(sys.version.split()[0])"),
            capture_output=True, text=True, check=True, timeout=20,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return Finding(BAD, "Python", "the bot's environment is missing", "make setup")
    mine = ".".join(map(str, sys.version_info[:3]))
    if not bot.startswith("3.10."):
        return Finding(BAD, "Python", f"the bot runs {bot}, needs 3.10", "make setup")
    return Finding(GOOD, "Python", f"service {mine}, bot {bot}")


def check_disk(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """There is room for logs, the database and a new model."""
    free = shutil.disk_usage(settings.var.resolve().parent).free / 1e9
    if free < NEEDED_GB:
        return Finding(BAD, "Disk", f"{free:.1f} GB free", f"Free {NEEDED_GB} GB.")
    return Finding(GOOD, "Disk", f"{free:.0f} GB free (a first set-up needs 10)")


def check_ports(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """Our ports are free, or ours."""
    if is_running:
        return Finding(GOOD, "Ports", "held by the running desk")
    if busy := ports.busy_ports(wanted_ports(settings)):
        return Finding(BAD, "Ports", " ".join(map(str, busy)))
    return Finding(GOOD, "Ports", ", ".join(map(str, wanted_ports(settings).values())))


def check_redis(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """Redis answers, or its server can be started."""
    if not settings.has_own_redis and not is_running:
        try:
            return Finding(GOOD, "Redis", f"embedded, {valkey.server_binary().name}")
        except valkey.NoRedisServer as error:
            return Finding(BAD, "Redis", "no server", str(error))
    try:
        with Redis.from_url(settings.redis_url, socket_timeout=3) as client:
            version = client.info("server")["redis_version"]
    except RedisError as error:
        return Finding(
            BAD, "Redis", f"does not answer ({type(error).__name__})",
            "Check REDIS_URL, or unset it to use the embedded server.",
        )  # fmt: skip
    return Finding(GOOD, "Redis", f"answers, version {version}")


def check_database(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """The database answers, has today's tables, and its SQLite is a safe one."""
    if settings.is_sqlite and sqlite3.sqlite_version_info < SAFE_SQLITE:
        return Finding(
            BAD, "Database", f"SQLite {sqlite3.sqlite_version} can corrupt WAL files",
            "make setup (brings pysqlite3 with a newer SQLite)",
        )  # fmt: skip
    try:
        revision = asyncio.run(_revision(settings))
    except (SQLAlchemyError, OSError, Unavailable) as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        if any(words in reason for words in NO_TABLES):
            return Finding(NOTE, "Database", "not made yet", "make up")
        return Finding(BAD, "Database", reason, "Check DATABASE_URL.")
    head = migrations.head()
    if revision != head:
        return Finding(NOTE, "Database", f"at {revision}, code at {head}", "make up")
    return Finding(GOOD, "Database", f"tables at {revision}")


async def _revision(settings: Settings) -> str | None:
    database = Database(settings)
    try:
        async with database.reading() as session:
            found = await session.scalar(
                text("select version_num from alembic_version")
            )
            return str(found) if found else None
    finally:
        await database.close()


def check_model(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """The trained bot is there, whole, and made from today's files."""
    if not training.model_is_intact(settings):
        return Finding(
            NOTE, "Bot model", "missing or changed", "make up (or make train)"
        )
    if not training.is_trained(settings):
        return Finding(NOTE, "Bot model", "older than the bot's files", "make train")
    return Finding(GOOD, "Bot model", "trained from today's files")


def check_parts(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """The running desk says itself whether index and bot answer."""
    if not is_running:
        return Finding(NOTE, "Running", "no", "make up")
    url = f"http://127.0.0.1:{settings.ports.public}/readyz"
    try:
        checks = httpx.get(url, timeout=10).json()["checks"]
    except (httpx.HTTPError, ValueError, KeyError):
        return Finding(BAD, "Running", "does not answer", "See var/logs/api.log.")
    broken = {name: state for name, state in checks.items() if state != "ok"}
    if broken:
        words = ", ".join(f"{name}: {state}" for name, state in broken.items())
        return Finding(BAD, "Running", words, "See the files in var/logs.")
    return Finding(GOOD, "Running", "database, Redis, index and bot answer")


def check_address(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """A public address must not show the demo, and should be https."""
    if not settings.public_url:
        return Finding(GOOD, "Address", "this machine only (PUBLIC_URL is not set)")
    if settings.demo and is_public(settings.public_url):
        return Finding(
            BAD, "Address", f"demo accounts and orders would show at {settings.public_url}",
            "Set demo: false in config.yml before shoppers come.",
        )  # fmt: skip
    if is_public(settings.public_url) and not settings.public_url.startswith(
        "https://"
    ):
        return Finding(NOTE, "Address", "not https", "See docs/going-live.md.")
    return Finding(GOOD, "Address", settings.public_url)


def check_orders(settings: Settings, is_running: bool) -> Finding:  # noqa: FBT001
    """Without the demo, orders come from the shop's own interface or not at all."""
    if settings.shop.orders == "rest":
        return Finding(GOOD, "Orders", settings.shop.rest.base_url)
    if settings.demo:
        return Finding(GOOD, "Orders", "300 made-up ones of the demo shop")
    return Finding(
        NOTE, "Orders", "none connected: order questions go to people",
        "Set shop.orders: rest (docs/order-source.md).",
    )  # fmt: skip


def is_public(url: str) -> bool:
    """Whether an address reaches beyond this machine; unresolvable names count as public."""
    host = urlsplit(url).hostname or ""
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(host, None)}
    except OSError:
        return True
    return not all(ipaddress.ip_address(str(each)).is_loopback for each in addresses)


CHECKS: tuple[Callable[[Settings, bool], Finding], ...] = (
    check_pythons, check_disk, check_ports, check_redis, check_database,
    check_model, check_parts, check_orders, check_address,
)  # fmt: skip
