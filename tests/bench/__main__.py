"""`python -m tests.bench`: speed and memory beside their targets; says when one is missed."""

from __future__ import annotations

import argparse
import os
import tempfile
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

from tests.bench import alike, memory, search, starting, turns, understanding
from tests.bench.figures import Figure
from tests.running import RunningDesk

console = Console()
#: the limits of a desk are not what is measured here
PLENTY = {
    r"messages_per_minute: \S+": "messages_per_minute: 100000",
    r"conversations_per_hour: \S+": "conversations_per_hour: 100000",
    r"failed_turns: \S+": "failed_turns: 100000",
    r"repeated_questions: \S+": "repeated_questions: 100000",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--start", action="store_true", help="also `make up` on a fresh clone, twice"
    )
    parser.add_argument(
        "--only", nargs="*", help="search memory turns understanding alike"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        figures = run(Path(folder), only=given.only, is_starting=given.start)
    table = Table(title=f"Speed and memory (load {os.getloadavg()[0]:.1f})")
    for column in ("", "target", "measured", ""):
        table.add_column(column)
    for each in figures:
        table.add_row(each.name, each.target, each.measured, each.verdict)
    console.print(table)


def run(folder: Path, *, only: list[str] | None, is_starting: bool) -> list[Figure]:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    wanted = only or ["search", "memory", "turns", "understanding", "alike"]
    figures = tried("search", search.measure) if "search" in wanted else []
    at_desk = {
        "memory": memory,
        "turns": turns,
        "understanding": understanding,
        "alike": alike,
    }
    if set(at_desk) & set(wanted):
        with RunningDesk(folder / "desk", changes=PLENTY) as desk:
            for name, part in at_desk.items():
                if name in wanted:
                    figures += tried(name, partial(part.measure, desk))
    if is_starting:
        figures += tried("starting", partial(starting.measure, folder))
    return figures


def tried(name: str, measure: Callable[[], Sequence[Figure]]) -> list[Figure]:
    """What could not be measured is said so, and the rest goes on."""
    console.print(f"{name} …", style="dim")
    try:
        return list(measure())
    except Exception as error:  # noqa: BLE001 - it is told, and the next is tried
        console.print(traceback.format_exc(), markup=False, style="yellow")
        return [Figure.not_measured(name, "-", f"{type(error).__name__}: {error}")]


if __name__ == "__main__":
    main()
