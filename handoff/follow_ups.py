"""What is done about a bad rating, step by step, until somebody puts down how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.care_models import FollowUp
from handoff.errors import NoSuchFollowUp
from handoff.events import Event
from handoff.models import Rating
from handoff.playbooks import BAD_STARS, PLAYBOOKS
from handoff.rows import insert_into
from handoff.transitions import TRUE_TO_ROWS, record

OUTCOMES = ("settled", "not_reached", "not_justified")


@dataclass(frozen=True, kw_only=True)
class FollowUpOpened(Event):
    kind: ClassVar[str] = "follow_up.opened"

    cause: str


@dataclass(frozen=True, kw_only=True)
class FollowUpEnded(Event):
    kind: ClassVar[str] = "follow_up.ended"

    outcome: str
    by: UUID


def is_needed(rating: Rating) -> bool:
    return rating.stars <= BAD_STARS


async def open_for(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    cause: str,
    within: timedelta,
    now: datetime,
) -> bool:
    """Open one with the playbook of its cause, unless there is one; whether it was opened."""
    opened = await session.scalar(
        insert_into(session, FollowUp)
        .values(
            conversation_id=conversation_id,
            cause=cause,
            steps=[
                {"step": one, "done_at": None, "by": None} for one in PLAYBOOKS[cause]
            ],
            state="open",
            opened_at=now,
            due_at=now + within,
            note="",
        )
        .on_conflict_do_nothing()
        .returning(FollowUp.conversation_id)
    )
    if opened is not None:
        record(
            session,
            FollowUpOpened(conversation_id=conversation_id, at=now, cause=cause),
        )
    return opened is not None


async def open_ones(session: AsyncSession, *, limit: int = 100) -> list[FollowUp]:
    """Return what is still to be done, the most pressing first."""
    return list(
        await session.scalars(
            select(FollowUp)
            .where(FollowUp.state == "open")
            .order_by(FollowUp.due_at)
            .limit(limit)
        )
    )


async def tick(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    step: str,
    is_done: bool,
    by: UUID,
    now: datetime,
) -> FollowUp:
    """Tick a step off, or take the tick back."""
    row = await session.scalar(
        select(FollowUp)
        .where(FollowUp.conversation_id == conversation_id, FollowUp.state == "open")
        .with_for_update(),
        execution_options={"populate_existing": True},
    )
    if row is None or all(one["step"] != step for one in row.steps):
        raise NoSuchFollowUp
    ticked = {
        "step": step,
        "done_at": now.isoformat() if is_done else None,
        "by": str(by) if is_done else None,
    }
    row.steps = [ticked if one["step"] == step else one for one in row.steps]
    await session.flush()
    return row


async def end(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    outcome: str,
    note: str,
    by: UUID,
    now: datetime,
) -> FollowUp:
    """Put down how it ended, once."""
    if outcome not in OUTCOMES:
        raise ValueError(f"a follow-up ends as one of {OUTCOMES}, not as {outcome!r}")
    ended: FollowUp | None = await session.scalar(
        update(FollowUp)
        .where(FollowUp.conversation_id == conversation_id, FollowUp.state == "open")
        .values(state="done", outcome=outcome, note=note, closed_at=now, closed_by=by)
        .returning(FollowUp),
        execution_options=TRUE_TO_ROWS,
    )
    if ended is None:
        raise NoSuchFollowUp
    record(
        session,
        FollowUpEnded(conversation_id=conversation_id, at=now, outcome=outcome, by=by),
    )
    return ended
