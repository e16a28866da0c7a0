"""How far ahead of the clock a shopper stands in the line, and why, in bounded minutes.

A head start is waiting time that did not pass: somebody with 10 minutes is served as if
they had come 10 minutes earlier. All head starts together are capped, so whoever has
waited longer than the cap is served before everybody who comes from then on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from handoff.decisions import Reason
from handoff.signals import Emotion

#: below this a feeling is a colour of the words, not a reason to be served earlier
FELT = 0.5
VIP = "vip"

_URGENT = re.compile(
    r"今天(?:就|之内|以内|内|必须|一定)?(?:要|得|能|必须)|马上(?:要|就)|立刻|立即|急用|急需|很急|非常急"
    r"|赶(?:飞机|火车|时间)|今晚(?:就)?要|今天就要|明(?:天|早)(?:就)?(?:要|得)(?:用|走|出发)|来不及"
    r"|今天(?:就)?(?:要|得)(?:用|走)|馬上(?:要|就)|急著|急需|來不及|趕(?:飛機|火車|時間)"
    r"|\b(?:urgent(?:ly)?|asap|as soon as possible|right away|immediately|by (?:today|tonight)"
    r"|need (?:it|this|them) (?:today|tonight|tomorrow)|(?:flight|leaving|wedding|trip) (?:is )?"
    r"(?:today|tonight|tomorrow)|running out of time)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What is known of the shopper and the matter when they join the line."""

    reasons: tuple[Reason, ...] = ()
    emotion: Emotion | None = None
    text: str = ""
    tier: str = "standard"
    order_total: float | None = None
    #: how often a person was asked for before in this conversation
    earlier_requests: int = 0


@dataclass(frozen=True, kw_only=True)
class HeadStart:
    """The minutes that count, and each of them by name, the largest first."""

    minutes: int
    parts: tuple[tuple[str, int], ...]

    def as_json(self) -> list[dict[str, Any]]:
        return [{"code": code, "minutes": minutes} for code, minutes in self.parts]


def head_start(
    standing: Standing, table: Mapping[str, int], *, valuable_order: float
) -> HeadStart:
    """Add up what applies, at most `table["most"]` in all.

    The feelings and the sensitive matter are one claim, the largest of them: whoever is
    angry about an injury is not ahead twice for it.
    """
    mattering = {reason.code for reason in standing.reasons}
    if standing.emotion is not None and standing.emotion.intensity >= FELT:
        mattering.add(standing.emotion.label)
    felt = max(
        (
            (table.get(name, 0), name)
            for name in ("angry", "sensitive", "anxious")
            if name in mattering
        ),
        default=(0, ""),
    )
    claims = [(felt[1], felt[0])]
    claims += [
        (name, table.get(name, 0))
        for name, holds in _others(standing, valuable_order=valuable_order)
        if holds
    ]
    parts, left = [], table.get("most", 0)
    for name, minutes in sorted(claims, key=lambda each: -each[1]):
        counted = min(minutes, left)
        if counted > 0:
            parts.append((name, counted))
            left -= counted
    return HeadStart(minutes=sum(each[1] for each in parts), parts=tuple(parts))


def _others(standing: Standing, *, valuable_order: float) -> Iterable[tuple[str, bool]]:
    total = standing.order_total
    return (
        (VIP, standing.tier == VIP),
        ("urgent", is_urgent(standing.text)),
        ("valuable", total is not None and total >= valuable_order),
        ("repeated", standing.earlier_requests > 0),
    )


def is_urgent(text: str) -> bool:
    """Say whether the shopper names a pressing time in so many words."""
    return _URGENT.search(text) is not None
