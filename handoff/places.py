"""Whose place in the line is kept while they are away, and who is still to be told that it is their turn.

The row is the journal: whoever notes `place_told_at` first sends the mail, so it is sent
once however many processes look. A process that dies in between has sent none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.errors import IllegalMove
from handoff.lifecycle import Status
from handoff.models import Conversation, Handoff
from handoff.requests import newest_handoff, open_handoff
from handoff.transitions import TRUE_TO_ROWS, hold

#: a server that refuses is asked again after 1, 4, 16 and 64 minutes
TRIES = 5
AT_ONCE = 50


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A shopper who is away and whose turn it is."""

    handoff_id: UUID
    conversation: Conversation
    mail: str
    asked_at: datetime


async def keep(
    session: AsyncSession, conversation_id: UUID, *, mail: str, now: datetime
) -> Handoff:
    """Note where to tell them; asked again, the newer address counts. IllegalMove if nobody waits."""
    row = await hold(session, conversation_id)
    request = await open_handoff(session, conversation_id)
    if row.status != Status.QUEUED or request is None:
        raise IllegalMove(f"A {row.status} conversation has no place to keep.")
    request.keep_place = {"mail": mail}
    request.place_asked_at, request.place_told_at = now, None
    await session.flush()
    return request


async def give_up(session: AsyncSession, conversation_id: UUID) -> None:
    """They are back, or want no mail: forget the address."""
    request = await open_handoff(session, conversation_id)
    if request is not None and request.place_told_at is None:
        request.keep_place, request.place_asked_at = None, None
        await session.flush()


async def turns(session: AsyncSession, *, now: datetime) -> list[Turn]:
    """Those whom somebody serves now, or has answered and resolved, and who were not told."""
    rows = await session.execute(
        select(Handoff, Conversation)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(
            Handoff.place_asked_at.is_not(None),
            Handoff.place_told_at.is_(None),
            or_(
                (Conversation.status == Status.ASSIGNED) & Handoff.ended_at.is_(None),
                Handoff.outcome == "resolved",
            ),
        )
        .order_by(Handoff.place_asked_at)
        .limit(AT_ONCE)
    )
    return [
        Turn(
            handoff_id=request.id,
            conversation=row,
            mail=request.keep_place["mail"],
            asked_at=request.place_asked_at,
        )
        for request, row in rows.all()
        if request.keep_place and request.place_asked_at and _is_due(request, now)
    ]


def _is_due(request: Handoff, now: datetime) -> bool:
    again_at = (request.keep_place or {}).get("again_at")
    return again_at is None or datetime.fromisoformat(again_at) <= now


async def take_telling(
    session: AsyncSession, handoff_id: UUID, *, now: datetime
) -> bool:
    """Note that this process tells them; False when another has."""
    mine = await session.scalar(
        update(Handoff)
        .where(Handoff.id == handoff_id, Handoff.place_told_at.is_(None))
        .values(place_told_at=now)
        .returning(Handoff.id),
        execution_options=TRUE_TO_ROWS,
    )
    return mine is not None


async def told(session: AsyncSession, handoff_id: UUID, *, shown: str) -> None:
    """Keep of the address only what may be shown."""
    request = await session.get_one(Handoff, handoff_id)
    request.keep_place = {"mail": shown}


async def failed(
    session: AsyncSession, handoff_id: UUID, *, shown: str, now: datetime
) -> None:
    """Try again later; after the last try the address is forgotten."""
    request = await session.get_one(Handoff, handoff_id)
    known = dict(request.keep_place or {})
    tries = int(known.get("tries", 0)) + 1
    if tries >= TRIES:
        await told(session, handoff_id, shown=shown)
        return
    again_at = now + timedelta(minutes=4 ** (tries - 1))
    request.keep_place = known | {"tries": tries, "again_at": again_at.isoformat()}
    request.place_told_at = None


async def told_lately(
    session: AsyncSession, conversation_id: UUID, *, since: datetime
) -> Handoff | None:
    """The newest request, if its shopper was told by mail since then."""
    request = await newest_handoff(session, conversation_id)
    if request is None or request.place_asked_at is None:
        return None
    told_at = request.place_told_at
    return request if told_at is not None and told_at >= since else None
