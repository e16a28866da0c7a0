"""Decides that at most one desk runs on one `var` folder, and clears up after one that was killed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil


class AlreadyRunning(Exception):
    """Warmline is already running here."""


@contextmanager
def only_one(var: Path) -> Iterator[None]:
    """Hold var/run/up.lock, or raise AlreadyRunning naming the process that does."""
    run = var / "run"
    run.mkdir(parents=True, exist_ok=True)
    with (run / "up.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise AlreadyRunning(
                f"Warmline is already running here (process {lock.read().strip()})."
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        # The lock is ours, so a supervisor still alive is an orphan of a killed start.
        end_orphan(run / "supervisord.pid")
        yield


def end_orphan(pid_file: Path) -> None:
    """End the supervisor named in `pid_file`, with all its children, if it still lives."""
    try:
        process = psutil.Process(int(pid_file.read_text()))
    except (OSError, ValueError, psutil.Error):
        return
    try:
        if "supervisor" not in " ".join(process.cmdline()):
            return
        family = [*process.children(recursive=True), process]
        process.terminate()
    except psutil.Error:
        return
    _, alive = psutil.wait_procs(family, timeout=35)
    for survivor in alive:
        survivor.kill()
