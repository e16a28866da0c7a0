"""What this process counts for `/metrics`; each process has its own registry."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters, and how they are shown."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = self._count("messages", "Messages kept, by actor.", "actor")
        self.turns = self._count("turns", "Turns ended, by state.", "state")
        self.outcomes = self._count(
            "search_outcomes", "What the articles had to say.", "outcome"
        )
        self.bot_failures = self._count(
            "bot_failures", "Turns without a usable answer.", "reason"
        )
        self.handoffs = self._count(
            "handoffs", "Conversations given to people.", "reason"
        )
        self.turn_seconds = Histogram(
            "warmline_turn_seconds",
            "From the shopper's message to the bot's words.",
            buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
            registry=self.registry,
        )
        self.sockets = Gauge(
            "warmline_sockets",
            "Open sockets, by kind.",
            ["kind"],
            registry=self.registry,
        )

    def exposition(self) -> bytes:
        return generate_latest(self.registry)

    def _count(self, name: str, meaning: str, label: str) -> Counter:
        return Counter(f"warmline_{name}", meaning, [label], registry=self.registry)
