"""Which articles hold at an instant: what has not begun or is over is as good as not there.   (pure)"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from knowledge_base.publish import Published
from knowledge_base.snapshot import Candidate

Clock = Callable[[], datetime]


def now_utc() -> datetime:
    """The clock of a process that was given none."""
    return datetime.now(UTC)


def with_dates(articles: Sequence[Published]) -> tuple[Published, ...]:
    """Those that shoppers get between certain instants only: few, so asking is cheap."""
    return tuple(one for one in articles if one.valid_from or one.valid_until)


def hidden_at(dated: Sequence[Published], now: datetime) -> frozenset[str]:
    """The articles among them that shoppers do not get now."""
    return frozenset(one.article_id for one in dated if not one.holds_at(now))


def without(
    found: Sequence[Candidate], hidden: Collection[str], *, most: int
) -> list[Candidate]:
    """The candidates that may be shown, their margins among themselves."""
    left = [one for one in found if one.article_id not in hidden]
    if len(left) == len(found) or not left:
        return left[:most]
    best = left[0].score
    second = left[1].score if len(left) > 1 else best - 1.0
    first = replace(left[0], margin=best - second)
    rest = [replace(one, margin=one.score - best) for one in left[1:]]
    return [first, *rest][:most]
