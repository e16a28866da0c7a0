"""A whole desk in a folder and on ports of its own: real Rasa, real Valkey, real pages."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 480


def free_ports(number: int) -> list[int]:
    """Ports that are free now; nobody else is asked for them on this machine."""
    sockets = [socket.socket() for _ in range(number)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


@dataclass
class RunningDesk:
    """`warmline up`, started for a test and stopped after it."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)
    #: replaces text in the copied config.yml: {regular expression: replacement}
    changes: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.var = self.folder / "var"
        public, actions, bot, redis = free_ports(4)
        self.ports = {"public": public, "actions": actions, "bot": bot, "redis": redis}
        self.base = f"http://127.0.0.1:{public}"
        self.output = self.folder / "up.txt"
        self._write_config()
        self._reuse_model()

    def _write_config(self) -> None:
        text = (ROOT / "config.yml").read_text("utf-8")
        for name, port in self.ports.items():
            text = re.sub(rf"(?m)^  {name}: \d+", f"  {name}: {port}", text)
        # Tests run at any hour, so the desk is always open unless a test says else.
        text = re.sub(r'(?m)^    (\w{3}): \[".*?"\]', r'    \1: ["00:00-24:00"]', text)
        for pattern, replacement in self.changes.items():
            text, count = re.subn(pattern, replacement, text)
            assert count, f"{pattern} is not in config.yml"
        self.config = self.folder / "config.yml"
        self.config.write_text(text, encoding="utf-8")

    def _reuse_model(self) -> None:
        """Training takes half a minute; a model made from today's bot serves as well."""
        for source in (ROOT / "var" / "models", ROOT / "var" / "test-models"):
            if (source / "bot.tar.gz").exists() and (source / "bot.json").exists():
                target = self.var / "models"
                target.mkdir(parents=True, exist_ok=True)
                for name in ("bot.tar.gz", "bot.json"):
                    shutil.copy2(source / name, target / name)
                return

    def _keep_model(self) -> None:
        kept = ROOT / "var" / "test-models"
        kept.mkdir(parents=True, exist_ok=True)
        for name in ("bot.tar.gz", "bot.json"):
            if (self.var / "models" / name).exists():
                shutil.copy2(self.var / "models" / name, kept / name)

    def environment(self) -> dict[str, str]:
        """What the desk's processes are given, and nothing of the caller's addresses."""
        environ = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "WARMLINE_CONFIG": str(self.config),
            "WARMLINE_VAR": str(self.var),
            "COLUMNS": "120",
            **self.environ,
        }
        for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL"):
            if name not in self.environ:
                environ.pop(name, None)
        return environ

    def start(self) -> Self:
        """Start and wait until everything answers."""
        environ = self.environment()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                (sys.executable, "-m", "api.cli", "up"),
                cwd=ROOT,
                env=environ,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        try:
            self.wait_until_ready(START_SECONDS)
        except BaseException:
            # `with` does not call __exit__ when entering fails.
            self.process.kill()
            raise
        self._keep_model()
        return self

    def wait_until_ready(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with httpx.Client(base_url=self.base, timeout=3, trust_env=False) as client:
            while time.monotonic() < deadline:
                if self.process is not None and self.process.poll() is not None:
                    raise AssertionError(f"up ended:\n{self.said()}")
                try:
                    if client.get("/readyz").status_code == 200:
                        return
                except httpx.HTTPError:
                    pass
                time.sleep(0.5)
        raise AssertionError(f"not ready after {seconds} s:\n{self.said()}")

    def said(self) -> str:
        """What `up` has printed so far."""
        return self.output.read_text("utf-8", "replace")

    def passwords(self) -> dict[str, str]:
        """The demo accounts as they were printed."""
        deadline = time.monotonic() + 20
        while "Ctrl-C stops" not in self.said() and time.monotonic() < deadline:
            time.sleep(0.1)
        rows = re.findall(r"│\s*(\w+)\s*│\s*(\S+)\s*│", self.said())
        return {login: password for login, password in rows if login != "login"}

    def child(self, name: str) -> psutil.Process:
        """The running process of `redis`, `bot` or `api`."""
        marks = {"redis": "valkey-server", "bot": "rasa", "api": " serve"}
        assert self.process is not None
        for each in psutil.Process(self.process.pid).children(recursive=True):
            words = " ".join(each.cmdline())
            if marks[name] in words and "supervisord" not in words:
                return each
        raise AssertionError(f"{name} is not running")

    def stop(self) -> int:
        """Stop as Ctrl-C does; the exit code of `up`. Nothing may be left running."""
        if self.process is None or self.process.poll() is not None:
            return 0
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(60)
        _, left = psutil.wait_procs(family, timeout=5)
        assert not left, f"left running: {left}"
        assert "Stopped." in self.said()
        return code

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
