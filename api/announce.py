"""Says after a commit that something changed: here at once, to the other processes through the broker."""

from __future__ import annotations

from uuid import UUID

from api.desk import Desk
from api.realtime.rings import Ring, RingKind


def announce(
    desk: Desk, conversation_id: UUID, *kinds: RingKind, detail: str = ""
) -> None:
    """Ring for this conversation; never waits, never fails."""
    for kind in kinds:
        ring(desk, Ring(kind=kind, conversation_id=conversation_id, detail=detail))


def announce_queue(desk: Desk) -> None:
    """The line or somebody's own list changed."""
    ring(desk, Ring(kind="queue"))


def ring(desk: Desk, one: Ring) -> None:
    desk.hub.ring(one)
    desk.broker.publish(one)
