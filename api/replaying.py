"""Decides how stored conversations are fetched for a replay, and how its outcome is told as JSON."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import batched
from typing import Any

from api.database import Database
from handoff import stories
from handoff.decisions import TriggerPolicy
from handoff.replay import Comparison, Course, Move, Spell, compare, redecide

#: rows are fetched in portions, so that nobody else waits long
PORTION = 100
#: more moves than this are counted, not listed
MOST_LISTED = 200


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a policy is tried on."""

    spells: Sequence[Spell]
    #: what one handoff takes an agent
    handling_minutes: float


async def fetch_stored(
    database: Database, *, limit: int, default_seconds: int
) -> Stored:
    """The newest conversations, read in a thread while others go on."""
    async with database.reading() as session:
        ids = await stories.newest_ids(session, limit=limit)
        minutes = await stories.handling_minutes(
            session, default_seconds=default_seconds
        )
    spells: list[Spell] = []
    for portion in batched(ids, PORTION):
        async with database.reading() as session:
            kept = await stories.fetch(session, portion)
        spells += await asyncio.to_thread(stories.build, kept)
    return Stored(spells=spells, handling_minutes=minutes)


def courses(spells: Sequence[Spell], policy: TriggerPolicy) -> list[Course]:
    return [redecide(spell, policy) for spell in spells]


def set_beside(
    stored: Stored, before: Sequence[Course], after: Sequence[Course]
) -> Comparison:
    return compare(
        stored.spells, before, after, handling_minutes=stored.handling_minutes
    )


def comparison_json(found: Comparison, *, minutes: float) -> dict[str, Any]:
    """The outcome for programs; no word of a shopper is in it."""
    return {
        "conversations": found.conversations,
        "handling_minutes": minutes,
        "before": asdict(found.before),
        "after": asdict(found.after),
        "moves": [move_json(move) for move in found.moves[:MOST_LISTED]],
        "moves_left_off": max(0, len(found.moves) - MOST_LISTED),
    }


def move_json(move: Move) -> dict[str, Any]:
    return {
        "conversation_id": move.spell.conversation_id,
        "at": move.spell.at.isoformat() if move.spell.at else None,
        "change": move.change.value,
        "before": _place(move.before),
        "after": _place(move.after),
        "turns": len(move.spell.steps),
    }


def _place(course: Course) -> dict[str, Any] | None:
    """Which turn, counted from 1 as people do, and why."""
    if course.handoff_at is None:
        return None
    return {"turn": course.handoff_at + 1, "reasons": list(course.reasons)}
