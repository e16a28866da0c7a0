"""Decides how a report stands in one CSV file, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from api.report_view import rounded
from handoff.figures import Containment, Mean, Service, Share, Stars, Times
from handoff.rating_windows import RatingWindow
from handoff.reports import Group, Period, Report
from knowledge_base.row_files import kept_text

COLUMNS = ("table", "of", "figure", "value", "count", "of_count", "before")

Cell = str | int | float | None
Row = tuple[Cell, ...]


def as_csv(found: Report, names: dict[UUID, str]) -> bytes:
    """Every figure in one file."""
    return in_one_file(COLUMNS, _rows(found, names))


def in_one_file(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A CSV file of these rows, short ones filled up with empty cells.

    The mark at its front tells Excel that it is UTF-8.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        padded = (*row, *[None] * (len(columns) - len(row)))
        writer.writerow([safe(cell) for cell in padded])
    return ("\ufeff" + out.getvalue()).encode()


def safe(cell: Cell) -> Cell:
    """A text that a spreadsheet would run gets a quotation mark before it."""
    if isinstance(cell, str):
        return kept_text(cell)
    return "" if cell is None else cell


def _rows(found: Report, names: dict[UUID, str]) -> Iterator[Row]:
    for now, before in zip(_all(found.now), _all(found.before), strict=True):
        yield ("all", "", *now, before[1])
    for code, count in found.reasons:
        yield "reasons", code, "requests", count, count
    yield from _hours(found.hours)
    for group in found.agents:
        name = names.get(group.agent_id, "") if group.agent_id else ""
        yield from _group("agents", name, group)
    for group in found.skills:
        yield from _group("skills", group.skill or "", group)
    for each in found.windows:
        yield from _window("rating_windows", each)
    for each in found.team_windows:
        yield from _window("rating_windows_team", each)


def _all(period: Period) -> Iterator[Row]:
    for part in (period.containment, period.service, period.stars):
        yield from _figures(part)


def _hours(grid: list[list[int]]) -> Iterator[Row]:
    for weekday, hours in enumerate(grid, 1):
        for hour, count in enumerate(hours):
            yield "hours", f"{weekday} {hour:02}:00", "requests", count, count


def _group(table: str, of: str, group: Group) -> Iterator[Row]:
    for part in (group.service, group.stars):
        for row in _figures(part):
            yield (table, of, *row)


def _window(table: str, one: RatingWindow) -> Iterator[Row]:
    of = f"{one.months} months" if one.months else "all time"
    good, stars = one.good, one.stars
    yield table, of, "good", rounded(good.value), good.part, good.whole
    yield table, of, "stars", rounded(stars.value), stars.count


def _figures(part: Containment | Service | Stars) -> Iterator[Row]:
    """Name, value, how many it counts, and of how many."""
    for name in part.__dataclass_fields__:
        one = getattr(part, name)
        if isinstance(one, Share):
            yield name, rounded(one.value), one.part, one.whole
        elif isinstance(one, Times):
            yield f"{name}_median_seconds", rounded(one.median), one.count, None
            yield f"{name}_p90_seconds", rounded(one.most), one.count, None
        elif isinstance(one, Mean):
            yield name, rounded(one.value), one.count, None
        else:
            yield name, one, one, None
