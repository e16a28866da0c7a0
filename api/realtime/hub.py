"""Decides who in this process hears a ring, without ever waiting for any of them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from api.realtime.rings import Ring

#: rings one listener may leave unheard before it is cut off
BACKLOG = 256

#: what listeners of the whole desk (agents) subscribe to
DESK = UUID(int=0)

CHECK = Ring(kind="check")


class Lagging(Exception):
    """This listener did not keep up and must start afresh."""


class Listener:
    """One bounded backlog; once it overflows it is over, so nothing is skipped unseen."""

    def __init__(self, backlog: int) -> None:
        self._rings: asyncio.Queue[Ring] = asyncio.Queue(backlog)
        self._newest: Ring | None = None
        self.is_lagging = False

    def hear(self, ring: Ring) -> None:
        # Two equal hints in a row are one hint.
        if self._newest == ring and not self._rings.empty():
            return
        try:
            self._rings.put_nowait(ring)
            self._newest = ring
        except asyncio.QueueFull:
            self.is_lagging = True

    async def next(self, *, within: float) -> Ring | None:
        """The next ring, None when it was quiet, Lagging when too much was missed."""
        if self.is_lagging:
            raise Lagging
        try:
            async with asyncio.timeout(within):
                return await self._rings.get()
        except TimeoutError:
            return None


class Hub:
    """Listeners by conversation."""

    def __init__(self, *, backlog: int = BACKLOG) -> None:
        self._backlog = backlog
        self._listeners: defaultdict[UUID, set[Listener]] = defaultdict(set)
        #: how often the line has moved, as far as this process has heard
        self.line_moves = 0

    @contextmanager
    def listen(self, *topics: UUID) -> Iterator[Listener]:
        """Hear everything about these conversations until the block ends."""
        listener = Listener(self._backlog)
        for topic in topics:
            self.follow(listener, topic)
        try:
            yield listener
        finally:
            for topic in list(self._listeners):
                self.unfollow(listener, topic)

    def follow(self, listener: Listener, topic: UUID) -> None:
        self._listeners[topic].add(listener)

    def unfollow(self, listener: Listener, topic: UUID) -> None:
        heard_by = self._listeners.get(topic)
        if heard_by is None:
            return
        heard_by.discard(listener)
        if not heard_by:
            del self._listeners[topic]

    def ring(self, ring: Ring) -> None:
        """Tell the conversation's listeners; a ring without one is for everybody."""
        if ring.conversation_id is not None:
            for listener in tuple(self._listeners.get(ring.conversation_id, ())):
                listener.hear(ring)
            return
        self.line_moves += 1
        if ring.kind == "queue":
            for listener in tuple(self._listeners.get(DESK, ())):
                listener.hear(ring)
            return
        self.ring_everybody(ring)

    def ring_everybody(self, ring: Ring = CHECK) -> None:
        """Make every listener look again."""
        everybody = {each for heard_by in self._listeners.values() for each in heard_by}
        for listener in everybody:
            listener.hear(ring)

    def conversations(self) -> list[UUID]:
        """The conversations somebody listens to."""
        return [topic for topic in self._listeners if topic != DESK]

    @property
    def topics(self) -> int:
        """How many conversations somebody listens to."""
        return len(self._listeners)

    def count(self) -> int:
        return len({each for heard_by in self._listeners.values() for each in heard_by})
