"""Whether anybody is at the desk now, and if not, when they open next.

Hours are written in the shop's own zone. All comparing is done in UTC: two times of one
zone compare by the clock on the wall, which is wrong on the days the clocks change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays as public_holidays

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: nobody is closed for longer; it also ends the search when the week is empty
LONGEST_CLOSURE_DAYS = 370
MINUTES_A_DAY = 24 * 60
MINUTES_AN_HOUR = 60
_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, kw_only=True)
class Spell:
    """Open from one minute of the day to another; past 24:00 it ends the next day."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class OpeningHours:
    """The week of the desk. Spells that begin on a public holiday do not take place.

    A weekend day that a country works in exchange for a holiday has the hours of a Monday.
    """

    timezone: ZoneInfo
    #: one entry a weekday, Monday first
    week: tuple[tuple[Spell, ...], ...]
    #: country codes
    holidays: frozenset[str] = frozenset()
    #: skills that keep hours of their own
    skills: Mapping[str, OpeningHours] = field(default_factory=dict)

    def of(self, skill: str | None) -> OpeningHours:
        """The hours of those who have this skill; the desk's where it names none."""
        return self.skills.get(skill, self) if skill else self


def read_hours(
    *,
    timezone: str,
    weekly: Mapping[str, Sequence[str]],
    holidays: Sequence[str] = (),
) -> OpeningHours:
    """Read the `hours` section; ValueError says what is wrong with which value."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{timezone!r} is not a time zone.") from error
    unknown = sorted(set(weekly) - set(DAYS))
    if unknown:
        raise ValueError(f"{unknown[0]!r} is not one of {', '.join(DAYS)}.")
    for country in holidays:
        if country not in public_holidays.list_supported_countries():
            raise ValueError(f"{country!r} is not a country code with known holidays.")
    week = tuple(tuple(map(_spell, weekly.get(day) or ())) for day in DAYS)
    return OpeningHours(timezone=zone, week=week, holidays=frozenset(holidays))


def is_open(now: datetime, hours: OpeningHours) -> bool:
    """Say whether people are at the desk at that instant."""
    return any(start <= now < end for start, end in _around(now, hours))


def next_opening(now: datetime, hours: OpeningHours) -> datetime | None:
    """Return `now` if open, else the next opening in UTC; None if there is none."""
    if is_open(now, hours):
        return now
    today = now.astimezone(hours.timezone).date()
    for ahead in range(LONGEST_CLOSURE_DAYS):
        for start, _ in _spells_of(today + timedelta(days=ahead), hours):
            if start > now:
                return start
    return None


def closing(now: datetime, hours: OpeningHours, *, early: timedelta) -> datetime | None:
    """Return when the spell ends that takes place now, or begins within `early`."""
    spells = (*_around(now, hours), *_spells_of(_tomorrow(now, hours), hours))
    ends = [end for start, end in spells if start - early <= now < end]
    return min(ends, default=None)


def _tomorrow(now: datetime, hours: OpeningHours) -> date:
    return now.astimezone(hours.timezone).date() + timedelta(days=1)


def _around(now: datetime, hours: OpeningHours) -> Iterator[tuple[datetime, datetime]]:
    """Return the spells of today and those of yesterday that last past midnight."""
    today = now.astimezone(hours.timezone).date()
    return chain(_spells_of(today - timedelta(days=1), hours), _spells_of(today, hours))


def _spells_of(day: date, hours: OpeningHours) -> Iterator[tuple[datetime, datetime]]:
    if any(day in _holidays_of(country, day.year) for country in hours.holidays):
        return
    weekday = day.weekday()
    if any(day in _workdays_of(country, day.year) for country in hours.holidays):
        weekday = 0
    for spell in sorted(hours.week[weekday], key=lambda spell: spell.start):
        yield (
            _instant(day, spell.start, hours.timezone),
            _instant(day, spell.end, hours.timezone),
        )


def _instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return when the wall clock shows that minute, or would if it were not skipped."""
    days, rest = divmod(minute, MINUTES_A_DAY)
    hour, minutes = divmod(rest, MINUTES_AN_HOUR)
    wall = datetime(day.year, day.month, day.day, hour, minutes, tzinfo=zone)
    if days:
        later = day + timedelta(days=days)
        wall = wall.replace(year=later.year, month=later.month, day=later.day)
    return wall.astimezone(UTC)


@lru_cache(maxsize=64)
def _holidays_of(country: str, year: int) -> frozenset[date]:
    return frozenset(public_holidays.country_holidays(country, years=year))


@lru_cache(maxsize=64)
def _workdays_of(country: str, year: int) -> frozenset[date]:
    """The weekend days that are worked in exchange for a holiday."""
    calendar = public_holidays.country_holidays(country, years=year)
    return frozenset(calendar.weekend_workdays)


def _spell(written: str) -> Spell:
    found = _RANGE.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"{written!r} is not a range like 09:00-18:00.")
    start, end = _minute(found[1], found[2]), _minute(found[3], found[4])
    if start in {MINUTES_A_DAY, end}:
        raise ValueError(f"{written!r} has no length.")
    return Spell(start=start, end=end if end > start else end + MINUTES_A_DAY)


def _minute(hour: str, minute: str) -> int:
    total = int(hour) * MINUTES_AN_HOUR + int(minute)
    if int(minute) >= MINUTES_AN_HOUR or total > MINUTES_A_DAY:
        raise ValueError(f"{hour}:{minute} is not a time of day.")
    return total
