"""For whom an article holds: regions, channels, and when the order was placed.   (pure)

What is not known of the asker excludes nothing: two rules that differ by a condition may
then both be offered, and the shopper says which was meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

REGIONS, CHANNELS = "regions", "channels"
ORDERED_FROM, ORDERED_UNTIL = "ordered_from", "ordered_until"
#: where they stand beside the languages of an article
CONDITIONS: Final = (REGIONS, CHANNELS, ORDERED_FROM, ORDERED_UNTIL)
MOST_CODES = 50
MOST_CODE = 16
_CODE = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_PARTED = re.compile(r"[\s,，、;；]+")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T00:00:00)?")

#: takes the field, the sentence and its values
Refuse = Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What is known of who asks; None is unknown."""

    region: str | None = None
    channel: str | None = None
    #: the day on which the order concerned was placed, by the shop's clock
    ordered_on: date | None = None


UNKNOWN: Final = Circumstances()


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """For whom an article holds; what is left out holds for everybody."""

    regions: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    #: both days included
    ordered_from: date | None = None
    ordered_until: date | None = None

    def __bool__(self) -> bool:
        return self != ALWAYS

    def against(self, known: Circumstances) -> tuple[str, ...]:
        """The conditions that what is known does not meet; none: the article holds."""
        day = known.ordered_on
        wrong = (
            (REGIONS, _is_other(known.region, self.regions)),
            (CHANNELS, _is_other(known.channel, self.channels)),
            (ORDERED_FROM, _before(day, self.ordered_from)),
            (ORDERED_UNTIL, _before(self.ordered_until, day)),
        )
        return tuple(name for name, is_wrong in wrong if is_wrong)

    def excludes(self, other: Conditions) -> bool:
        """Whether there can be nobody for whom both hold."""
        return (
            _disjoint(self.regions, other.regions)
            or _disjoint(self.channels, other.channels)
            or _before(self.ordered_until, other.ordered_from)
            or _before(other.ordered_until, self.ordered_from)
        )


ALWAYS: Final = Conditions()


def _is_other(known: str | None, wanted: Sequence[str]) -> bool:
    return bool(known and wanted) and known not in wanted


def _before(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and one < other


def _disjoint(one: Sequence[str], other: Sequence[str]) -> bool:
    return bool(one and other) and not set(one) & set(other)


def code_of(value: object) -> str | None:
    """A region or channel as conditions spell it; None when it is none."""
    if not isinstance(value, str):
        return None
    code = value.strip().lower()
    return code if len(code) <= MOST_CODE and _CODE.fullmatch(code) else None


def read_conditions(said: Mapping[str, object], refuse: Refuse) -> Conditions:
    """Parse what an editor or a file says, telling `refuse` of everything wrong."""
    first = _day(said.get(ORDERED_FROM), ORDERED_FROM, refuse)
    last = _day(said.get(ORDERED_UNTIL), ORDERED_UNTIL, refuse)
    if _before(last, first):
        refuse(ORDERED_UNTIL, "must not be before %(first)s", first=str(first))
    return Conditions(
        regions=_codes(said.get(REGIONS), REGIONS, refuse),
        channels=_codes(said.get(CHANNELS), CHANNELS, refuse),
        ordered_from=first,
        ordered_until=last,
    )


def _codes(value: object, where: str, refuse: Refuse) -> tuple[str, ...]:
    """A list, or the text of one cell with commas between the codes."""
    if value is None:
        return ()
    if isinstance(value, str):
        value = [one for one in _PARTED.split(value) if one]
    if not isinstance(value, Sequence) or isinstance(value, bytes):
        refuse(where, "must be a list of codes")
        return ()
    if len(value) > MOST_CODES:
        refuse(
            where,
            "has %(length)s entries, at most %(most)s fit",
            length=len(value),
            most=MOST_CODES,
        )
        return ()
    found = [code_of(one) for one in value]
    for one, code in zip(value, found, strict=True):
        if code is None:
            refuse(
                where,
                "%(code)s is no code: letters a-z, digits, - and _, at most %(most)s",
                code=str(one)[:40],
                most=MOST_CODE,
            )
    return tuple(dict.fromkeys(one for one in found if one))


def _day(value: object, where: str, refuse: Refuse) -> date | None:
    """A day; front matter and workbooks give a real one, everything else its text."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    found = _DAY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is not None:
        try:
            return date.fromisoformat(found[1])
        except ValueError:
            pass
    refuse(where, "must be a day such as 2026-06-30")
    return None


def as_fields(conditions: Conditions) -> dict[str, Any]:
    """Those that are said, as they are kept and exported."""
    shape: dict[str, Any] = {
        REGIONS: list(conditions.regions),
        CHANNELS: list(conditions.channels),
        ORDERED_FROM: conditions.ordered_from and conditions.ordered_from.isoformat(),
        ORDERED_UNTIL: conditions.ordered_until
        and conditions.ordered_until.isoformat(),
    }
    return {name: value for name, value in shape.items() if value}


def from_fields(value: Mapping[str, Any]) -> Conditions:
    """The conditions of a stored revision, which were checked when it was written."""
    days = (value.get(ORDERED_FROM), value.get(ORDERED_UNTIL))
    first, last = (date.fromisoformat(day) if day else None for day in days)
    return Conditions(
        regions=tuple(value.get(REGIONS, ())),
        channels=tuple(value.get(CHANNELS, ())),
        ordered_from=first,
        ordered_until=last,
    )


def left_out(
    conditioned: Mapping[str, Conditions], known: Circumstances
) -> dict[str, tuple[str, ...]]:
    """The articles that do not hold for who asks, each with the conditions that say so."""
    if known == UNKNOWN:
        return {}
    wrong = {one: each.against(known) for one, each in conditioned.items()}
    return {one: names for one, names in wrong.items() if names}
