"""What a desk at rest holds resident, process by process."""

from __future__ import annotations

import time

import psutil

from tests.bench.figures import Figure
from tests.running import RunningDesk

REST_SECONDS = 10
GIGABYTES = 2.5
GB = 1_000_000_000
NAMES = ("redis", "bot", "api")


def measure(desk: RunningDesk) -> list[Figure]:
    """Resident memory of `up` and everything it started, counted double where shared."""
    assert desk.process is not None
    time.sleep(REST_SECONDS)
    top = psutil.Process(desk.process.pid)
    everybody = [top, *top.children(recursive=True)]
    resident = sum(each.memory_info().rss for each in everybody)
    own = sum(each.memory_full_info().pss for each in everybody)
    parts = ", ".join(
        f"{name} {desk.child(name).memory_info().rss / 1_000_000:.0f} MB"
        for name in NAMES
    )
    remark = f"{parts}; {own / GB:.2f} GB when shared pages count once"
    return [
        Figure.at_most("stack at rest", resident / GB, GIGABYTES, "GB", remark=remark)
    ]
