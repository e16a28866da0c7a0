"""Decides what agents see: the line, their own conversations, and one conversation in full."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.desk import Desk
from api.errors import NotAllowed
from api.schemas import StaffMessage
from api.views import agent_names, staff_messages
from handoff import conversations, ownership, requests, waiting
from handoff.lifecycle import Audience, Status
from handoff.models import Conversation, Handoff, Message

PREVIEW = 140
PAGE = 500
#: what of a card is shown before somebody has taken the conversation
_BEFORE_CLAIM = ("version", "reasons", "emotion_trace", "language", "created_at")


class Row(BaseModel):
    """One conversation in a list."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    status: str
    language: str
    shopper_name: str | None
    waiting_since: datetime | None
    waited_seconds: int | None
    position: int | None
    reasons: list[str]
    emotion: dict[str, Any] | None
    last_text: str
    last_at: datetime | None
    agent_name: str | None
    unread: int


class QueueView(BaseModel):
    waiting: list[Row]
    mine: list[Row]


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


class ConversationView(BaseModel):
    conversation: ConversationFacts
    messages: list[StaffMessage]
    card: dict[str, Any] | None
    assignment_version: int
    mine: bool
    dispositions: list[str]


async def queue_view(desk: Desk, member: StaffMember) -> QueueView:
    """Who waits, first in front, and what this agent has."""
    now = desk.clock()
    async with desk.database.reading() as session:
        line = await waiting.waiting(session)
        own = await ownership.mine(session, member.id)
        everyone = [each.conversation for each in line] + own
        lasts = await _last_messages(session, everyone)
        cards = {each.conversation.id: each.handoff for each in line}
        for row in own:
            request = await requests.open_handoff(session, row.id)
            if request is not None:
                cards[row.id] = request
        names = await agent_names(session, (row.agent_id for row in own))
        unread = await _unread(session, own)
    places = {each.conversation.id: each.position for each in line}

    def shown(row: Conversation) -> Row:
        return _row(
            row,
            handoff=cards.get(row.id),
            last=lasts.get(row.id),
            position=places.get(row.id),
            name=names.get(row.agent_id) if row.agent_id else None,
            unread=unread.get(row.id, 0),
            now=now,
        )

    return QueueView(
        waiting=[shown(each.conversation) for each in line],
        mine=[shown(row) for row in own],
    )


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
        check_may_read(member, row)
        request = await _newest_handoff(session, conversation_id)
        is_open_to_me = may_read_whole(member, row)
        messages: list[StaffMessage] = []
        if is_open_to_me:
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
    )


def may_read_whole(member: StaffMember, row: Conversation) -> bool:
    """Whether this person may read every word of it."""
    if member.may(Permission.SEE_ALL_CONVERSATIONS):
        return True
    return member.may(Permission.SERVE_SHOPPERS) and row.agent_id == member.id


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


def _row(
    row: Conversation,
    *,
    handoff: Handoff | None,
    last: Message | None,
    position: int | None,
    name: str | None,
    unread: int,
    now: datetime,
) -> Row:
    since = row.queued_at
    trace = (handoff.card.get("emotion_trace") or []) if handoff is not None else []
    text = " ".join(last.text.split()) if last is not None else ""
    return Row(
        id=row.id,
        status=row.status,
        language=row.language,
        shopper_name=row.shopper.get("name"),
        waiting_since=since,
        waited_seconds=max(0, int((now - since).total_seconds())) if since else None,
        position=position,
        reasons=[str(each["code"]) for each in handoff.reasons] if handoff else [],
        emotion=trace[-1] if trace else None,
        last_text=text[:PREVIEW],
        last_at=last.created_at if last is not None else None,
        agent_name=name,
        unread=unread,
    )


async def _last_messages(
    session: AsyncSession, rows: Sequence[Conversation]
) -> dict[UUID, Message]:
    """The shopper's newest message of each conversation."""
    wanted = [row.id for row in rows]
    if not wanted:
        return {}
    newest = (
        select(Message.conversation_id, func.max(Message.seq).label("seq"))
        .where(Message.conversation_id.in_(wanted), Message.actor == "shopper")
        .group_by(Message.conversation_id)
        .subquery()
    )
    found = await session.scalars(
        select(Message).join(
            newest,
            (newest.c.conversation_id == Message.conversation_id)
            & (newest.c.seq == Message.seq),
        )
    )
    return {row.conversation_id: row for row in found}


async def _unread(
    session: AsyncSession, own: Iterable[Conversation]
) -> dict[UUID, int]:
    """How many messages of the shopper nobody has answered yet."""
    wanted = [row.id for row in own]
    if not wanted:
        return {}
    found = await session.execute(
        select(Message.conversation_id, func.count())
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Message.conversation_id.in_(wanted),
            Message.actor == "shopper",
            Message.seq > Conversation.answered_seq,
        )
        .group_by(Message.conversation_id)
    )
    return {row[0]: row[1] for row in found}


async def _newest_handoff(
    session: AsyncSession, conversation_id: UUID
) -> Handoff | None:
    found: Handoff | None = await session.scalar(
        select(Handoff)
        .where(Handoff.conversation_id == conversation_id)
        .order_by(Handoff.requested_at.desc())
        .limit(1)
    )
    return found
