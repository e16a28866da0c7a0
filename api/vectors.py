"""Embeds a text once: the vectors of the turns under way, found again by turn."""

from __future__ import annotations

from collections import OrderedDict

import anyio.to_thread
import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Embedder
from knowledge_base.search import SearchResult

Vector = NDArray[np.float32]
KEPT = 512


class TurnVectors:
    """The newest turns' texts and vectors; the oldest are forgotten."""

    def __init__(self) -> None:
        self._by_turn: OrderedDict[str, tuple[str, Vector]] = OrderedDict()
        self._searches: OrderedDict[str, SearchResult] = OrderedDict()

    def keep(self, turn_id: str, text: str, vector: Vector) -> None:
        self._by_turn[turn_id] = (text, vector)
        while len(self._by_turn) > KEPT:
            self._by_turn.popitem(last=False)

    def find(self, turn_id: str, text: str) -> Vector | None:
        """The vector, if it is of this very text."""
        kept = self._by_turn.get(turn_id)
        return kept[1] if kept is not None and kept[0] == text else None

    def keep_search(self, turn_id: str, found: SearchResult) -> None:
        self._searches[turn_id] = found
        while len(self._searches) > KEPT:
            self._searches.popitem(last=False)

    def take_search(self, turn_id: str) -> SearchResult | None:
        """What the articles had to say in this turn, if this process was asked."""
        return self._searches.pop(turn_id, None)


async def embed(embedder: Embedder, text: str) -> Vector:
    """One question's vector, computed in a thread."""
    rows = await anyio.to_thread.run_sync(
        lambda: embedder.embed([text], kind="question"), abandon_on_cancel=True
    )
    vector: Vector = rows[0]
    return vector
