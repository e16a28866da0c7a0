"""Which promises stand in an agent's words, and by when each is due.   (pure)

Read by rule, in both scripts and English: a sentence in which somebody of ours does
something for the shopper by a time that can be named. "Soon" is no such time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handoff import promise_words as words

LONGEST_WORDS = 300
#: what "today" and "tomorrow" end at when nothing else is said, on the clock of the shop
END_OF_DAY = 18
LAST_HOUR = 23
NOON = 12
WEEKEND = 5
DAYS_A_WEEK = 7
FURTHEST = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class FoundPromise:
    """One promise: its sentence, where that begins, and when it is due."""

    words: str
    place: int
    due_at: datetime


def find_promises(
    text: str, *, now: datetime, zone: ZoneInfo
) -> tuple[FoundPromise, ...]:
    """Every promise with a time, in order; at most one a sentence."""
    found = []
    place = 0
    for sentence in words.SENTENCE.split(text):
        due_at = _due(sentence.strip().lower(), now=now.astimezone(zone))
        if due_at is not None and now < due_at <= now + FURTHEST:
            said = sentence.strip()
            start = place + len(sentence) - len(sentence.lstrip())
            found.append(
                FoundPromise(words=said[:LONGEST_WORDS], place=start, due_at=due_at)
            )
        place += len(sentence)
    return tuple(found)


def _due(sentence: str, *, now: datetime) -> datetime | None:
    is_ours = words.DEED_ZH.search(sentence) and not words.NO_PROMISE_ZH.search(
        sentence
    )
    if is_ours:
        return _span_zh(sentence, now) or _day_zh(sentence, now)
    is_ours = (
        words.OURS_EN.search(sentence)
        and words.DEED_EN.search(sentence)
        and not words.NO_PROMISE_EN.search(sentence)
    )
    if is_ours:
        return _span_en(sentence, now) or _day_en(sentence, now)
    return None


def _span_zh(sentence: str, now: datetime) -> datetime | None:
    found = words.SPAN_ZH.search(sentence)
    if found is None or found["how"] == "前":
        return None
    many = _number_zh(found["upto"] or found["many"]) + (0.5 if found["half"] else 0)
    return _after(now, many, found["unit"])


def _span_en(sentence: str, now: datetime) -> datetime | None:
    found = words.SPAN_EN.search(sentence)
    if found is None:
        return None
    given = found["upto"] or found["many"]
    known = words.ENGLISH_NUMBERS.get(given)
    return _after(now, known if known is not None else float(given), found["unit"])


def _after(now: datetime, many: float, unit: str) -> datetime | None:
    if many <= 0:
        return None
    if unit.startswith(("分", "min")):
        span = timedelta(minutes=many)
    elif unit.startswith(("小", "钟", "鐘", "hour")):
        span = timedelta(hours=many)
    elif unit.startswith(("工作", "business", "working")):
        return _working_days(now, round(many))
    elif unit.startswith(("天", "日", "day")):
        span = timedelta(days=many)
    else:
        span = timedelta(weeks=many)
    # Elapsed time is counted in UTC: on the days the clocks change, too.
    return now.astimezone(UTC) + span if span <= FURTHEST else None


def _working_days(now: datetime, many: int) -> datetime | None:
    """The end of that many weekdays; public holidays are the agent's to correct."""
    if many * 2 > FURTHEST.days:
        return None
    day = now.date()
    while many:
        day += timedelta(days=1)
        many -= day.weekday() < WEEKEND
    return _at(day, END_OF_DAY, 0, now)


def _day_zh(sentence: str, now: datetime) -> datetime | None:
    found = words.DAY_ZH.search(sentence)
    part = words.PART_ZH.search(sentence)
    rest = sentence[found.end() :] if found else sentence
    clock = words.CLOCK_ZH.search(rest)
    if found is None and clock is None and (part is None or part[0] == "晚"):
        return None
    day = _date_zh(found, now) if found else now.date()
    if day is None:
        return None
    name = part[0] if part else ""
    if not name and found and found["day"].endswith(("晚", "早")):
        name = {"晚": "晚", "早": "早上"}[found["day"][-1]]
    if clock is None:
        return _end(day, words.PARTS_ZH.get(name), now)
    hour, minute = int(_number_zh(clock["hour"])), _minute_zh(clock)
    if hour < NOON and name in words.AFTERNOON_ZH:
        hour += NOON
    return _at(day, hour, minute, now)


def _date_zh(found: re.Match[str], now: datetime) -> date | None:
    said, today = found["day"], now.date()
    if found["weekday"]:
        wanted = words.WEEKDAYS_ZH[found["weekday"]]
        return _weekday(today, wanted, is_next=bool(found["next"]))
    if found["month"] or found["only"]:
        number = int(found["date"] or found["only"])
        return _calendar(today, int(found["month"] or today.month), number)
    ahead = {"今": 0, "明": 1, "后": 2, "後": 2, "大": 3}[said[0]]
    return today + timedelta(days=ahead)


def _day_en(sentence: str, now: datetime) -> datetime | None:
    found = words.DAY_EN.search(sentence)
    part = words.PART_EN.search(sentence)
    clock = words.CLOCK_EN.search(sentence)
    if found is None and part is None and clock is None:
        return None
    day, hour = now.date(), words.PARTS_EN.get(part["part"]) if part else None
    if found is not None:
        day, hour = _date_en(found, now.date(), hour)
    if clock is None:
        return _end(day, hour, now)
    given, minute = int(clock["hour"]), int(clock["minute"] or 0)
    is_late = (clock["half"] or "").startswith("p") or (part and hour and hour > NOON)
    is_bare = clock["half"] is None and given < DAYS_A_WEEK  # "by 5" is not at dawn
    if given < NOON and (is_late or is_bare):
        given += NOON
    return _at(day, given, minute, now)


def _date_en(
    found: re.Match[str], today: date, hour: int | None
) -> tuple[date, int | None]:
    said = found["day"]
    if found["weekday"]:
        wanted = words.WEEKDAYS_EN.index(found["weekday"])
        return _weekday(today, wanted, is_next=bool(found["next"])), hour
    if said.endswith("week"):
        friday = _weekday(today, WEEKEND - 1, is_next=said.startswith("next"))
        return friday, hour
    if said == "tonight":
        return today, words.PARTS_EN["night"]
    return today + timedelta(days=said == "tomorrow"), hour


def _weekday(today: date, wanted: int, *, is_next: bool) -> date:
    """This week's day, or the coming one if it is over; "next": of the week after."""
    if is_next:
        monday = today + timedelta(days=DAYS_A_WEEK - today.weekday())
        return monday + timedelta(days=wanted)
    return today + timedelta(days=(wanted - today.weekday()) % DAYS_A_WEEK)


def _calendar(today: date, month: int, number: int) -> date | None:
    for year in (today.year, today.year + 1):
        try:
            day = date(year, month, number)
        except ValueError:
            return None
        if day >= today:
            return day
    return None


def _end(day: date, hour: int | None, now: datetime) -> datetime | None:
    """The end of that part of the day; of the day itself when the part is over."""
    due_at = _at(day, hour or END_OF_DAY, 0, now)
    if due_at is not None and due_at <= now and day == now.date():
        return _at(day, LAST_HOUR, 59, now)
    return due_at


def _at(day: date, hour: int, minute: int, now: datetime) -> datetime | None:
    try:
        wall = datetime.combine(day, time(hour, minute), tzinfo=now.tzinfo)
    except ValueError:
        return None
    return wall.astimezone(UTC)


def _minute_zh(clock: re.Match[str]) -> int:
    given = clock["minutes"] or clock["minute"] or "0"
    return {"半": 30, "一刻": 15}.get(given) or int(given.rstrip("分") or 0)


def _number_zh(given: str) -> float:
    """`24`, `1.5`, 半, 二十四: small numbers as people write them."""
    if given[0].isdigit():
        return float(given)
    if given == "半":
        return 0.5
    bare = given.rstrip("半")
    tens, ten, ones = bare.rpartition("十")
    value = words.DIGITS.get(ones, 0) if ones else 0
    if ten:
        value += 10 * (words.DIGITS.get(tens, 0) if tens else 1)
    return value
