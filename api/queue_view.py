"""Decides what a list of conversations shows agents: who, why, how long, and which promise runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.staff import StaffMember
from api.desk import Desk
from api.presence import MyPresence, my_presence
from api.settings import Settings
from api.views import agent_names
from api.whispers import Whisper, whispers_to
from handoff import ownership, requests, sla, waiting
from handoff.models import Conversation, Handoff, Message
from handoff.sla import Promises, SlaPolicy

PREVIEW = 140


class SlaView(BaseModel):
    """The promise that is nearest to breaking, or was broken first."""

    model_config = ConfigDict(frozen=True)

    clock: str
    due_at: datetime
    level: str
    #: from here on it is near to breaking
    soon_at: datetime
    left_seconds: int


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
    last_pictures: int = 0
    last_at: datetime | None
    agent_name: str | None
    unread: int
    tier: str = "standard"
    skill: str | None = None
    weight: int = 1
    #: [{code, minutes}]: why it stands ahead of the clock
    priority: list[dict[str, Any]] = []
    promised_by: datetime | None = None
    sla: SlaView | None = None
    #: what a supervisor whispered last to whoever has it
    whisper: Whisper | None = None


class QueueView(BaseModel):
    waiting: list[Row]
    mine: list[Row]
    me: MyPresence | None = None


def sla_policy(settings: Settings) -> SlaPolicy:
    return SlaPolicy(
        tiers={
            tier: Promises(
                first=timedelta(seconds=each.first_seconds),
                next=timedelta(seconds=each.next_seconds),
                resolution=timedelta(seconds=each.resolution_seconds),
            )
            for tier, each in settings.handoff.sla.items()
        },
        warn_share=settings.handoff.sla_warn_share,
    )


async def queue_view(desk: Desk, member: StaffMember) -> QueueView:
    """Who waits, first in front, and what this agent has."""
    now = desk.clock()
    me = await my_presence(desk, member)
    async with desk.database.reading() as session:
        line = await waiting.waiting(session)
        own = await ownership.mine(session, member.id)
        everyone = [each.conversation for each in line] + own
        lasts = await _last_messages(session, everyone)
        asked = {each.conversation.id: each.handoff for each in line}
        asked |= await requests.open_of(session, [row.id for row in own])
        names = await agent_names(session, (row.agent_id for row in own))
        unread = await _unread(session, own)
        owed = await sla.owed_since(session, asked)
        heard = await whispers_to(session, member.id, own)
    places = {each.conversation.id: each.position for each in line}
    policy = sla_policy(desk.settings)

    def shown(row: Conversation) -> Row:
        handoff = asked.get(row.id)
        return _row(
            row,
            handoff=handoff,
            last=lasts.get(row.id),
            position=places.get(row.id),
            name=names.get(row.agent_id) if row.agent_id else None,
            unread=unread.get(row.id, 0),
            running=nearest(row, handoff, owed.get(row.id), policy=policy, now=now),
            now=now,
        ).model_copy(update={"whisper": heard.get(row.id)})

    return QueueView(
        waiting=[shown(each.conversation) for each in line],
        mine=[shown(row) for row in own],
        me=me,
    )


def nearest(
    row: Conversation,
    handoff: Handoff | None,
    owed_since: datetime | None,
    *,
    policy: SlaPolicy,
    now: datetime,
) -> SlaView | None:
    """The running promise to look at: of one that is answered, none but a near end."""
    if handoff is None:
        return None
    running = sla.clocks(
        handoff, tier=row.tier, owed_since=owed_since, policy=policy, now=now
    )
    for clock in running:
        if clock.name == "resolution" and clock.level is sla.Level.FINE:
            continue
        return SlaView(
            clock=clock.name,
            due_at=clock.due_at,
            level=clock.level.value,
            soon_at=clock.since + (clock.due_at - clock.since) * policy.warn_share,
            left_seconds=int((clock.due_at - now).total_seconds()),
        )
    return None


def _row(
    row: Conversation,
    *,
    handoff: Handoff | None,
    last: Message | None,
    position: int | None,
    name: str | None,
    unread: int,
    running: SlaView | None,
    now: datetime,
) -> Row:
    since = row.queued_at
    trace = (handoff.card.get("emotion_trace") or []) if handoff is not None else []
    text = " ".join(last.text.split()) if last is not None else ""
    pictures = len(last.meta.get("pictures") or ()) if last is not None else 0
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
        last_pictures=pictures,
        last_at=last.created_at if last is not None else None,
        agent_name=name,
        unread=unread,
        tier=row.tier,
        skill=row.skill,
        weight=row.weight,
        priority=list(handoff.priority) if handoff is not None else [],
        promised_by=handoff.promised_by if handoff is not None else None,
        sla=running,
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
