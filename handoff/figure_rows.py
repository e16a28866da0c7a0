"""Which rows the supervisor's figures are counted from, by period and filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.figures import DURABLE_AFTER, Request, Talk
from handoff.lifecycle import ENDED
from handoff.models import Assignment, Conversation, Feedback, Handoff, Turn

#: the newest so many rows of a period are counted; more would make the desk wait
MOST_ROWS = 20_000


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which part of the history is looked at; `until` itself is outside."""

    since: datetime
    until: datetime
    language: str | None = None
    skill: str | None = None
    agent_id: UUID | None = None

    def before(self) -> Asked:
        """The same question about the same length of time just before."""
        return Asked(
            since=self.since - (self.until - self.since),
            until=self.since,
            language=self.language,
            skill=self.skill,
            agent_id=self.agent_id,
        )


@dataclass(frozen=True, kw_only=True)
class Spell:
    agent_id: UUID
    started_at: datetime
    ended_at: datetime | None

    def holds(self, moment: datetime) -> bool:
        return self.started_at <= moment and (
            self.ended_at is None or moment <= self.ended_at
        )


async def talks(session: AsyncSession, asked: Asked) -> list[Talk]:
    """Conversations that began in the period; skill and agent say nothing of the bot's."""
    chosen = [
        Conversation.created_at >= asked.since,
        Conversation.created_at < asked.until,
        *in_language(asked),
    ]
    rows = await _talk_rows(session, chosen)
    first = await _first_asked(session, chosen)
    verdicts = await _verdicts(session, chosen)
    followed, customers = await _comebacks(session, asked)
    found = []
    for id_, began, last, status, shopper, has_bot in rows:
        backs = [at for at in (followed.get(id_),) if at is not None]
        customer = shopper.get("customer_id")
        backs += [at for at in customers.get(customer, ()) if at > began][:1]
        found.append(
            Talk(
                began_at=began,
                last_at=last,
                with_bot=has_bot,
                is_ended=status in ENDED,
                asked_at=first.get(id_),
                came_back_at=min(backs, default=None),
                helpful=verdicts.get((id_, True), 0),
                unhelpful=verdicts.get((id_, False), 0),
            )
        )
    return found


async def _talk_rows(
    session: AsyncSession, chosen: Iterable[ColumnElement[bool]]
) -> Sequence[Any]:
    with_bot = (
        select(Turn.id)
        .where(Turn.conversation_id == Conversation.id, Turn.state == "answered")
        .exists()
    )
    rows = await session.execute(
        select(
            Conversation.id,
            Conversation.created_at,
            Conversation.updated_at,
            Conversation.status,
            Conversation.shopper,
            with_bot,
        )
        .where(*chosen)
        .order_by(Conversation.created_at.desc())
        .limit(MOST_ROWS)
    )
    return rows.all()


async def _first_asked(
    session: AsyncSession, chosen: Iterable[ColumnElement[bool]]
) -> dict[UUID, datetime]:
    rows = await session.execute(
        select(Handoff.conversation_id, func.min(Handoff.requested_at))
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(*chosen)
        .group_by(Handoff.conversation_id)
    )
    return {row[0]: row[1] for row in rows}


async def _verdicts(
    session: AsyncSession, chosen: Iterable[ColumnElement[bool]]
) -> dict[tuple[UUID, bool], int]:
    rows = await session.execute(
        select(Feedback.conversation_id, Feedback.helpful, func.count())
        .join(Conversation, Conversation.id == Feedback.conversation_id)
        .where(*chosen)
        .group_by(Feedback.conversation_id, Feedback.helpful)
    )
    return {(row[0], row[1]): row[2] for row in rows}


async def _comebacks(
    session: AsyncSession, asked: Asked
) -> tuple[dict[UUID, datetime], dict[Any, list[datetime]]]:
    """When somebody came back: by the conversation gone on from, and by customer."""
    rows = await session.execute(
        select(Conversation.follows_id, Conversation.shopper, Conversation.created_at)
        .where(
            Conversation.created_at >= asked.since,
            Conversation.created_at < asked.until + 2 * DURABLE_AFTER,
        )
        .order_by(Conversation.created_at)
        .limit(2 * MOST_ROWS)
    )
    followed: dict[UUID, datetime] = {}
    customers: dict[Any, list[datetime]] = {}
    for follows, shopper, began in rows.all():
        if follows is not None:
            followed.setdefault(follows, began)
        if customer := shopper.get("customer_id"):
            customers.setdefault(customer, []).append(began)
    return followed, customers


async def requests(session: AsyncSession, asked: Asked) -> list[Request]:
    """Requests for a person made in the period, with who did what about each."""
    chosen = [
        Handoff.requested_at >= asked.since,
        Handoff.requested_at < asked.until,
        *in_language(asked),
        *of_skill(asked),
    ]
    rows = await _request_rows(session, chosen)
    spells = await _spells(session, chosen)
    again = await _asked_again(session, asked)
    return [
        Request(
            requested_at=at,
            reasons=tuple(str(each["code"]) for each in reasons),
            skill=skill,
            word_at=word,
            word_by=_holder(spells.get(id_, ()), word),
            answer_at=answer,
            answer_by=_holder(spells.get(id_, ()), answer),
            ended_at=ended,
            outcome=outcome,
            ended_by=_holder(spells.get(id_, ()), ended),
            again_at=next((then for then in again.get(id_, ()) if then > at), None),
        )
        for id_, at, reasons, skill, word, answer, ended, outcome in rows
    ]


async def _request_rows(
    session: AsyncSession, chosen: Iterable[ColumnElement[bool]]
) -> Sequence[Any]:
    rows = await session.execute(
        select(
            Handoff.conversation_id,
            Handoff.requested_at,
            Handoff.reasons,
            Conversation.skill,
            Handoff.first_agent_message_at,
            Handoff.first_substantive_at,
            Handoff.ended_at,
            Handoff.outcome,
        )
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(*chosen)
        .order_by(Handoff.requested_at.desc())
        .limit(MOST_ROWS)
    )
    return rows.all()


def _holder(spells: Iterable[Spell], moment: datetime | None) -> UUID | None:
    """Whose conversation it was then; of two at the same instant, the one that ends."""
    if moment is None:
        return None
    return next((each.agent_id for each in spells if each.holds(moment)), None)


async def _spells(
    session: AsyncSession, chosen: Iterable[ColumnElement[bool]]
) -> dict[UUID, list[Spell]]:
    wanted = (
        select(Handoff.conversation_id)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(*chosen)
    )
    rows = await session.execute(
        select(
            Assignment.conversation_id,
            Assignment.agent_id,
            Assignment.started_at,
            Assignment.ended_at,
        )
        .where(Assignment.conversation_id.in_(wanted))
        .order_by(Assignment.conversation_id, Assignment.version)
        .limit(3 * MOST_ROWS)
    )
    found: dict[UUID, list[Spell]] = {}
    for id_, agent, start, end in rows.all():
        spell = Spell(agent_id=agent, started_at=start, ended_at=end)
        found.setdefault(id_, []).append(spell)
    return found


async def _asked_again(
    session: AsyncSession, asked: Asked
) -> dict[UUID, list[datetime]]:
    """All requests from the period on of conversations that have several."""
    rows = await session.execute(
        select(Handoff.conversation_id, Handoff.requested_at)
        .where(Handoff.requested_at >= asked.since)
        .order_by(Handoff.requested_at)
        .limit(3 * MOST_ROWS)
    )
    found: dict[UUID, list[datetime]] = {}
    for id_, at in rows.all():
        found.setdefault(id_, []).append(at)
    return {id_: ats for id_, ats in found.items() if len(ats) > 1}


def in_language(asked: Asked) -> list[ColumnElement[bool]]:
    return [Conversation.language == asked.language] if asked.language else []


def of_skill(asked: Asked) -> list[ColumnElement[bool]]:
    return [Conversation.skill == asked.skill] if asked.skill else []
