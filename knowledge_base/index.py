"""How the nearest vectors are found: by a full scan while they are few, by a graph above; the only user of faiss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

#: up to here an exact scan takes about a millisecond
MOST_EXACT = 30_000
#: half the building and a tenth less memory than (32, 200, 128), for the same neighbours
_NEIGHBOURS, _BUILD_EFFORT, _SEARCH_EFFORT = 20, 100, 256


@dataclass(frozen=True)
class Nearest:
    """Rows of the index and their inner products, best first."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


class DenseIndex:
    """Vectors that can be searched from many threads and never change."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self.size, dim = vectors.shape
        self._index: Any = _scan(dim) if self.size <= MOST_EXACT else _graph(vectors)
        if self.size:
            self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    @property
    def bytes(self) -> int:
        """What the vectors take in memory, and the links between them."""
        if self.size <= MOST_EXACT:
            return int(self._index.sa_code_size() * self.size)
        graph = self._index.hnsw
        links = graph.neighbors.size() * np.dtype(np.int32).itemsize
        steps = graph.offsets.size() * np.dtype(np.uint64).itemsize
        levels = graph.levels.size() * np.dtype(np.int32).itemsize
        codes = self._index.storage.sa_code_size() * self.size
        return int(codes + links + steps + levels)

    def nearest(self, vector: NDArray[np.float32], *, most: int) -> Nearest:
        """The `most` best rows, fewer when there are fewer."""
        most = min(most, self.size)
        if not most:
            return Nearest(np.empty(0, np.int64), np.empty(0, np.float32))
        # one search is one thread's work: a team of threads waits for the slowest of
        # them, 30 times longer on a busy machine. faiss keeps the number per thread.
        faiss.omp_set_num_threads(1)
        scores, rows = self._index.search(vector.reshape(1, -1), most)
        kept = rows[0] >= 0
        return Nearest(rows[0][kept], scores[0][kept])


def _scan(dim: int) -> Any:
    """Every vector is compared, in half precision: a third faster, the same order."""
    return faiss.index_factory(dim, "SQfp16", faiss.METRIC_INNER_PRODUCT)


def _graph(vectors: NDArray[np.float32]) -> Any:
    """Half-precision HNSW: 8 bit loses too many of the right neighbours."""
    index: Any = faiss.index_factory(
        vectors.shape[1], f"HNSW{_NEIGHBOURS}_SQfp16", faiss.METRIC_INNER_PRODUCT
    )
    index.hnsw.efConstruction = _BUILD_EFFORT
    index.hnsw.efSearch = _SEARCH_EFFORT
    index.train(vectors)
    return index
