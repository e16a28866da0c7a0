"""Decides what stands at a share of an ordered list: between two neighbours, in a straight line.

Method 7 of Hyndman and Fan, "Sample Quantiles in Statistical Packages" (1996).
"""

from __future__ import annotations

import math
from collections.abc import Sequence


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return the value at `share` (0-1) of values in rising order; of one value, that one."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
