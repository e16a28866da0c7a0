"""Decides how dates, money, states and parts of sentences of an order read in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from babel.numbers import format_currency

from api.settings import LANGUAGES, Language
from api.shop.orders import Money, OrderState, ParcelStatus, PaymentRoute
from api.words import Words

LOCALES: dict[Language, str] = {"zh-Hans": "zh_Hans", "zh-Hant": "zh_Hant", "en": "en"}
#: which catalogue entry words an enumeration's members
_ENTRIES: dict[type[StrEnum], str] = {
    OrderState: "order_state_",
    ParcelStatus: "parcel_status_",
    PaymentRoute: "refund_route_",
}


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """Words by key with values that are not worded yet; phrases may hold phrases."""

    key: str
    args: Mapping[str, Value] = field(default_factory=dict)
    #: (label's key, intent) of the ways on that go with it
    buttons: tuple[tuple[str, str], ...] = ()


Value = (
    str
    | int
    | Money
    | date
    | datetime
    | StrEnum
    | Phrase
    | Mapping[Language, str]
    | Sequence[Phrase]
    | None
)

TALK_TO_PERSON = ("talk_to_person_label", "ask_human")


def spoken(language: object, *, default: Language) -> Language:
    """The language as we know it, or the shop's own."""
    return next((each for each in LANGUAGES if each == language), default)


@dataclass(frozen=True, kw_only=True)
class Wording:
    """How values are written for one reader, in the shop's time zone."""

    words: Words
    language: Language
    zone: ZoneInfo
    now: datetime

    def say(self, phrase: Phrase) -> dict[str, Any]:
        """The phrase as a message of the seam: its key, and its values in words."""
        message: dict[str, Any] = {"say": phrase.key, "args": self.args(phrase)}
        if phrase.buttons:
            message["buttons"] = [
                {"label": label, "press": {"intent": intent, "entities": {}}}
                for label, intent in phrase.buttons
            ]
        return message

    def args(self, phrase: Phrase) -> dict[str, str]:
        return {name: self.value(value) for name, value in phrase.args.items()}

    def value(self, value: Value) -> str:
        """One value as the reader writes it."""
        if isinstance(value, Money):
            return self._money(value)
        if isinstance(value, date):
            return self._day(value)
        if isinstance(value, StrEnum):
            return self.words.say(_ENTRIES[type(value)] + value.value, self.language)
        if isinstance(value, Phrase):
            return self.words.say(value.key, self.language, **self.args(value))
        if isinstance(value, Mapping):
            return _in_language(value, self.language)
        return self._plain(value)

    def _plain(self, value: str | int | Sequence[Phrase] | None) -> str:
        if isinstance(value, str | int):
            return str(value)
        return "\n".join(self.value(each) for each in value or ())

    def _money(self, money: Money) -> str:
        return format_currency(
            money.amount, money.currency, locale=LOCALES[self.language]
        )

    def _day(self, value: date) -> str:
        """A day, with the time if there is one and the year if it is another one."""
        locale = LOCALES[self.language]
        is_instant = isinstance(value, datetime)
        day = value.astimezone(self.zone) if isinstance(value, datetime) else value
        is_this_year = day.year == self.now.astimezone(self.zone).year
        if not is_this_year:
            return format_skeleton("yMMMd", day, locale=locale)
        text = format_skeleton("MMMd" if is_instant else "MMMEd", day, locale=locale)
        return f"{text} {day:%H:%M}" if is_instant else text


def _in_language(names: Mapping[Language, str], language: Language) -> str:
    """The name in the reader's language, else in the nearest there is."""
    chinese: tuple[Language, ...] = ("zh-Hans", "zh-Hant")
    order: tuple[Language, ...] = (
        (language, *chinese, "en") if language != "en" else ("en", *chinese)
    )
    return next((names[each] for each in order if names.get(each)), "")
