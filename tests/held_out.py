"""The labelled sets that nothing is ever fitted on, and how many different lines they hold.

Two lines with one label count once when they are near-identical, or when they are the same
sentence with one slot swapped (another product, number or day).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Indel, Postfix, Prefix

from handoff.folding import fold, visible

FOLDER = Path(__file__).resolve().parent / "data"
FROZEN = FOLDER / "frozen.json"
NEAR_IDENTICAL = 0.85
#: the part that two sentences share, before and after what was swapped
SAME_FRAME = 0.70
SHORTEST_FRAME = 5

Line = dict[str, Any]


@dataclass(frozen=True)
class Collapsed:
    """Which lines are one and the same: `groups[i]` names the group of line i."""

    groups: tuple[int, ...]

    @property
    def effective(self) -> int:
        return len(set(self.groups))

    @property
    def weights(self) -> list[float]:
        """What each line counts, so that a group counts once."""
        return [1 / self.groups.count(group) for group in self.groups]


def read(name: str) -> list[Line]:
    """Return the lines of one set."""
    text = (FOLDER / f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def digest(name: str) -> str:
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()


@cache
def bare(text: str) -> str:
    """Return what is compared: folded, numbers as one sign, no marks and no emoji."""
    folded = re.sub(r"[a-z]{0,3}\d[\d\-]*", "0", fold(visible(text)))
    return " ".join(re.sub(r"[^\w\s]|_", " ", folded).split())


def is_same(one: str, other: str) -> bool:
    """Say whether two bared texts are near-identical or differ in one slot only."""
    if Indel.normalized_similarity(one, other) >= NEAR_IDENTICAL:
        return True
    before = Prefix.similarity(one, other)
    rest = min(len(one), len(other)) - before
    frame = before + min(Postfix.similarity(one, other), rest)
    longest = max(len(one), len(other), 1)
    return frame >= SHORTEST_FRAME and frame / longest >= SAME_FRAME


def collapse(texts: Sequence[str], labels: Sequence[object]) -> Collapsed:
    """Put lines of one label into one group when a chain of same lines joins them."""
    groups = list(range(len(texts)))

    def top(place: int) -> int:
        while groups[place] != place:
            place = groups[place]
        return place

    bared = [bare(text) for text in texts]
    for later, label in enumerate(labels):
        for earlier in range(later):
            if labels[earlier] == label and is_same(bared[earlier], bared[later]):
                groups[top(later)] = top(earlier)
    return Collapsed(groups=tuple(top(place) for place in range(len(texts))))
