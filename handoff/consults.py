"""Whom an agent asks about a conversation without handing it over, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import assignments, ownership
from handoff.care_models import Consult
from handoff.conversations import Appended
from handoff.errors import AskedThemselves, NotAsked
from handoff.events import ConsultAnswered, ConsultAsked
from handoff.lifecycle import Status
from handoff.models import Conversation
from handoff.transitions import TRUE_TO_ROWS, record


async def ask(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    agent_id: UUID,
    assignment_version: int,
    asked_id: UUID,
    asked_name: str,
    question: str,
    client_id: str,
    now: datetime,
) -> Consult:
    """Ask a colleague inside the thread, or raise NotYours; a resend asks once.

    The question is a note that names the colleague; the conversation stays where it is.
    """
    if asked_id == agent_id:
        raise AskedThemselves
    await ownership.hold_own(
        session, conversation_id, agent_id, assignment_version, now=now
    )
    said = await assignments.note(
        session,
        conversation_id,
        agent_id=agent_id,
        text=f"@{asked_name} {question}",
        client_id=client_id,
        now=now,
    )
    if said.was_resent:
        return await _of_note(session, conversation_id, said)
    consult = Consult(
        conversation_id=conversation_id,
        asker_id=agent_id,
        asked_id=asked_id,
        question=question,
        message_seq=said.message.seq,
        asked_at=now,
    )
    return await _keep(session, consult)


async def _keep(session: AsyncSession, consult: Consult) -> Consult:
    session.add(consult)
    await session.flush()
    record(
        session,
        ConsultAsked(
            conversation_id=consult.conversation_id,
            at=consult.asked_at,
            consult_id=consult.id,
            agent_id=consult.asker_id,
            asked_id=consult.asked_id,
        ),
    )
    return consult


async def _of_note(
    session: AsyncSession, conversation_id: UUID, said: Appended
) -> Consult:
    found = await session.scalar(
        select(Consult).where(
            Consult.conversation_id == conversation_id,
            Consult.message_seq == said.message.seq,
        )
    )
    if found is None:
        raise NotAsked  # that id was an ordinary note
    return found


async def answer(
    session: AsyncSession,
    consult_id: UUID,
    *,
    agent_id: UUID,
    text: str,
    client_id: str,
    now: datetime,
) -> Appended:
    """Answer in a note, or raise NotAsked: of others, answered already, or over."""
    taken: Consult | None = await session.scalar(
        update(Consult)
        .where(Consult.id == consult_id, *_open_to(agent_id))
        .values(answered_at=now)
        .returning(Consult),
        execution_options=TRUE_TO_ROWS,
    )
    if taken is None:
        raise NotAsked
    said = await assignments.note(
        session,
        taken.conversation_id,
        agent_id=agent_id,
        text=text,
        client_id=client_id,
        now=now,
    )
    record(
        session,
        ConsultAnswered(
            conversation_id=taken.conversation_id,
            at=now,
            consult_id=taken.id,
            agent_id=agent_id,
        ),
    )
    return said


async def asked_of(session: AsyncSession, agent_id: UUID) -> Sequence[Consult]:
    """Return what this agent owes an answer to, the oldest first."""
    found = await session.scalars(
        select(Consult).where(*_open_to(agent_id)).order_by(Consult.asked_at)
    )
    return list(found)


async def is_asked(
    session: AsyncSession, conversation_id: UUID, *, agent_id: UUID
) -> bool:
    """Whether this agent may read the thread because of a question still open."""
    found = await session.scalar(
        select(Consult.id)
        .where(Consult.conversation_id == conversation_id, *_open_to(agent_id))
        .limit(1)
    )
    return found is not None


def _open_to(agent_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """A question ends with its answer, and with the asker's hold on the conversation."""
    still = (
        select(Conversation.id)
        .where(
            Conversation.id == Consult.conversation_id,
            Conversation.status == Status.ASSIGNED,
            Conversation.agent_id == Consult.asker_id,
        )
        .exists()
    )
    return Consult.asked_id == agent_id, Consult.answered_at.is_(None), still
