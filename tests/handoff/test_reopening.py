"""A shopper who comes back: the same case within the shop's days, and never twice."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from handoff import assignments, conversations, queue, reopening
from handoff.errors import ConversationEnded
from handoff.models import AuditEntry, Conversation
from tests.people import (
    ALICE,
    BOB,
    CAPACITY,
    DISPOSITIONS,
    NOON,
    assigned_conversation,
    minutes,
    new_conversation,
    waiting_conversation,
)

WEEK = timedelta(days=7)
LATER = NOON + timedelta(days=2)


async def settled(session, *, agent_id=ALICE):
    spell = await assigned_conversation(session, agent_id=agent_id)
    await assignments.resolve(
        session,
        spell.conversation_id,
        agent_id=agent_id,
        assignment_version=spell.version,
        disposition="refunded",
        dispositions=DISPOSITIONS,
        now=NOON,
    )
    return spell.conversation_id


async def reopen(session, conversation_id, *, now=LATER, within=WEEK, ahead=0):
    return await reopening.reopen(
        session, conversation_id, within=within, priority_minutes=ahead, now=now
    )


async def test_the_case_waits_again_with_what_was_settled(session):
    case = await settled(session)
    reopened = await reopen(session, case, ahead=5)

    assert reopened is not None
    row = reopened.conversation
    assert (row.status, row.reopened, row.agent_id) == ("queued", 1, None)
    assert (row.disposition, row.resolved_at) == (None, None)
    assert row.queued_at == LATER
    assert row.queue_rank_at == LATER - minutes(5)
    assert reopened.settled.disposition == "refunded"
    assert (reopened.settled.at, reopened.settled.agent_id) == (NOON, ALICE)


async def test_the_fact_says_how_often_and_how_it_was_settled(session):
    case = await settled(session)
    await reopen(session, case)
    await session.flush()

    [fact] = await session.scalars(
        select(AuditEntry).where(
            AuditEntry.conversation_id == case,
            AuditEntry.event == "conversation.reopened",
        )
    )
    assert fact.data == {
        "times": 1,
        "disposition": "refunded",
        "settled_at": NOON.isoformat(),
        "agent_id": str(ALICE),
    }


@pytest.mark.parametrize(
    ("now", "within"),
    [
        (NOON + WEEK + timedelta(seconds=1), WEEK),
        (LATER, timedelta(0)),
    ],
)
async def test_after_the_days_or_without_any_it_has_ended(session, now, within):
    case = await settled(session)

    with pytest.raises(ConversationEnded):
        await reopen(session, case, now=now, within=within)
    assert (await conversations.get(session, case)).status == "resolved"


async def test_the_last_moment_still_counts(session):
    case = await settled(session)

    assert await reopen(session, case, now=NOON + WEEK) is not None


async def test_who_left_the_line_has_settled_nothing_to_go_on_from(session):
    conversation = await waiting_conversation(session)
    await queue.abandon(session, conversation.id, now=NOON)

    with pytest.raises(ConversationEnded):
        await reopen(session, conversation.id)


async def test_a_case_that_goes_on_is_left_alone(session):
    conversation = await new_conversation(session)

    assert await reopen(session, conversation.id) is None
    assert (await conversations.get(session, conversation.id)).status == "bot"


async def test_whoever_settled_it_after_a_transfer_is_asked_first(session):
    spell = await assigned_conversation(session, agent_id=ALICE)
    passed = await assignments.transfer(
        session,
        spell.conversation_id,
        agent_id=ALICE,
        to_agent_id=BOB,
        capacity=CAPACITY,
        assignment_version=spell.version,
        now=NOON,
    )
    await assignments.resolve(
        session,
        spell.conversation_id,
        agent_id=BOB,
        assignment_version=passed.version,
        disposition="solved",
        dispositions=DISPOSITIONS,
        now=NOON,
    )
    reopened = await reopen(session, spell.conversation_id)

    assert reopened is not None
    assert reopened.conversation.last_agent_id == BOB
    assert reopened.settled.agent_id == BOB


async def test_the_old_agent_cannot_speak_with_the_old_assignment(session):
    spell = await assigned_conversation(session)
    await assignments.resolve(
        session,
        spell.conversation_id,
        agent_id=ALICE,
        assignment_version=spell.version,
        disposition="solved",
        dispositions=DISPOSITIONS,
        now=NOON,
    )
    await reopen(session, spell.conversation_id)
    again = await queue.claim(
        session, spell.conversation_id, agent_id=ALICE, capacity=CAPACITY, now=LATER
    )

    assert again.version == spell.version + 1


async def test_two_words_at_once_reopen_it_once(sessions):
    async with sessions.begin() as session:
        case = await settled(session)

    async def come_back():
        async with sessions.begin() as session:
            return await reopen(session, case)

    both = await asyncio.gather(come_back(), come_back())

    assert [each is None for each in both].count(True) == 1
    async with sessions() as session:
        row = await session.get(Conversation, case)
        assert row.reopened == 1
