"""What every model gives: rows of length one, of texts that were read as questions or as answers."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

#: (n, dim) float32
Vectors = NDArray[np.float32]
EmbeddedAs = Literal["question", "answer"]


def unit(vectors: Vectors) -> Vectors:
    """Every row at length one; a row of zeros stays as it is."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(length, 1e-12)).astype(np.float32)
    return scaled
