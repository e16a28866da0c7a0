"""Where articles and questions lie on a flat map, and how much of the difference it shows.   (pure)

Principal components of the centred vectors: near on the map is near for the search, far
may still be near in a direction that a map of two cannot show.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Vectors

#: this share of the points decides the scale; the rest is drawn at the edge
_INSIDE = 0.98


@dataclass(frozen=True)
class FlatMap:
    """Two directions, and the scale that fits them into a square from 0 to 1."""

    middle: Vectors
    axes: Vectors
    low: NDArray[np.float64]
    span: NDArray[np.float64]
    #: the share of all difference that two directions show
    shown: float

    def place(self, vectors: Vectors) -> NDArray[np.float64]:
        """One pair from 0 to 1 a row."""
        if not len(vectors):
            return np.empty((0, 2))
        flat = (vectors - self.middle) @ self.axes.T
        inside: NDArray[np.float64] = np.clip((flat - self.low) / self.span, 0.0, 1.0)
        return inside


def flatten(vectors: Vectors) -> FlatMap:
    """The map of these rows; fewer than three make a map without extent."""
    width = vectors.shape[1]
    if len(vectors) < 3:  # noqa: PLR2004 - two points have one direction
        axes = np.eye(2, width, dtype=np.float32)
        middle = vectors.mean(axis=0) if len(vectors) else np.zeros(width, np.float32)
        return FlatMap(middle, axes, np.full(2, -1.0), np.full(2, 2.0), 1.0)
    middle = vectors.mean(axis=0)
    _, strength, directions = np.linalg.svd(vectors - middle, full_matrices=False)
    axes = directions[:2]
    # a direction has no sign of its own: the largest part of it points up
    axes = axes * np.sign(axes[np.arange(2), np.abs(axes).argmax(axis=1)])[:, None]
    flat = (vectors - middle) @ axes.T
    edge = (1 - _INSIDE) / 2
    low, high = np.quantile(flat, (edge, 1 - edge), axis=0)
    shown = float((strength[:2] ** 2).sum() / max(1e-12, float((strength**2).sum())))
    return FlatMap(middle, axes, low, np.maximum(high - low, 1e-6), shown)
