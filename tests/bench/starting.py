"""How long a fresh clone takes to its first answer, and the second start."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path
from uuid import uuid4

import httpx

from tests.bench.figures import Figure
from tests.running import ROOT, free_ports

FIRST_SECONDS = 300.0
SECOND_SECONDS = 40.0
LONGEST = 1200.0


def measure(folder: Path) -> list[Figure]:
    """Clone what is committed, `make up` twice; both environments are made by the first."""
    clone = folder / "clone"
    shutil.rmtree(clone, ignore_errors=True)
    command = ("git", "clone", "-q", str(ROOT), str(clone))
    subprocess.run(command, check=True)  # noqa: S603 - our own words
    base = _own_ports(clone)
    first = _until_answer(clone, base)
    second = _until_answer(clone, base)
    return [
        Figure.at_most("first `make up` on a fresh clone", first, FIRST_SECONDS, "s"),
        Figure.at_most("second start to the first answer", second, SECOND_SECONDS, "s"),
    ]


def _own_ports(clone: Path) -> str:
    config = clone / "config.yml"
    text = config.read_text("utf-8")
    ports = dict(zip(("public", "actions", "bot", "redis"), free_ports(4), strict=True))
    for name, port in ports.items():
        text = re.sub(rf"(?m)^  {name}: \d+", f"  {name}: {port}", text)
    config.write_text(text, encoding="utf-8")
    return f"http://127.0.0.1:{ports['public']}"


def _until_answer(clone: Path, base: str) -> float:
    """Seconds from `make up` until a shopper's question has an answer."""
    names = {"DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "PYTHONPATH", "VIRTUAL_ENV"}
    environ = {
        key: value
        for key, value in os.environ.items()
        if key not in names and not key.startswith("WARMLINE_")
    }
    started = time.monotonic()
    with (clone / "up.txt").open("ab") as output:
        process = subprocess.Popen(
            ("make", "up"),  # noqa: S607 - whichever make there is
            cwd=clone,
            env=environ,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        while time.monotonic() - started < LONGEST:
            if process.poll() is not None:
                raise AssertionError((clone / "up.txt").read_text("utf-8")[-2000:])
            if _is_answered(base):
                return time.monotonic() - started
            time.sleep(0.2)
        raise AssertionError("no answer")
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)


def _is_answered(base: str) -> bool:
    try:
        if httpx.get(f"{base}/readyz", timeout=3).status_code != httpx.codes.OK:
            return False
        opened = httpx.post(f"{base}/api/v1/conversations", json={}, timeout=5).json()
        answer = httpx.post(
            f"{base}/api/v1/conversations/{opened['id']}/messages",
            json={"client_id": uuid4().hex, "text": "多久之内可以退货？"},
            headers={"Authorization": f"Bearer {opened['token']}"},
            timeout=30,
        )
        return bool(answer.json()["replies"])
    except (httpx.HTTPError, KeyError, ValueError):
        return False
