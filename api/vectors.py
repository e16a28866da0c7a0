"""Embeds a text once: the vectors of the turns under way, found again by turn."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

import anyio.to_thread
import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Embedder
from knowledge_base.search import SearchResult

Vector = NDArray[np.float32]
KEPT = 512
#: texts embedded ahead that no turn has asked for yet
KEPT_AHEAD = 64


class TurnVectors:
    """The newest turns' texts and vectors; the oldest are forgotten."""

    def __init__(self) -> None:
        self._by_turn: OrderedDict[str, tuple[str, Vector]] = OrderedDict()
        self._searches: OrderedDict[str, SearchResult] = OrderedDict()
        self._ahead: OrderedDict[str, asyncio.Task[Vector]] = OrderedDict()

    def embed_ahead(self, embedder: Embedder, text: str) -> None:
        """Start on a text that a turn will most likely need; nobody need ever ask for it."""
        if not text or text in self._ahead:
            return
        self._ahead[text] = task = asyncio.create_task(embed(embedder, text))
        task.add_done_callback(_look_at)
        while len(self._ahead) > KEPT_AHEAD:
            self._ahead.popitem(last=False)[1].cancel()

    async def embed(self, embedder: Embedder, text: str) -> Vector:
        """The text's vector, computed now unless that has been started already."""
        task = self._ahead.pop(text, None)
        return await (task if task is not None else embed(embedder, text))

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


def _look_at(task: asyncio.Task[Vector]) -> None:
    """A failure nobody waits for is no news: whoever needs the vector tries again."""
    if not task.cancelled():
        task.exception()
