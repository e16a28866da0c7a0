"""Decides which waits an address asks for, and how said against actual stands as JSON and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Query
from pydantic import Field

from api import report_view
from api.desk import Desk
from api.report_csv import Row, in_one_file
from api.report_view import EmptyIsNone, Filters, rounded
from handoff.calibration import MOST, Calibration, ToldWait, summed, told_waits

COLUMNS = (
    "table",
    "of",
    "told",
    "within",
    "sooner",
    "later",
    "share",
    "said_low_seconds",
    "said_high_seconds",
    "waited_seconds",
)
Hour = Annotated[int, Field(ge=0, le=23)]


@dataclass(frozen=True, kw_only=True)
class WaitsWanted:
    """What stands in the address."""

    filters: Filters
    #: of the shop's clock, when they joined
    hour: int | None = None

    def query(self) -> dict[str, Any]:
        given = replace(self.filters, agent=None).query()
        return given if self.hour is None else given | {"hour": self.hour}


def waits_wanted(
    filters: Annotated[Filters, Depends(report_view.filters)],
    hour: Annotated[Hour | None, EmptyIsNone, Query()] = None,
) -> WaitsWanted:
    """The filters of the report, and an hour of the day; whom they met says nothing of it."""
    return WaitsWanted(filters=filters, hour=hour)


@dataclass(frozen=True, kw_only=True)
class WaitsFound:
    """The waits, the newest first, and what they add up to."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    waits: Sequence[ToldWait]
    whole: Calibration | None
    hours: Sequence[Calibration]
    skills: Sequence[Calibration]
    is_cut: bool


async def read(desk: Desk, wanted: WaitsWanted) -> WaitsFound:
    """Everybody who was told a wait and served in the period."""
    zone = ZoneInfo(desk.settings.shop.timezone)
    asked = wanted.filters.asked(zone=zone, now=desk.clock())
    async with desk.database.reading() as session:
        found = await told_waits(
            session,
            since=asked.since,
            until=asked.until,
            skill=asked.skill,
            language=asked.language,
        )
    hour = wanted.hour
    waits = [
        each
        for each in found
        if hour is None or each.joined.astimezone(zone).hour == hour
    ]
    groups = summed(waits, zone=zone)
    return WaitsFound(
        since=asked.since,
        until=asked.until,
        zone=zone,
        waits=waits,
        whole=next(iter(groups), None),
        hours=[each for each in groups if each.hour is not None],
        skills=[each for each in groups if each.skill is not None],
        is_cut=len(found) >= MOST,
    )


def as_json(found: WaitsFound) -> dict[str, Any]:
    """Of all, by hour of the day, and by skill; no rows when nobody was told anything."""
    whole = [] if found.whole is None else [found.whole]
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "timezone": found.zone.key,
        "rows": [
            asdict(each) | {"share": rounded(each.share)}
            for each in (*whole, *found.hours, *found.skills)
        ],
        "is_cut": found.is_cut,
    }


def as_csv(found: WaitsFound) -> bytes:
    """The groups, then every wait."""
    return in_one_file(COLUMNS, _rows(found))


def _rows(found: WaitsFound) -> Iterator[Row]:
    if found.whole is not None:
        yield _group("all", "", found.whole)
    for each in found.hours:
        yield _group("hours", f"{each.hour:02}:00", each)
    for each in found.skills:
        yield _group("skills", each.skill or "", each)
    for one in found.waits:
        of = one.joined.astimezone(found.zone).isoformat(timespec="seconds")
        marks = [int(one.outcome == name) for name in ("within", "sooner", "later")]
        yield "waits", of, 1, *marks, None, one.low, one.high, one.waited


def _group(table: str, of: str, one: Calibration) -> Row:
    said = (one.median_said_low, one.median_said_high, one.median_waited)
    counts = (one.told, one.within, one.sooner, one.later)
    return table, of, *counts, rounded(one.share), *said
