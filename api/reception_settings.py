"""Decides what the operator may set of who receives a conversation first."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from api.setting_types import Day, Section, Span
from handoff.hours import DAYS
from handoff.reception import MINUTES_AN_HOUR, Rule

ALLOWED = "bot_first, human_first, or a share of people such as {human: 0.3}"
_SHARES = {"bot_first": 0.0, "human_first": 1.0}


def check_reception(given: Any) -> Any:
    """Keep it as it is written: the settings are checked again after the environment."""
    share_of(given)
    return given


def share_of(given: Any) -> float:
    """The share of conversations that a person receives first."""
    if isinstance(given, str) and given in _SHARES:
        return _SHARES[given]
    if isinstance(given, dict) and set(given) == {"human"}:
        share = given["human"]
        is_number = isinstance(share, int | float) and not isinstance(share, bool)
        if is_number and 0 <= share <= 1:
            return float(share)
    raise ValueError(ALLOWED)


class ReceptionRule(Section):
    #: none: every day
    days: tuple[Day, ...] = ()
    #: none: all day
    hours: tuple[Span, ...] = ()
    #: none: every channel
    channel: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,15}$")] | None = None
    reception: Annotated[Any, AfterValidator(check_reception)]

    def rule(self) -> Rule:
        return Rule(
            days=frozenset(DAYS.index(day) for day in self.days),
            spans=tuple(_minutes(span) for span in self.hours),
            channel=self.channel,
            human=share_of(self.reception),
        )


def _minutes(span: str) -> tuple[int, int]:
    start, _, end = span.partition("-")
    return _minute(start), _minute(end)


def _minute(wall: str) -> int:
    hour, _, minute = wall.partition(":")
    return int(hour) * MINUTES_AN_HOUR + int(minute)
