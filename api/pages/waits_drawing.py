"""Decides where said and actual waits stand in the pictures: numbers for the template, no words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from handoff.calibration import WANTED, Calibration, Outcome, ToldWait

#: the newest so many are drawn; the file holds all
DRAWN = 120
LEFT, RIGHT, TOP, BOTTOM = 52.0, 790.0, 12.0, 240.0
#: minutes that may stand at the side
MINUTES = (0, 1, 2, 5, 10, 20, 30, 60, 120, 240, 480)
#: short waits differ by minutes and long ones by hours: both are to be seen
BEND_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One wait: the line that was said and the point that came."""

    x: float
    low: float
    high: float
    waited: float
    outcome: Outcome
    told: ToldWait


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The marks, oldest first, and the lines at the side with their minutes."""

    marks: tuple[Mark, ...]
    ticks: tuple[tuple[float, int], ...]


@dataclass(frozen=True, kw_only=True)
class HourBar:
    """How many of an hour's intervals held, as a bar from the ground up."""

    hour: int
    x: float
    top: float
    group: Calibration | None


def drawing(waits: Sequence[ToldWait]) -> Drawing:
    """The newest waits side by side, on a scale that opens the short ones up."""
    shown = list(waits[:DRAWN])[::-1]
    most = max((max(each.high, each.waited) for each in shown), default=0)
    highest = next((m for m in MINUTES if m * 60 >= most), -(-most // 60))
    top = max(1, highest) * 60

    def height(seconds: float) -> float:
        share = math.log1p(seconds / BEND_SECONDS) / math.log1p(top / BEND_SECONDS)
        return round(BOTTOM - share * (BOTTOM - TOP), 1)

    step = (RIGHT - LEFT) / max(1, len(shown))
    marks = tuple(
        Mark(
            x=round(LEFT + (place + 0.5) * step, 1),
            low=height(each.low),
            high=height(each.high),
            waited=height(each.waited),
            outcome=each.outcome,
            told=each,
        )
        for place, each in enumerate(shown)
    )
    lines = [minute for minute in MINUTES if minute * 60 <= top]
    return Drawing(marks=marks, ticks=tuple((height(m * 60), m) for m in lines))


def level(share: float) -> float:
    """Where a share stands between the ground and the top."""
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def hour_bars(groups: Sequence[Calibration]) -> list[HourBar]:
    """All 24 hours; those in which nobody was told anything stay empty."""
    found = {each.hour: each for each in groups}
    step = (RIGHT - LEFT) / 24
    return [
        HourBar(
            hour=hour,
            x=round(LEFT + hour * step + 2, 1),
            top=level(found[hour].share) if hour in found else BOTTOM,
            group=found.get(hour),
        )
        for hour in range(24)
    ]


def wanted_band() -> tuple[float, float]:
    """The upper and the lower end of the wanted coverage."""
    return level(WANTED[1]), level(WANTED[0])
