"""Which gaps are one gap, what it costs, and what the articles would say to it now.   (pure)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from knowledge_base.embedding import Vectors
from knowledge_base.gap_groups import central, group
from knowledge_base.gaps import cost
from knowledge_base.models import Gap
from knowledge_base.results import SearchResult

#: the articles' answer to one gap, given its own (not centred) vector
AskNow = Callable[[Gap, Vectors], SearchResult | None]


@dataclass(frozen=True)
class GapGroup:
    """Questions on one thing, whatever their language."""

    #: the one that stands for all first, then by what they cost
    gaps: tuple[Gap, ...]
    #: the mean of the members' centred vectors, unit
    centre: Vectors
    #: an editor closed a question like these as not the shop's matter
    is_like_not_ours: bool
    #: what a shopper who asked the first one would get now
    now: SearchResult | None

    @cached_property
    def times(self) -> int:
        return sum(gap.times for gap in self.gaps)

    @cached_property
    def handovers(self) -> int:
        return sum(gap.handovers for gap in self.gaps)

    @cached_property
    def cost(self) -> int:
        return sum(map(cost, self.gaps))

    @cached_property
    def first_at(self) -> datetime:
        return min(gap.first_at for gap in self.gaps)

    @cached_property
    def last_at(self) -> datetime:
        return max(gap.last_at for gap in self.gaps)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """How it ended for shoppers, the commonest first."""
        counts = Counter[str]()
        for gap in self.gaps:
            counts[gap.kind] += gap.times
        return tuple(kind for kind, _ in counts.most_common())

    @cached_property
    def nearest_article_id(self) -> str | None:
        """The article that is nearest now; else the one that mostly was."""
        if self.now is not None and self.now.hits:
            return self.now.hits[0].article_id
        counts = Counter[str]()
        for gap in self.gaps:
            if gap.nearest_article_id is not None:
                counts[gap.nearest_article_id] += cost(gap)
        return counts.most_common(1)[0][0] if counts else None


def arrange(
    open_ones: Sequence[Gap],
    not_ours: Sequence[Gap],
    vectors: Vectors,
    *,
    centred: Vectors,
    ask_now: AskNow,
) -> list[GapGroup]:
    """Groups of open gaps, the costliest first, those like "not ours" last.

    The rows of both matrices are those of `open_ones`, then those of `not_ours`.
    """
    everything = [*open_ones, *not_ours]
    made: list[GapGroup] = []
    for rows in group(centred):
        ours = [row for row in rows if row < len(open_ones)]
        if not ours:
            continue
        first = central(ours, centred)
        others = sorted(
            (everything[row] for row in ours if row != first),
            key=lambda gap: (-cost(gap), gap.first_at),
        )
        made.append(
            GapGroup(
                gaps=(everything[first], *others),
                centre=_mean(centred[ours]),
                is_like_not_ours=len(ours) < len(rows),
                now=ask_now(everything[first], vectors[first]),
            )
        )
    return sorted(
        made,
        key=lambda one: (one.is_like_not_ours, -one.cost, -one.times, one.first_at),
    )


def _mean(vectors: Vectors) -> Vectors:
    mean = vectors.sum(axis=0)
    unit: Vectors = (mean / max(1e-12, float(np.linalg.norm(mean)))).astype(np.float32)
    return unit
