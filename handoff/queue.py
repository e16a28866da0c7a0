"""Who waits for a person, in what order, and who leaves the line: the rows decide."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handoff import places
from handoff.claiming import claim, claim_next
from handoff.events import (
    ConversationAbandoned,
    ConversationLeftLine,
    ConversationQueued,
)
from handoff.forecasting import Forecast
from handoff.lifecycle import Status
from handoff.line import MemoryLine, RedisLine, Repair, WaitingLine
from handoff.models import Conversation, Handoff
from handoff.requests import LEFT_LINE, end_handoff, open_handoff
from handoff.routing import Needs, RoutingPolicy, Seeker
from handoff.transitions import back_to_bot, change, record, refuse
from handoff.waiting import (
    WaitingRow,
    count_before,
    forecast,
    line_repair,
    position,
    waiting,
)

# The desk outside this package needs one door to the queue; its rooms are the modules above.
__all__ = [
    "Forecast",
    "MemoryLine",
    "Needs",
    "RedisLine",
    "Repair",
    "RoutingPolicy",
    "Seeker",
    "WaitingLine",
    "WaitingRow",
    "abandon",
    "cancel",
    "claim",
    "claim_next",
    "forecast",
    "join",
    "line_repair",
    "note_request",
    "open_handoff",
    "position",
    "waiting",
]


async def join(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    reasons: Sequence[dict[str, Any]],
    card: dict[str, Any],
    priority_minutes: int = 0,
    priority: Sequence[dict[str, Any]] = (),
    needs: Needs | None = None,
    now: datetime,
) -> Handoff:
    """Move the conversation from the bot to the line, or raise IllegalMove.

    `priority_minutes` is a bounded head start: as if the shopper had come that much
    earlier; `priority` explains it. After the commit tell the line: `line.add(id, rank_at=…queue_rank_at)`.
    """
    rank_at = now - timedelta(minutes=priority_minutes)
    queued = await change(
        session,
        conversation_id,
        Conversation.status == Status.BOT,
        to=_waits(needs or Needs(), rank_at=rank_at, now=now),
    )
    if queued is None:
        raise await refuse(session, conversation_id, target=Status.QUEUED)
    return await note_request(
        session, queued, reasons=reasons, card=card, priority=priority, now=now
    )


async def note_request(
    session: AsyncSession,
    queued: Conversation,
    *,
    reasons: Sequence[dict[str, Any]],
    card: dict[str, Any],
    priority: Sequence[dict[str, Any]] = (),
    now: datetime,
) -> Handoff:
    """Keep why a conversation that was just put into the line is there."""
    handoff = Handoff(
        conversation_id=queued.id,
        reasons=list(reasons),
        card=card,
        requested_at=now,
        position=await count_before(session, queued) + 1,
        priority=list(priority),
    )
    session.add(handoff)
    record(session, _queued(handoff, rank_at=queued.queue_rank_at or now))
    await session.flush()
    return handoff


def _waits(needs: Needs, *, rank_at: datetime, now: datetime) -> dict[str, Any]:
    return {
        "status": Status.QUEUED,
        "queued_at": now,
        "queue_rank_at": rank_at,
        "skill": needs.skill,
        "tier": needs.tier,
        "weight": needs.weight,
        "updated_at": now,
    }


def _queued(handoff: Handoff, *, rank_at: datetime) -> ConversationQueued:
    return ConversationQueued(
        conversation_id=handoff.conversation_id,
        at=handoff.requested_at,
        reasons=tuple(str(reason["code"]) for reason in handoff.reasons),
        position=handoff.position,
        rank_at=rank_at,
    )


async def abandon(
    session: AsyncSession, conversation_id: UUID, *, now: datetime
) -> ConversationAbandoned:
    """Note that the shopper left the line, or raise IllegalMove."""
    moved = await change(
        session,
        conversation_id,
        Conversation.status == Status.QUEUED,
        to={"status": Status.ABANDONED, "resolved_at": now, "updated_at": now},
    )
    if moved is None:
        raise await refuse(session, conversation_id, target=Status.ABANDONED)
    await end_handoff(session, conversation_id, outcome="abandoned", now=now)
    return record(
        session, ConversationAbandoned(conversation_id=conversation_id, at=now)
    )


async def cancel(
    session: AsyncSession, conversation_id: UUID, *, now: datetime
) -> ConversationLeftLine:
    """Let the shopper stop waiting and go on with the bot, or raise IllegalMove."""
    moved = await change(
        session,
        conversation_id,
        Conversation.status == Status.QUEUED,
        to=back_to_bot(now=now),
    )
    if moved is None:
        raise await refuse(session, conversation_id, target=Status.BOT)
    # Nobody is to be told of a turn that will not come.
    await places.give_up(session, conversation_id)
    await end_handoff(session, conversation_id, outcome=LEFT_LINE, now=now)
    return record(
        session, ConversationLeftLine(conversation_id=conversation_id, at=now)
    )
