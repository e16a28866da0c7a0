"""Decides which days a text names, as the shopper's own calendar reads them.

Pure. What can be read in two ways keeps both readings; what is no day for certain ("3号楼",
"24/7") is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_WEEK = 7
#: a delivery is hardly promised for later
_AHEAD = timedelta(days=90)
#: so many characters are read; a rant must not slow the turn
_LONGEST = 500
_TENS = "十"
_DIGITS = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_MONTH_NAMES = (
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
)
_MONTHS = {name: at for at, name in enumerate(_MONTH_NAMES, start=1)}
_WEEKDAYS = {name: at for at, name in enumerate("一二三四五六日")} | {
    name: at
    for at, name in enumerate(("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
}
_WEEKDAYS["天"] = 6
_NEAR = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "the day before yesterday": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "yesterday": -1,
    "last night": -1,
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "today": 0,
    "tonight": 0,
    "明天": 1,
    "明日": 1,
    "明早": 1,
    "明晚": 1,
    "tomorrow": 1,
    "后天": 2,
    "後天": 2,
    "the day after tomorrow": 2,
    "大后天": 3,
    "大後天": 3,
}
_N = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>20[0-9]{2}))?(?![0-9A-Za-z])"
_WEEKDAY = (
    r"(?P<weekday>mon(?=day)|tue(?=sday)|wed(?=nesday)|thu(?=rsday)|fri(?=day)|"
    r"sat(?=urday)|sun(?=day))[a-z]+\b"
)
#: a house, a line, a size or a shelf, not a day
_NO_DAY = (
    r"(?![楼樓线線店床仓倉门門柜櫃院厅廳库庫机機站棟栋房室铺鋪码碼色球模车車技]|[0-9])"
)
_PATTERNS = {
    "near": "|".join(
        rf"\b{word}\b" if word.isascii() else word
        for word in sorted(_NEAR, key=len, reverse=True)
    ),
    "whole": r"(?<![0-9A-Za-z\-/.])(?P<year>20[0-9]{2})"
    r"(?:(?P<sep>[-/.])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})(?![0-9A-Za-z\-/.]*[0-9A-Za-z])"
    rf"|年(?P<zhmonth>{_N})月(?P<zhday>{_N})[日号號]?)",
    "month_day": rf"(?<![0-9一二三四五六七八九十年])(?P<month>{_N})月(?:份)?(?P<day>{_N})(?:[日号號]|(?![0-9]))",
    "day": rf"(?<![0-9A-Za-z.一二三四五六七八九十第月路街巷弄道里村段楼樓栋棟座\-])(?P<day>{_N})[号號]{_NO_DAY}",
    "zh_weekday": r"(?P<which>上上|上|这|這|本|下下|下)?个?個?(?:周|週|星期|礼拜|禮拜)(?P<weekday>[一二三四五六日天])(?!年|岁|歲)",
    "en_weekday": rf"\b(?P<which>last|next|this|on|by|since|until|till|before) {_WEEKDAY}",
    "month_first": rf"\b{_MONTH} {_DAY}{_YEAR}",
    "day_first": rf"(?<![0-9.,/\-#])\b{_DAY} (?:of )?{_MONTH}{_YEAR}",
    "the_day": r"\b(?:on|by|since|until|till|before|after|from) the (?P<day>[0-9]{1,2})(?:st|nd|rd|th)"
    r"(?= ?(?:$|[,.;!?\n]|(?:and|but|it|i|we|you|they|because|so|as|at)\b))",
    "slashed": r"(?<![0-9A-Za-z/.\-#])(?P<one>[0-9]{1,2})/(?P<two>[0-9]{1,2})(?![0-9A-Za-z/]| of\b|码|碼)",
}
_FORMS = {kind: re.compile(form, re.IGNORECASE) for kind, form in _PATTERNS.items()}
#: shares and shop hours rather than days
_NO_SLASH = frozenset({"1/2", "1/3", "2/3", "1/4", "3/4", "24/7"})
_SIZED = re.compile(r"(?:size|sizes|尺码|尺碼|eu|uk|us) ?$", re.IGNORECASE)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, kw_only=True)
class NamedDay:
    """A day somebody wrote: what it may mean, earliest first, and where it stands."""

    readings: tuple[date, ...]
    start: int
    end: int

    @property
    def value(self) -> str:
        """As the card and the reading back have it."""
        return " / ".join(each.isoformat() for each in self.readings)


def days_in(text: str, *, today: date) -> list[NamedDay]:
    """Every day the text names, in order; `today` is the shop's when it was sent."""
    plain = _narrow(text[:_LONGEST])
    taken: list[NamedDay] = []
    for kind, form in _FORMS.items():
        for match in form.finditer(plain):
            clashes = any(
                match.start() < t.end and t.start < match.end() for t in taken
            )
            if clashes:
                continue
            readings = sorted({each for each in _READ[kind](match, today) if each})
            if readings:
                where = {"start": match.start(), "end": match.end()}
                taken.append(NamedDay(readings=tuple(readings), **where))
    return sorted(taken, key=lambda each: each.start)


def _narrow(text: str) -> str:
    """Digits and signs of half width, with nothing moved."""
    return "".join(
        one if len(one := unicodedata.normalize("NFKC", c)) == 1 else c for c in text
    )


def _number(written: str) -> int:
    """At most ninety-nine, in either digits."""
    if written.isdigit() and written.isascii():
        return int(written)
    if _TENS in written:
        tens, _, ones = written.partition(_TENS)
        return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0)
    return _DIGITS.get(written, 0) if len(written) == 1 else 0


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _of_a_year(month: int, day: int, today: date) -> date | None:
    """The latest that is not far ahead: what was bought is spoken of for longer."""
    years = (today.year + 1, today.year, today.year - 1)
    found = (each for year in years if (each := _date(year, month, day)))
    return next((each for each in found if each <= today + _AHEAD), None)


def _near(match: re.Match[str], today: date) -> Iterator[date | None]:
    yield today + timedelta(days=_NEAR[match[0].lower()])


def _whole(match: re.Match[str], today: date) -> Iterator[date | None]:
    month, day = match["month"] or match["zhmonth"], match["day"] or match["zhday"]
    yield _date(int(match["year"]), _number(month), _number(day))


def _month_day(match: re.Match[str], today: date) -> Iterator[date | None]:
    yield _of_a_year(_number(match["month"]), _number(match["day"]), today)


def _english(match: re.Match[str], today: date) -> Iterator[date | None]:
    month, day = _MONTHS[match["month"][:3].lower()], int(match["day"])
    if match[0].startswith("may"):
        return  # "you may 5", the verb
    if match["year"]:
        yield _date(int(match["year"]), month, day)
    else:
        yield _of_a_year(month, day, today)


def _day_alone(match: re.Match[str], today: date) -> Iterator[date | None]:
    """The last such day and the next one: the words do not say which."""
    day = _number(match["day"])
    first = today.replace(day=1)
    months = [(first + timedelta(days=31 * n)).replace(day=1) for n in (0, 1)]
    months.insert(0, (first - timedelta(days=1)).replace(day=1))
    found = [each for at in months if (each := _date(at.year, at.month, day))]
    yield max((each for each in found if each <= today), default=None)
    yield min((each for each in found if each >= today), default=None)


def _zh_weekday(match: re.Match[str], today: date) -> Iterator[date | None]:
    """Weeks begin on Monday; a bare weekday is the last one or the next."""
    weekday = _WEEKDAYS[match["weekday"]]
    which = match["which"]
    if which is None:
        yield from _around(weekday, today)
        return
    weeks = {"上上": -2, "上": -1, "下": 1, "下下": 2}.get(which, 0)
    monday = today - timedelta(days=today.weekday())
    yield monday + timedelta(days=_WEEK * weeks + weekday)


def _en_weekday(match: re.Match[str], today: date) -> Iterator[date | None]:
    """The next one is the coming one to some, and that of next week to others."""
    weekday, which = _WEEKDAYS[match["weekday"].lower()], match["which"].lower()
    last, coming = _around(weekday, today)
    monday = today - timedelta(days=today.weekday())
    if which in {"last", "since"}:
        yield last
    elif which == "this":
        yield monday + timedelta(days=weekday)
    elif which == "next":
        yield coming
        yield monday + timedelta(days=_WEEK + weekday)
    else:
        yield last if which == "on" else None
        yield coming


def _around(weekday: int, today: date) -> tuple[date, date]:
    back = (today.weekday() - weekday) % _WEEK or _WEEK
    on = (weekday - today.weekday()) % _WEEK or _WEEK
    return today - timedelta(days=back), today + timedelta(days=on)


def _slashed(match: re.Match[str], today: date) -> Iterator[date | None]:
    """Month first in Chinese; else both, where both are days."""
    before = match.string[: match.start()]
    if match[0] in _NO_SLASH or _SIZED.search(before):
        return
    one, two = int(match["one"]), int(match["two"])
    month_first = _of_a_year(one, two, today)
    yield month_first
    if month_first is None or not _HAN.search(match.string):
        yield _of_a_year(two, one, today)


_Read = Callable[[re.Match[str], date], Iterator[date | None]]
_READ: Mapping[str, _Read] = {
    "near": _near,
    "whole": _whole,
    "month_day": _month_day,
    "day": _day_alone,
    "zh_weekday": _zh_weekday,
    "en_weekday": _en_weekday,
    "month_first": _english,
    "day_first": _english,
    "the_day": _day_alone,
    "slashed": _slashed,
}
