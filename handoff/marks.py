"""What agents think of the moment of a handoff: one verdict an agent, and who gave it when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import requests
from handoff.errors import NothingToMark
from handoff.models import Assignment
from handoff.policy_models import HandoffMark
from handoff.rows import insert_into, new_id


class Verdict(StrEnum):
    """Whether the person came at the right moment."""

    TOO_EARLY = "too_early"
    RIGHT = "right"
    TOO_LATE = "too_late"
    BOT_COULD = "bot_could"  #: no person was needed; an article had the answer


async def mark(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    verdict: Verdict,
    article_id: str | None = None,
    now: datetime,
) -> HandoffMark:
    """Keep the verdict on the newest handoff; the agent's earlier one gives way to it."""
    handoff = await requests.newest_handoff(session, conversation_id)
    if handoff is None:
        raise NothingToMark
    told = {
        "verdict": verdict.value,
        "article_id": article_id if verdict is Verdict.BOT_COULD else None,
        "at": now,
    }
    statement = insert_into(session, HandoffMark).values(
        id=new_id(), handoff_id=handoff.id, agent_id=agent_id, **told
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["handoff_id", "agent_id"], set_=told
        )
    )
    kept = await mine(session, handoff.id, agent_id=agent_id)
    assert kept is not None  # noqa: S101 - just written in this transaction
    return kept


async def mine(
    session: AsyncSession, handoff_id: UUID, *, agent_id: UUID
) -> HandoffMark | None:
    found: HandoffMark | None = await session.scalar(
        select(HandoffMark)
        .where(HandoffMark.handoff_id == handoff_id, HandoffMark.agent_id == agent_id)
        .execution_options(populate_existing=True)
    )
    return found


async def has_served(
    session: AsyncSession, conversation_id: UUID, *, agent_id: UUID
) -> bool:
    """Whether this agent ever had the conversation, and so may judge its handoff."""
    found = await session.scalar(
        select(Assignment.id)
        .where(
            Assignment.conversation_id == conversation_id,
            Assignment.agent_id == agent_id,
        )
        .limit(1)
    )
    return found is not None


async def verdicts(session: AsyncSession) -> dict[UUID, Verdict]:
    """The newest verdict on each marked handoff."""
    rows = await session.execute(
        select(HandoffMark.handoff_id, HandoffMark.verdict).order_by(HandoffMark.at)
    )
    return {handoff_id: Verdict(verdict) for handoff_id, verdict in rows.all()}
