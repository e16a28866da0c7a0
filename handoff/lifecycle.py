"""Which status a conversation may have, and which may follow which."""

from __future__ import annotations

from enum import StrEnum

from handoff.errors import IllegalMove


class Status(StrEnum):
    """Who owes the shopper the next word."""

    BOT = "bot"  #: the bot answers
    QUEUED = "queued"  #: nobody yet; the shopper is waiting for an agent
    ASSIGNED = "assigned"  #: one named agent
    RESOLVED = "resolved"  #: nobody; a disposition says why
    ABANDONED = "abandoned"  #: nobody; the shopper left the queue


class Actor(StrEnum):
    """Who did it."""

    SHOPPER = "shopper"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Audience(StrEnum):
    """Who may read a message."""

    EVERYONE = "everyone"
    AGENTS = "agents"  #: an internal note


MOVES: dict[Status, frozenset[Status]] = {
    Status.BOT: frozenset({Status.QUEUED, Status.RESOLVED}),
    Status.QUEUED: frozenset({Status.ASSIGNED, Status.ABANDONED, Status.BOT}),
    Status.ASSIGNED: frozenset(
        {Status.QUEUED, Status.RESOLVED, Status.BOT, Status.ASSIGNED}
    ),
    # Only the shopper's own word within the shop's days; see `reopening`.
    Status.RESOLVED: frozenset({Status.QUEUED}),
    Status.ABANDONED: frozenset(),
}

#: conversations in which nobody speaks any more, unless the shopper reopens them
ENDED = frozenset({Status.RESOLVED, Status.ABANDONED})


def check_move(current: Status, target: Status) -> None:
    """Raise IllegalMove unless `target` may follow `current`."""
    if target not in MOVES[current]:
        raise IllegalMove(f"A {current} conversation cannot become {target}.")
