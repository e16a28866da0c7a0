"""Which promises of the desk are running for a conversation, and how near each is to breaking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.lifecycle import Actor, Status
from handoff.models import Conversation, Handoff, Message


class Level(StrEnum):
    """How a promise stands."""

    FINE = "fine"
    SOON = "soon"  #: most of the time is used
    LATE = "late"  #: broken


#: the worst first
ORDER = (Level.LATE, Level.SOON, Level.FINE)


@dataclass(frozen=True, kw_only=True)
class Promises:
    """What a tier is promised."""

    first: timedelta
    next: timedelta
    resolution: timedelta


@dataclass(frozen=True, kw_only=True)
class SlaPolicy:
    """The promises by tier; `standard` is always there."""

    tiers: Mapping[str, Promises]
    #: near to breaking from this share of the time on
    warn_share: float = 0.8

    def of(self, tier: str) -> Promises:
        return self.tiers.get(tier) or self.tiers["standard"]


class Asked(Protocol):
    """What of a handoff its clocks need: the row itself, or just these columns of it."""

    @property
    def requested_at(self) -> datetime: ...
    @property
    def promised_by(self) -> datetime | None: ...
    @property
    def first_substantive_at(self) -> datetime | None: ...


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One running promise."""

    name: str
    since: datetime
    due_at: datetime
    level: Level


@dataclass(frozen=True, kw_only=True)
class Open:
    """One open request with what its clocks need."""

    conversation: Conversation
    handoff: Handoff
    #: when the shopper wrote what no answer has covered yet
    owed_since: datetime | None


def clocks(
    handoff: Asked,
    *,
    tier: str,
    owed_since: datetime | None,
    policy: SlaPolicy,
    now: datetime,
) -> list[Clock]:
    """Return the running clocks, the worst first. A filler has stopped none of them."""
    promises = policy.of(tier)
    running = []
    asked = handoff.requested_at
    if handoff.first_substantive_at is None:
        due = max(asked + promises.first, handoff.promised_by or asked)
        running.append(("first", asked, due))
    elif owed_since is not None:
        running.append(("next", owed_since, owed_since + promises.next))
    due = max(asked, handoff.promised_by or asked) + promises.resolution
    running.append(("resolution", asked, due))
    found = [
        Clock(
            name=name,
            since=since,
            due_at=due,
            level=_level(since, due, share=policy.warn_share, now=now),
        )
        for name, since, due in running
    ]
    return sorted(found, key=lambda each: (ORDER.index(each.level), each.due_at))


def _level(since: datetime, due: datetime, *, share: float, now: datetime) -> Level:
    if now >= due:
        return Level.LATE
    return Level.SOON if now >= since + (due - since) * share else Level.FINE


async def owed_since(
    session: AsyncSession, conversations: Iterable[UUID] | None = None
) -> dict[UUID, datetime]:
    """Return since when each shopper waits for words that answer something.

    Of these conversations, or of all with an open request.
    """
    query = (
        select(Message.conversation_id, func.min(Message.created_at))
        .join(
            Handoff,
            (Handoff.conversation_id == Message.conversation_id)
            & Handoff.ended_at.is_(None),
        )
        .where(Message.actor == Actor.SHOPPER, Message.seq > Handoff.substantive_seq)
        .group_by(Message.conversation_id)
    )
    if conversations is not None:
        wanted = list(conversations)
        if not wanted:
            return {}
        query = query.where(Message.conversation_id.in_(wanted))
    return {row[0]: row[1] for row in await session.execute(query)}


async def open_requests(session: AsyncSession) -> list[Open]:
    """Return every request that is waiting or being served."""
    rows = await session.execute(
        select(Conversation, Handoff)
        .join(
            Handoff,
            (Handoff.conversation_id == Conversation.id) & Handoff.ended_at.is_(None),
        )
        .where(Conversation.status.in_((Status.QUEUED, Status.ASSIGNED)))
        .order_by(Conversation.id)
        .execution_options(populate_existing=True)
    )
    pairs = rows.all()
    owed = await owed_since(session)
    return [
        Open(conversation=row, handoff=request, owed_since=owed.get(row.id))
        for row, request in pairs
    ]
