"""What a supervisor does with the handoff policy: try it on what happened, apply it, take it back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from api.accounts.staff import StaffMember
from api.desk import Desk
from api.live_policy import follow_policy
from api.replaying import (
    Stored,
    comparison_json,
    courses,
    fetch_stored,
    set_beside,
)
from api.trigger_settings import Triggers
from handoff import policies
from handoff.policy_models import PolicyRevision
from handoff.replay import Course

#: the newest conversations are enough to see what a slider does
MOST_CONVERSATIONS = 1000
#: what was fetched is good for this long
FRESH = timedelta(seconds=60)


@dataclass(kw_only=True)
class Shelf:
    """The stored conversations that sliders are tried on, kept for a moment."""

    stored: Stored | None = None
    fetched_at: datetime | None = None
    #: how they go under the policy that holds, by its number
    present: tuple[int, list[Course]] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


async def try_out(desk: Desk, shelf: Shelf, tried: Triggers) -> dict[str, Any]:
    """What these rules would have changed against the ones that hold now."""
    async with shelf.lock:
        stored = await _stored(desk, shelf)
        before = await _present(desk, shelf, stored)
        after = await asyncio.to_thread(courses, stored.spells, tried.policy())
    found = set_beside(stored, before, after)
    return comparison_json(found, minutes=stored.handling_minutes)


async def apply(
    desk: Desk, member: StaffMember, triggers: Triggers, *, seen: int, note: str
) -> None:
    """From now on these rules hold; other processes follow within seconds."""
    async with desk.database.writing() as session:
        await policies.apply(
            session,
            triggers.model_dump(),
            seen=seen,
            author_id=member.id,
            author=member.name,
            note=note,
            now=desk.clock(),
        )
    await follow_policy(desk)


async def take_back(
    desk: Desk, member: StaffMember, number: int, *, seen: int, note: str
) -> None:
    """An earlier revision holds again, as a new one; 0 is config.yml."""
    async with desk.database.writing() as session:
        await policies.take_back(
            session,
            number,
            seen=seen,
            author_id=member.id,
            author=member.name,
            note=note,
            now=desk.clock(),
        )
    await follow_policy(desk)


async def revisions(desk: Desk) -> list[PolicyRevision]:
    async with desk.database.reading() as session:
        return await policies.listed(session)


async def _stored(desk: Desk, shelf: Shelf) -> Stored:
    now = desk.clock()
    is_fresh = shelf.fetched_at is not None and now - shelf.fetched_at < FRESH
    if shelf.stored is None or not is_fresh:
        shelf.stored = await fetch_stored(
            desk.database,
            limit=MOST_CONVERSATIONS,
            default_seconds=desk.settings.handoff.handling_default_seconds,
        )
        shelf.fetched_at, shelf.present = now, None
    return shelf.stored


async def _present(desk: Desk, shelf: Shelf, stored: Stored) -> list[Course]:
    live = desk.policy
    if shelf.present is None or shelf.present[0] != live.number:
        went = await asyncio.to_thread(courses, stored.spells, live.current)
        shelf.present = (live.number, went)
    return shelf.present[1]
