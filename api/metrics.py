"""What this process counts for `/metrics`; each process has its own registry."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The counters, and how they are shown."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.messages = Counter(
            "warmline_messages",
            "Messages kept, by actor.",
            ["actor"],
            registry=self.registry,
        )
        self.turns = Counter(
            "warmline_turns",
            "Turns ended, by state.",
            ["state"],
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            "warmline_turn_seconds",
            "From the shopper's message to the bot's words.",
            buckets=(0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
            registry=self.registry,
        )
        self.outcomes = Counter(
            "warmline_search_outcomes",
            "What the articles had to say.",
            ["outcome"],
            registry=self.registry,
        )
        self.bot_failures = Counter(
            "warmline_bot_failures",
            "Turns without a usable answer.",
            ["reason"],
            registry=self.registry,
        )
        self.handoffs = Counter(
            "warmline_handoffs",
            "Conversations given to people.",
            ["reason"],
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
