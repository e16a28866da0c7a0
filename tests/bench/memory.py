"""What a desk at rest holds resident, process by process."""

from __future__ import annotations

import time

import psutil

from tests.bench.figures import Figure
from tests.running import RunningDesk

REST_SECONDS = 10
GIGABYTES = 2.5
GB = 1_000_000_000
WORTH_NAMING = 20_000_000
#: a word of the command line, and what to call the process
MARKS = {"valkey-server": "redis", "rasa": "bot", "serve": "api", "up": "up"}


def measure(desk: RunningDesk) -> list[Figure]:
    """Resident memory of `up` and everything it started, counted double where shared."""
    assert desk.process is not None
    time.sleep(REST_SECONDS)
    top = psutil.Process(desk.process.pid)
    everybody = [top, *top.children(recursive=True)]
    resident = sum(each.memory_info().rss for each in everybody)
    own = sum(each.memory_full_info().pss for each in everybody)
    parts = ", ".join(
        f"{_name(each)} {each.memory_info().rss / 1_000_000:.0f} MB"
        for each in everybody
        if each.memory_info().rss > WORTH_NAMING
    )
    remark = f"{parts}; {own / GB:.2f} GB when shared pages count once"
    return [
        Figure.at_most("stack at rest", resident / GB, GIGABYTES, "GB", remark=remark)
    ]


def _name(process: psutil.Process) -> str:
    words = " ".join(process.cmdline())
    return next((name for mark, name in MARKS.items() if mark in words), "other")
