"""Decides where Rasa finds the dialogue of the turn in hand: here, as it is, until the turn is over.

Rasa's own store in memory writes a tracker down as JSON and reads it again several times a
turn. Nothing of that is wanted here: a turn has one dialogue, nobody else reads it, and
the service keeps it (`bot.dialogue`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker


class TurnTrackers(TrackerStore):
    """The trackers of the turns that are under way, named in endpoints.yml."""

    def __init__(
        self,
        domain: Domain | None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.under_way: dict[str, DialogueStateTracker] = {}

    async def save(self, tracker: DialogueStateTracker) -> None:
        self.under_way[tracker.sender_id] = tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        return self.under_way.get(sender_id)

    async def keys(self) -> Iterable[str]:
        return self.under_way.keys()
