"""Decides how each figure is called, what it means in a sentence, and how its value is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from api.pages.translate import translate
from api.settings import Language
from handoff.figures import Mean, Share, Times
from handoff.reports import Group, Period

NOTHING = "–"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400

#: of each figure: its name and its one definition, as sentences of the catalogue
WORDS: dict[str, tuple[str, str]] = {
    "confirmed": (
        "Settled by the bot, confirmed",
        "Of the conversations that began in the period, in which the bot answered and which are over: nobody was asked for, the shopper called at least one answer helpful and none unhelpful.",
    ),
    "assumed": (
        "Settled by the bot, assumed",
        "Of the same conversations: nobody was asked for. A shopper who left unhappy without a word counts here too.",
    ),
    "durable": (
        "Settled by the bot, durable",
        "Of those that began at least 7 days ago: nobody was asked for, and for 7 days the shopper did not come back with a new conversation, as far as the same one can be recognised.",
    ),
    "requests": (
        "Requests for a person",
        "Requests made in the period. A reopened case is a new request. With an agent chosen: those in which the agent spoke, answered or ended it.",
    ),
    "first_word": (
        "First response",
        "From asking for a person to the first message of an agent, for those who got one. Messages of the bot never count.",
    ),
    "first_answer": (
        "First real answer",
        "From asking for a person to an agent's first message that is more than a greeting or “one moment”.",
    ),
    "resolution": (
        "Time to resolve",
        "From asking for a person to the wrap-up, for requests that were resolved.",
    ),
    "resolved": (
        "Resolved",
        "Of the requests that have ended: those ended with a wrap-up. The others were left by the shopper or went back to the bot.",
    ),
    "reopened": (
        "Asked again",
        "Of the resolved requests: a person was asked for again later in the same conversation.",
    ),
    "stars": (
        "Stars",
        "Mean of the ratings last given in the period, one to five. Ratings whose objection was upheld do not count.",
    ),
    "good": ("Good ratings", "Of these ratings: four or five stars."),
    "accuracy": (
        "As described",
        "Mean of this partial score, one to five, of those who gave it.",
    ),
    "communication": (
        "Communication",
        "Mean of this partial score, one to five, of those who gave it.",
    ),
    "delivery": (
        "Delivery",
        "Mean of this partial score, one to five, of those who gave it.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """One figure as the page shows it."""

    code: str
    label: str
    value: str
    #: what stands behind the value
    base: str
    before: str
    meaning: str


def cards(now: Period, before: Period, language: Language) -> dict[str, list[Card]]:
    """By section, in the order of the page."""
    return {
        "bot": list(_cards(now.containment, before.containment, language)),
        "people": list(_cards(now.service, before.service, language)),
        "stars": list(_cards(now.stars, before.stars, language)),
    }


def _cards(part: Any, before: Any, language: Language) -> Iterator[Card]:
    for code in part.__dataclass_fields__:
        label, meaning = WORDS[code]
        one, old = getattr(part, code), getattr(before, code)
        yield Card(
            code=code,
            label=translate(language, label),
            value=value(one, language),
            base=_base(one, language),
            before=value(old, language),
            meaning=translate(language, meaning),
        )


def value(one: Share | Times | Mean | int, language: Language) -> str:
    """The figure in words; nothing to count is a dash, never a nought."""
    if isinstance(one, Share):
        return percent(one.value)
    if isinstance(one, Times):
        return NOTHING if one.median is None else took(one.median, language)
    if isinstance(one, Mean):
        return NOTHING if one.value is None else f"{one.value:.2f}"
    return str(one)


def _base(one: Share | Times | Mean | int, language: Language) -> str:
    if isinstance(one, Share):
        return translate(
            language, "%(part)s of %(whole)s", part=one.part, whole=one.whole
        )
    if isinstance(one, Times) and one.most is not None:
        most = took(one.most, language)
        return translate(
            language, "Nine of ten within %(time)s (%(n)s)", time=most, n=one.count
        )
    if isinstance(one, Mean) and one.count:
        return translate(language, "%(n)s ratings", n=one.count)
    return ""


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{round(share * 100)} %"


def took(seconds: float, language: Language) -> str:
    """A length of time, rounder as it grows."""
    whole = round(seconds)
    if whole >= _DAY:
        days, rest = divmod(whole, _DAY)
        return translate(language, "%(d)s d %(h)s h", d=days, h=rest // _HOUR)
    if whole >= _HOUR:
        hours, rest = divmod(whole, _HOUR)
        return translate(language, "%(h)s h %(m)s min", h=hours, m=rest // _MINUTE)
    if whole >= _MINUTE:
        minutes, rest = divmod(whole, _MINUTE)
        return translate(language, "%(m)s min %(s)s s", m=minutes, s=rest)
    return translate(language, "%(s)s s", s=whole)


def row(group: Group, language: Language) -> list[str]:
    """The cells of a group in its table, in the order of its head."""
    done, liked = group.service, group.stars
    return [
        str(done.requests),
        value(done.first_word, language),
        value(done.first_answer, language),
        value(done.resolution, language),
        value(done.resolved, language),
        value(liked.stars, language),
        str(liked.stars.count),
    ]
