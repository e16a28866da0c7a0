"""Who is given which waiting conversation when agents do not choose: whoever has most room for it.

The plan is made from rows as they were; giving looks again and claims by the same statement
as an agent who asks, so two who plan at once give everybody once.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.capacity import make_sure_of_room
from handoff.errors import AtCapacity
from handoff.lifecycle import Status
from handoff.models import Assignment, Conversation
from handoff.routing import RoutingPolicy, Seeker, is_suited
from handoff.taking import take
from handoff.transitions import fetch

#: so many from the front of the line are looked at in one round
LOOKED_AT = 200


@dataclass(frozen=True, kw_only=True)
class Hand:
    """An available agent and how much they hold."""

    seeker: Seeker
    load: int

    @property
    def free(self) -> int:
        return self.seeker.capacity - self.load

    def has_room(self, weight: int) -> bool:
        """Whoever has nothing can take one of any weight, as everywhere."""
        return self.load == 0 or weight <= self.free


@dataclass(frozen=True, kw_only=True)
class Gift:
    """One conversation and the agent it is meant for."""

    conversation_id: UUID
    weight: int
    seeker: Seeker


async def front(session: AsyncSession) -> list[Conversation]:
    """Whoever waits at the front of the line, the first one first."""
    rows = await session.scalars(
        select(Conversation)
        .where(Conversation.status == Status.QUEUED)
        .order_by(Conversation.queue_rank_at, Conversation.id)
        .limit(LOOKED_AT)
        .execution_options(populate_existing=True)
    )
    return list(rows)


def plan(
    line: Sequence[Conversation],
    hands: Sequence[Hand],
    policy: RoutingPolicy,
    *,
    now: datetime,
) -> list[Gift]:
    """Go down the line: each to the last agent if they can, else to whoever has most room."""
    left = {hand.seeker.agent_id: hand for hand in hands}
    gifts = []
    for row in line:
        fitting = [
            hand
            for hand in left.values()
            if hand.has_room(row.weight)
            and is_suited(row, hand.seeker, policy, now=now)
        ]
        if not fitting:
            continue
        chosen = max(fitting, key=lambda hand: _preference(row, hand))
        taker = chosen.seeker
        gifts.append(Gift(conversation_id=row.id, weight=row.weight, seeker=taker))
        left[taker.agent_id] = replace(chosen, load=chosen.load + row.weight)
    return gifts


def _preference(row: Conversation, hand: Hand) -> tuple[bool, int, int]:
    """Equals are told apart by lot, the same lot in every process."""
    agent_id = hand.seeker.agent_id
    lot = zlib.crc32(row.id.bytes + agent_id.bytes)
    return row.last_agent_id == agent_id, hand.free, lot


async def give(
    session: AsyncSession, gift: Gift, policy: RoutingPolicy, *, now: datetime
) -> Assignment | None:
    """Give it if it still waits and still suits; None when things moved on meanwhile.

    After the commit tell the line: `line.remove(id)`.
    """
    seeker = gift.seeker
    try:
        await make_sure_of_room(
            session, seeker.agent_id, capacity=seeker.capacity, weight=gift.weight
        )
    except AtCapacity:
        return None
    row = await fetch(session, gift.conversation_id)
    if row.status != Status.QUEUED or not is_suited(row, seeker, policy, now=now):
        return None
    return await take(
        session,
        None,
        {"p_agent": seeker.agent_id, "p_now": now, "p_conversation": row.id},
    )
