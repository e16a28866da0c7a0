"""Decides which promises of the desk are newly near to breaking or broken, and notes each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.events import PromiseBroken, PromiseNear
from handoff.lifecycle import Status
from handoff.models import Conversation, Handoff, SlaMark
from handoff.sla import Clock, Level, SlaPolicy, clocks, owed_since
from handoff.transitions import record


@dataclass(frozen=True, kw_only=True)
class Unmarked:
    """A clock at a level that nobody has noted yet."""

    handoff_id: UUID
    conversation_id: UUID
    agent_id: UUID | None
    clock: Clock


@dataclass(frozen=True)
class _Running:
    """An open request: its columns and not its row, for there may be thousands."""

    handoff_id: UUID
    conversation_id: UUID
    agent_id: UUID | None
    tier: str
    requested_at: datetime
    promised_by: datetime | None
    first_substantive_at: datetime | None


async def unmarked(
    session: AsyncSession, policy: SlaPolicy, *, now: datetime
) -> list[Unmarked]:
    """Return what is near to breaking or broken and not noted; changes nothing."""
    running = await _running(session)
    owed = await owed_since(session)
    late_or_soon = [
        Unmarked(
            handoff_id=each.handoff_id,
            conversation_id=each.conversation_id,
            agent_id=each.agent_id,
            clock=clock,
        )
        for each in running
        for clock in clocks(
            each,
            tier=each.tier,
            owed_since=owed.get(each.conversation_id),
            policy=policy,
            now=now,
        )
        if clock.level is not Level.FINE
    ]
    known = await _marks(session, {each.handoff_id for each in late_or_soon})
    return [each for each in late_or_soon if _key(each) not in known]


async def mark(
    session: AsyncSession, found: Iterable[Unmarked], *, now: datetime
) -> list[PromiseNear | PromiseBroken]:
    """Note these. IntegrityError if another process has noted one of them meanwhile."""
    events: list[PromiseNear | PromiseBroken] = []
    for each in found:
        clock = each.clock
        session.add(
            SlaMark(
                handoff_id=each.handoff_id,
                clock=clock.name,
                level=clock.level,
                due_at=clock.due_at,
                at=now,
            )
        )
        kind = PromiseBroken if clock.level is Level.LATE else PromiseNear
        event = kind(
            conversation_id=each.conversation_id,
            at=now,
            clock=clock.name,
            due_at=clock.due_at,
            agent_id=each.agent_id,
        )
        events.append(record(session, event))
    await session.flush()
    return events


async def _running(session: AsyncSession) -> list[_Running]:
    rows = await session.execute(
        select(
            Handoff.id,
            Conversation.id,
            Conversation.agent_id,
            Conversation.tier,
            Handoff.requested_at,
            Handoff.promised_by,
            Handoff.first_substantive_at,
        )
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(
            Handoff.ended_at.is_(None),
            Conversation.status.in_((Status.QUEUED, Status.ASSIGNED)),
        )
        .order_by(Conversation.id)
    )
    return [_Running(*row) for row in rows]


async def _marks(
    session: AsyncSession, handoffs: set[UUID]
) -> set[tuple[UUID, str, datetime, str]]:
    if not handoffs:
        return set()
    rows = await session.execute(
        select(SlaMark.handoff_id, SlaMark.clock, SlaMark.due_at, SlaMark.level).where(
            SlaMark.handoff_id.in_(handoffs)
        )
    )
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def _key(one: Unmarked) -> tuple[UUID, str, datetime, str]:
    clock = one.clock
    return one.handoff_id, clock.name, clock.due_at, clock.level.value
