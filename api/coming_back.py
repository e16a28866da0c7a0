"""Decides what a word after the end does: the settled case goes on, with whoever had it, if it is not too old."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.models import Staff
from api.agents import notice, told
from api.announce import announce, announce_queue
from api.desk import Desk
from api.drafts import keep_drafts
from api.handing_over import closed_words, promised_by, tier_of, wait_words, zone_of
from api.opening import is_staffed
from api.replies import Draft, Writer
from api.routing import capacity_of
from api.settings import Language
from handoff import (
    capacity,
    cards,
    conversations,
    ownership,
    queue,
    reopening,
    requests,
    waiting,
)
from handoff.decisions import Reason
from handoff.errors import AlreadyClaimed, AtCapacity, ConversationEnded, IllegalMove
from handoff.forecasting import Forecast
from handoff.lifecycle import ENDED, Actor
from handoff.models import Conversation
from handoff.presence import AgentState
from handoff.priority import HeadStart, Standing, head_start
from handoff.reopening import Reopened
from knowledge_base.languages import is_language


@dataclass(frozen=True, kw_only=True)
class Returning:
    """What was found out before the transaction: it asks other systems."""

    ahead: HeadStart
    #: who settled it, if they are at their desk with room for it
    host: Staff | None
    order_facts: Mapping[str, Any] | None
    verified_how: str | None
    skill: str | None
    is_staffed: bool
    zone: ZoneInfo


def reopen_window(desk: Desk) -> timedelta:
    return timedelta(days=desk.settings.handoff.reopen_days)


def still_reopens(desk: Desk, row: Conversation) -> datetime | None:
    """Until when a word goes on with this case; None when it would be refused."""
    until = reopening.reopens_until(row, within=reopen_window(desk))
    return until if until is not None and until >= desk.clock() else None


async def prepare(desk: Desk, conversation_id: UUID, *, text: str) -> Returning:
    """Gather what needs no transaction, or raise ConversationEnded: it is too old."""
    now = desk.clock()
    async with desk.database.reading() as session:
        row = await conversations.get(session, conversation_id)
        if row.status in ENDED and still_reopens(desk, row) is None:
            raise ConversationEnded
        earlier = await requests.count(session, conversation_id)
    facts = await desk.order_facts(conversation_id)
    return Returning(
        ahead=head_start(
            Standing(text=text, tier=tier_of(desk, row), earlier_requests=earlier),
            desk.settings.handoff.priority_minutes.model_dump(),
            valuable_order=desk.settings.handoff.valuable_order,
        ),
        host=await _host(desk, row),
        order_facts=facts.order if facts else None,
        verified_how=facts.how if facts else None,
        skill=row.skill,
        is_staffed=await is_staffed(desk, skill=row.skill, now=now),
        zone=zone_of(desk, row),
    )


async def _host(desk: Desk, row: Conversation) -> Staff | None:
    """Whoever had it last, if they are available and have room."""
    here = {
        each.agent_id
        for each in await desk.presence.present(now=desk.clock()) or ()
        if each.state == AgentState.AVAILABLE
    }
    async with desk.database.reading() as session:
        last = await ownership.last_agent(session, row.id)
        person = await session.get(Staff, last) if last in here else None
        if person is None or person.disabled_at is not None:
            return None
        has = await capacity.load(session, person.id)
    return (
        person
        if not has or has + row.weight <= capacity_of(desk.settings, person)
        else None
    )


async def reopen(
    desk: Desk,
    session: AsyncSession,
    conversation_id: UUID,
    returning: Returning | None,
) -> Reopened | None:
    """Open the case again in this transaction; None if nobody returns, or it goes on."""
    if returning is None:
        return None
    return await reopening.reopen(
        session,
        conversation_id,
        within=reopen_window(desk),
        priority_minutes=returning.ahead.minutes,
        now=desk.clock(),
    )


def _reason(reopened: Reopened) -> Reason:
    settled_as = reopened.settled.disposition
    evidence = {"times": reopened.conversation.reopened, "disposition": settled_as}
    return Reason(code="reopened", evidence=evidence)


async def ask_again(
    desk: Desk, session: AsyncSession, reopened: Reopened, returning: Returning
) -> None:
    """After the shopper's word: the request with its card, and what happens next."""
    now = desk.clock()
    row = reopened.conversation
    reason = _reason(reopened)
    card = await cards.gather(
        session,
        row.id,
        reasons=(reason,),
        order_facts=returning.order_facts,
        verified_how=returning.verified_how,
        after_seq=reopened.after_seq,
        now=now,
    )
    handoff = await queue.note_request(
        session,
        row,
        reasons=[reason.as_json()],
        card=card | {"settled": reopened.settled.as_json()},
        priority=returning.ahead.as_json(),
        now=now,
    )
    soon = await waiting.forecast(
        session,
        position=handoff.position,
        now=now,
        default=desk.settings.handoff.forecast_default_seconds,
        skill=row.skill,
    )
    if returning.is_staffed:
        handoff.said_low, handoff.said_high = soon.low, soon.high
    else:
        handoff.promised_by = promised_by(desk, skill=row.skill, now=now)
    words = await _writer(desk, session, row.id)
    said = _told(desk, words, returning, position=handoff.position, soon=soon)
    await keep_drafts(session, row.id, [_notice(said)], turn_id=None, now=now)
    desk.metrics.handoffs.labels(reason=reason.code).inc()


def _told(
    desk: Desk, words: Writer, returning: Returning, *, position: int, soon: Forecast
) -> list[Draft]:
    """That it is open again, and when somebody answers unless that is at once."""
    said = [words.say("reopened")]
    if not returning.is_staffed:
        closed = closed_words(
            desk,
            words,
            skill=returning.skill,
            zone=returning.zone,
            now=desk.clock(),
        )
        said.append(closed)
    elif returning.host is None:
        said.append(wait_words(words, position=position, soon=soon))
    return said


async def _writer(desk: Desk, session: AsyncSession, conversation_id: UUID) -> Writer:
    row = await conversations.get(session, conversation_id)
    default: Language = desk.settings.languages.default
    return Writer(
        words=desk.words,
        searcher=desk.searcher,
        language=row.language if is_language(row.language) else default,
        tone="plain",
        question="",
        said=[],
    )


def _notice(said: list[Draft]) -> Draft:
    return Draft(
        text="\n".join(each.text for each in said),
        language=said[0].language,
        actor=Actor.SYSTEM,
        kind="notice",
        meta={"say": said[0].meta["say"], "key": "reopened"},
    )


async def welcome(desk: Desk, reopened: Reopened, returning: Returning) -> None:
    """After the commit: the line knows, and whoever had the case gets it back."""
    row = reopened.conversation
    await desk.line.add(row.id, rank_at=row.queue_rank_at or desk.clock())
    announce(desk, row.id, "messages", "status")
    announce_queue(desk)
    if returning.host is not None:
        # Taken or filled up meanwhile: the place in the line holds.
        with suppress(AlreadyClaimed, AtCapacity, IllegalMove):
            await _give_back(desk, row.id, returning.host)


async def _give_back(desk: Desk, conversation_id: UUID, host: Staff) -> None:
    async with desk.database.writing() as session:
        await queue.claim(
            session,
            conversation_id,
            agent_id=host.id,
            capacity=capacity_of(desk.settings, host),
            now=desk.clock(),
        )
        await notice(desk, session, conversation_id, "agent_joined", name=host.name)
    await told(desk, conversation_id, left_line=True)
