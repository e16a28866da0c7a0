"""What a supervisor may do with a conversation that is somebody else's, or nobody's yet.

They listen, whisper, take over and move one in the line. Each leaves a fact in the trail,
and each that changes the row names the state it expects.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import assignments
from handoff.conversations import Appended
from handoff.errors import MovedFarEnough, NobodyToTell
from handoff.events import ListenedIn, MovedInLine, TakenOver, Whispered
from handoff.lifecycle import Status
from handoff.models import Assignment, AuditEntry, Conversation, Handoff
from handoff.requests import open_handoff
from handoff.transitions import change, fetch, hold, record, refuse

#: looking again within this time is the same listening
ONE_LISTENING = timedelta(minutes=15)
#: the head start that a supervisor gave, among the others of a request
CODE = "supervisor"


async def is_listening(
    session: AsyncSession, conversation_id: UUID, *, agent_id: UUID, now: datetime
) -> bool:
    """Whether it is kept already that they listen in."""
    recent = await session.scalars(
        select(AuditEntry).where(
            AuditEntry.conversation_id == conversation_id,
            AuditEntry.at > now - ONE_LISTENING,
            AuditEntry.event == ListenedIn.kind,
        )
    )
    return any(entry.data.get("agent_id") == str(agent_id) for entry in recent)


async def listened(
    session: AsyncSession, conversation_id: UUID, *, agent_id: UUID, now: datetime
) -> None:
    """Keep that they listen in; a page that loads again says it once."""
    if await is_listening(session, conversation_id, agent_id=agent_id, now=now):
        return
    record(
        session,
        ListenedIn(conversation_id=conversation_id, at=now, agent_id=agent_id),
    )


async def whisper(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    text: str,
    client_id: str | None = None,
    now: datetime,
) -> Appended:
    """Tell the owner alone, or raise NobodyToTell when no colleague has it."""
    row = await hold(session, conversation_id)
    owner = row.agent_id
    if row.status != Status.ASSIGNED or owner is None or owner == agent_id:
        raise NobodyToTell
    appended = await assignments.note(
        session,
        conversation_id,
        agent_id=agent_id,
        text=text,
        client_id=client_id,
        meta={"whisper_to": str(owner)},
        now=now,
    )
    if not appended.was_resent:
        record(
            session,
            Whispered(
                conversation_id=conversation_id,
                at=now,
                agent_id=agent_id,
                to_agent_id=owner,
                seq=appended.message.seq,
            ),
        )
    return appended


async def take_over(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    capacity: int,
    assignment_version: int,
    now: datetime,
) -> Assignment:
    """Become the owner in place of the agent, or raise NotYours when it moved meanwhile.

    From then on a reply of the former owner names a version that is over.
    """
    row = await fetch(session, conversation_id)
    if row.agent_id is None or row.agent_id == agent_id:
        raise NobodyToTell
    former = row.agent_id
    assignment = await assignments.transfer(
        session,
        conversation_id,
        agent_id=former,
        to_agent_id=agent_id,
        capacity=capacity,
        assignment_version=assignment_version,
        now=now,
    )
    record(
        session,
        TakenOver(
            conversation_id=conversation_id,
            at=now,
            agent_id=agent_id,
            from_agent_id=former,
            version=assignment.version,
        ),
    )
    return assignment


async def move_in_line(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    name: str,
    minutes: int,
    reason: str,
    most: int,
    now: datetime,
) -> datetime:
    """Give it waiting time, or take some away; return its new rank for the line.

    All moves of one request together stay within `most` minutes either way.
    """
    row = await hold(session, conversation_id)
    request = await open_handoff(session, conversation_id)
    if row.status != Status.QUEUED or row.queue_rank_at is None or request is None:
        raise await refuse(session, conversation_id, target=Status.QUEUED)
    moved_by = _moved_before(request) + minutes
    if abs(moved_by) > most:
        raise MovedFarEnough
    rank_at = row.queue_rank_at - timedelta(minutes=minutes)
    await _rank(session, row, rank_at=rank_at, now=now)
    _explain(
        request, moved_by, {"by": name, "minutes": minutes, "reason": reason}, now=now
    )
    record(
        session,
        MovedInLine(
            conversation_id=conversation_id,
            at=now,
            agent_id=agent_id,
            minutes=minutes,
            reason=reason,
            rank_at=rank_at,
        ),
    )
    return rank_at


async def _rank(
    session: AsyncSession, row: Conversation, *, rank_at: datetime, now: datetime
) -> None:
    moved = await change(
        session,
        row.id,
        Conversation.status == Status.QUEUED,
        Conversation.queue_rank_at == row.queue_rank_at,
        to={"queue_rank_at": rank_at, "updated_at": now},
    )
    if moved is None:
        raise await refuse(session, row.id, target=Status.QUEUED)


def _moved_before(request: Handoff) -> int:
    return sum(int(one["minutes"]) for one in request.priority if one["code"] == CODE)


def _explain(
    request: Handoff, moved_by: int, move: dict[str, object], *, now: datetime
) -> None:
    """New lists: what is changed in place inside JSON would not be written."""
    others = [one for one in request.priority if one["code"] != CODE]
    own = [{"code": CODE, "minutes": moved_by}] if moved_by else []
    request.priority = others + own
    moves = list(request.card.get("moved") or ())
    request.card = {
        **request.card,
        "moved": [*moves, {**move, "at": now.isoformat()}],
    }
