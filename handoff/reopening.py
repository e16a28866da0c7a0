"""Whether a shopper who comes back goes on with the settled case, and what was settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from handoff import wrap_ups
from handoff.errors import ConversationEnded
from handoff.events import ConversationReopened
from handoff.lifecycle import Status
from handoff.models import Conversation
from handoff.ownership import last_agent
from handoff.transitions import change, hold, record


@dataclass(frozen=True, kw_only=True)
class Settled:
    """How a case ended: by whom, as what, and in whose words."""

    disposition: str
    detail: str
    summary: str
    at: datetime
    agent_id: UUID | None

    def as_json(self) -> dict[str, Any]:
        return {
            "disposition": self.disposition,
            "detail": self.detail,
            "summary": self.summary,
            "at": self.at.isoformat(),
            "agent_id": str(self.agent_id) if self.agent_id else None,
        }


@dataclass(frozen=True, kw_only=True)
class Reopened:
    """A case that waits again, and all it was before."""

    conversation: Conversation
    settled: Settled
    #: the newest message when it ended; the story goes on after it
    after_seq: int


def reopens_until(row: Conversation, *, within: timedelta) -> datetime | None:
    """Until when a word of the shopper goes to this case; None if it never does."""
    if row.status != Status.RESOLVED or row.resolved_at is None or not within:
        return None
    return row.resolved_at + within


async def settled_as(session: AsyncSession, row: Conversation) -> Settled | None:
    """Return how a resolved conversation was put down; None while it is not."""
    if row.status != Status.RESOLVED or row.resolved_at is None:
        return None
    kept = await wrap_ups.get(session, row.id)
    return Settled(
        disposition=row.disposition or "",
        detail=kept.detail if kept else "",
        summary=kept.summary if kept else "",
        at=row.resolved_at,
        agent_id=await last_agent(session, row.id),
    )


async def reopen(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    within: timedelta,
    priority_minutes: int = 0,
    now: datetime,
) -> Reopened | None:
    """Put a case that was resolved lately back into the line; None if it goes on already.

    ConversationEnded when it ended too long ago, or without being settled. It keeps
    what it needs of an agent, and whoever served it last is asked first.
    """
    row = await hold(session, conversation_id)
    settled = await settled_as(session, row)
    until = reopens_until(row, within=within)
    if settled is None and row.status != Status.ABANDONED:
        return None
    if settled is None or until is None or until < now:
        raise ConversationEnded
    after_seq = row.last_seq
    moved = await change(
        session,
        conversation_id,
        Conversation.status == Status.RESOLVED,
        to=_waits_again(settled, ahead=timedelta(minutes=priority_minutes), now=now),
    )
    if moved is None:
        raise ConversationEnded
    record(session, _fact(moved, settled, now=now))
    return Reopened(conversation=moved, settled=settled, after_seq=after_seq)


def _fact(
    moved: Conversation, settled: Settled, *, now: datetime
) -> ConversationReopened:
    return ConversationReopened(
        conversation_id=moved.id,
        at=now,
        times=moved.reopened,
        disposition=settled.disposition,
        settled_at=settled.at,
        agent_id=settled.agent_id,
    )


def _waits_again(
    settled: Settled, *, ahead: timedelta, now: datetime
) -> dict[str, Any]:
    return {
        "status": Status.QUEUED,
        "queued_at": now,
        "queue_rank_at": now - ahead,
        "disposition": None,
        "resolved_at": None,
        "reopened": Conversation.reopened + 1,
        "last_agent_id": settled.agent_id,
        "avoid_agent_id": None,
        "avoid_until": None,
        "updated_at": now,
    }
