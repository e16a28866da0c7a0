"""Decides what agents see: the line, their own conversations, and one conversation in full."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.desk import Desk
from api.errors import NotAllowed
from api.schemas import StaffMessage
from api.views import agent_names, staff_messages
from handoff import consults, conversations, reopening, requests
from handoff.lifecycle import Audience, Status
from handoff.models import Conversation

PAGE = 500
#: what of a card is shown before somebody has taken the conversation
_BEFORE_CLAIM = ("version", "reasons", "emotion_trace", "language", "created_at")


class ConversationFacts(BaseModel):
    id: UUID
    status: str
    language: str
    channel: str
    shopper_name: str | None
    signed_in: bool
    agent_id: UUID | None
    agent_name: str | None
    queued_at: datetime | None
    created_at: datetime
    disposition: str | None


class Before(BaseModel):
    """The ended conversation that this one goes on from."""

    id: UUID
    disposition: str
    detail: str
    summary: str
    at: datetime


class ConversationView(BaseModel):
    conversation: ConversationFacts
    messages: list[StaffMessage]
    card: dict[str, Any] | None
    assignment_version: int
    mine: bool
    dispositions: list[str]
    before: Before | None = None


async def counts(desk: Desk, member: StaffMember) -> tuple[int, int]:
    """How many wait, and how many this agent has."""
    async with desk.database.reading() as session:
        number = func.count()
        waits = await session.scalar(
            select(number)
            .select_from(Conversation)
            .where(Conversation.status == Status.QUEUED)
        )
        own = await session.scalar(
            select(number)
            .select_from(Conversation)
            .where(Conversation.agent_id == member.id)
        )
    return waits or 0, own or 0


async def conversation_view(
    desk: Desk, member: StaffMember, conversation_id: UUID
) -> ConversationView:
    """Thread, notes and card; of one that is only waiting, no more than its reasons."""
    async with desk.database.reading() as session:
        row = await conversations.get(session, conversation_id)
        is_open_to_me = await may_follow(session, member, row)
        if not is_open_to_me:
            check_may_read(member, row)
        request = await requests.newest_handoff(session, conversation_id)
        messages: list[StaffMessage] = []
        before = None
        if is_open_to_me:
            before = await _before(session, row)
            rows = await conversations.since(
                session, conversation_id, audience=Audience.AGENTS, limit=PAGE
            )
            messages = await staff_messages(session, rows)
        names = await agent_names(session, [row.agent_id])
    card = dict(request.card) if request is not None else None
    if card is not None and not is_open_to_me:
        card = {key: card[key] for key in _BEFORE_CLAIM if key in card}
    return ConversationView(
        conversation=_facts(row, names.get(row.agent_id) if row.agent_id else None),
        messages=messages,
        card=card,
        assignment_version=row.assignment_version,
        mine=row.agent_id == member.id,
        dispositions=list(desk.settings.handoff.dispositions),
        before=before,
    )


async def _before(session: AsyncSession, row: Conversation) -> Before | None:
    """What the shopper comes back from; None when it was deleted, or never settled."""
    if row.follows_id is None:
        return None
    earlier = await session.get(Conversation, row.follows_id)
    settled = await reopening.settled_as(session, earlier) if earlier else None
    if earlier is None or settled is None:
        return None
    return Before(
        id=earlier.id,
        disposition=settled.disposition,
        detail=settled.detail,
        summary=settled.summary,
        at=settled.at,
    )


def may_read_whole(member: StaffMember, row: Conversation) -> bool:
    """Whether this person may read every word of it."""
    if member.may(Permission.SEE_ALL_CONVERSATIONS):
        return True
    return member.may(Permission.SERVE_SHOPPERS) and row.agent_id == member.id


async def may_follow(
    session: AsyncSession, member: StaffMember, row: Conversation
) -> bool:
    """The same, or a colleague asked them about it and still waits for the answer."""
    if may_read_whole(member, row):
        return True
    serves = member.may(Permission.SERVE_SHOPPERS)
    return serves and await consults.is_asked(session, row.id, agent_id=member.id)


def check_may_read(member: StaffMember, row: Conversation) -> None:
    """Raise NotAllowed unless it is theirs, or waits for anybody."""
    if not may_read_whole(member, row) and row.status != Status.QUEUED:
        raise NotAllowed


def _facts(row: Conversation, agent_name: str | None) -> ConversationFacts:
    return ConversationFacts(
        id=row.id,
        status=row.status,
        language=row.language,
        channel=row.channel,
        shopper_name=row.shopper.get("name"),
        signed_in=bool(row.shopper.get("customer_id")),
        agent_id=row.agent_id,
        agent_name=agent_name,
        queued_at=row.queued_at,
        created_at=row.created_at,
        disposition=row.disposition,
    )
