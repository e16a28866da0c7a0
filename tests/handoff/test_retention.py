"""What is too old is taken away whole, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from handoff import retention
from handoff.models import AuditEntry, Conversation, HandoffBase, Message
from tests.people import NOON, new_conversation, sam_says, waiting_conversation

LONG_AGO = NOON - timedelta(days=181)
SINCE = NOON - timedelta(days=180)


async def number(session, rows, conversation_id) -> int:
    return await session.scalar(
        select(func.count())
        .select_from(rows)
        .where(rows.conversation_id == conversation_id)
    )


async def test_an_old_conversation_goes_with_everything_said_in_it(session):
    old = await new_conversation(session, now=LONG_AGO)
    await sam_says(session, old.id, now=LONG_AGO)
    assert await number(session, Message, old.id) == 1
    assert await retention.forget(session, untouched_since=SINCE) == [old.id]
    assert await number(session, Message, old.id) == 0
    assert await number(session, AuditEntry, old.id) == 0
    kept = select(Conversation.id).where(Conversation.id == old.id)
    assert await session.scalar(kept) is None


async def test_a_conversation_that_went_on_since_stays(session):
    talk = await new_conversation(session, now=LONG_AGO)
    await sam_says(session, talk.id, now=NOON)
    assert await retention.forget(session, untouched_since=SINCE) == []
    assert await number(session, Message, talk.id) == 1


async def test_who_waits_for_a_person_is_not_forgotten(session):
    waiting = await waiting_conversation(session, now=LONG_AGO)
    assert await retention.forget(session, untouched_since=SINCE) == []
    row = await session.get_one(Conversation, waiting.id)
    assert row.status == "queued"


async def test_no_more_at_once_than_asked_and_the_oldest_first(session):
    ages = [LONG_AGO - timedelta(days=days) for days in (1, 3, 2)]
    talks = [await new_conversation(session, now=age) for age in ages]
    gone = await retention.forget(session, untouched_since=SINCE, limit=2)
    assert gone == [talks[1].id, talks[2].id]


def test_every_table_that_hangs_from_a_conversation_is_reached():
    """A new table with a key to one of ours must not stop the deletion."""
    hanging = {
        table.name for table in HandoffBase.metadata.sorted_tables if table.foreign_keys
    }
    reached = {
        table.name
        for table in HandoffBase.metadata.sorted_tables
        if retention._belongs(table, []) is not None
    }
    assert hanging <= reached
    assert {"conversation", "message", "turn", "handoff"} <= reached
