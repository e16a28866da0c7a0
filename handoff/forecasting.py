"""How long a place in the line probably waits: an interval, from how fast the line moves now.

The line's pace, the time between the last claims, gives a first guess for every place. How
far that guess was off for those who waited lately, each judged with the pace at which they
joined, gives the interval around it: it covers what it would have covered.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from handoff.quantiles import quantile

#: the shares of recent waits below the lower and the upper end
LOW, HIGH = 0.09, 0.91
#: fewer recent waits than this say nothing about the next one
ENOUGH = 12
#: the pace is that of so many claims
PACE_OF = 8
#: so many of the newest waits say how far the guess is off
JUDGED = 80
#: whoever is served at once was told no wait
AT_ONCE_SECONDS = 5
#: nobody is told a wait to the second
STEP_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One shopper's wait; both instants in seconds of one and the same clock."""

    place: int
    joined: float
    taken: float

    @property
    def seconds(self) -> float:
        return self.taken - self.joined


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """Seconds until an agent probably takes the conversation."""

    low: int
    high: int

    def covers(self, seconds: float) -> bool:
        return self.low <= seconds <= self.high


def predict(waits: Sequence[Wait], *, place: int, now: float, default: int) -> Forecast:
    """Say the interval for this place, from finished waits in any order.

    `default` is the seconds a place takes while too few waits are known.
    """
    place = max(1, place)
    claims = sorted(each.taken for each in waits)
    newest = sorted(waits, key=lambda each: -each.taken)
    off = [
        math.log(each.seconds / guess)
        for each in newest
        if each.seconds >= AT_ONCE_SECONDS
        and (guess := _guess(claims, each.place, each.joined)) is not None
    ][:JUDGED]
    guess = _guess(claims, place, now)
    if guess is None or len(off) < ENOUGH:
        return _rounded(default * place / 2, default * place * 1.5)
    off.sort()
    return _rounded(
        guess * math.exp(quantile(off, LOW)), guess * math.exp(quantile(off, HIGH))
    )


def _guess(claims: Sequence[float], place: int, at: float) -> float | None:
    """The wait at that instant if the line goes on as it did; None if nobody knows."""
    last = bisect_right(claims, at)
    if last < PACE_OF:
        return None
    pace = (at - claims[last - PACE_OF]) / PACE_OF
    return max(1.0, max(1, place) * pace)


def _rounded(low: float, high: float) -> Forecast:
    lowest = math.floor(low / STEP_SECONDS) * STEP_SECONDS
    highest = math.ceil(high / STEP_SECONDS) * STEP_SECONDS
    return Forecast(low=lowest, high=max(highest, lowest + STEP_SECONDS))
