"""Which questions are about one thing, whatever the language they are asked in.   (pure)

Average link: two groups become one while their questions are, on average over all
pairs, at least as near as `ALIKE`. Chosen over single link, which chains strangers
together (docs/knowledge-quality.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Vectors

#: the mean cosine of centred vectors from which two groups are one
ALIKE = 0.30
#: more than these are not compared: the rest waits until some are closed
MOST = 600


def group(vectors: Vectors, *, alike: float = ALIKE) -> list[list[int]]:
    """The rows in groups, the largest first, equals in the order of their first row."""
    count = len(vectors)
    if not count:
        return []
    near = (vectors @ vectors.T).astype(np.float64)
    np.fill_diagonal(near, -np.inf)
    members: list[list[int]] = [[row] for row in range(count)]
    while True:
        one, other = divmod(int(near.argmax()), count)
        if not near[one, other] >= alike:
            break
        _join(near, members, *sorted((one, other)))
    found = [sorted(rows) for rows in members if rows]
    return sorted(found, key=lambda rows: (-len(rows), rows[0]))


def _join(
    near: NDArray[np.float64], members: list[list[int]], one: int, other: int
) -> None:
    """Let `other` go up in `one`: the mean over all pairs, by the sizes of both."""
    sizes = len(members[one]), len(members[other])
    mean = (sizes[0] * near[one] + sizes[1] * near[other]) / sum(sizes)
    near[one], near[:, one] = mean, mean
    near[other], near[:, other] = -np.inf, -np.inf
    near[one, one] = -np.inf
    members[one] += members[other]
    members[other] = []


def central(rows: Sequence[int], vectors: Vectors) -> int:
    """The row nearest to all others of its group: it stands for them."""
    own = vectors[list(rows)]
    return rows[int((own @ own.sum(axis=0)).argmax())]


def pairs_found(
    groups: Sequence[Sequence[int]], truth: Sequence[int]
) -> tuple[float, float]:
    """Of the pairs put together the share that belongs so, and of those that belong the share found."""
    together = _pairs(groups)
    wanted: dict[int, list[int]] = {}
    for row, label in enumerate(truth):
        wanted.setdefault(label, []).append(row)
    right = _pairs(list(wanted.values()))
    both = len(together & right)
    return both / max(1, len(together)), both / max(1, len(right))


def _pairs(groups: Sequence[Sequence[int]]) -> set[tuple[int, int]]:
    return {(a, b) for rows in groups for a in rows for b in rows if a < b}
