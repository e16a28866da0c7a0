from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from handoff.models import Conversation, Handoff, Rating, new_id
from tests.people import ALICE, NOON, new_conversation


async def test_times_come_back_aware_and_in_utc_whatever_zone_they_had(session):
    shanghai = timezone(timedelta(hours=8))
    conversation = await new_conversation(session, now=NOON.astimezone(shanghai))
    session.expunge_all()

    row = await session.get(Conversation, conversation.id)

    assert row.created_at == NOON
    assert row.created_at.utcoffset() == timedelta(0)


async def test_a_time_without_a_zone_is_refused(session):
    with pytest.raises(StatementError, match="without a zone"):
        await new_conversation(session, now=datetime(2026, 3, 3))  # noqa: DTZ001


async def test_only_an_assigned_conversation_can_have_an_agent(session):
    conversation = await new_conversation(session)
    conversation.agent_id = ALICE

    with pytest.raises(IntegrityError):
        await session.flush()


async def test_nobody_can_wait_without_a_time(session):
    conversation = await new_conversation(session)
    conversation.status = "queued"

    with pytest.raises(IntegrityError):
        await session.flush()


async def test_a_conversation_has_one_open_request_at_most(session):
    conversation = await new_conversation(session)
    for _ in range(2):
        session.add(
            Handoff(
                conversation_id=conversation.id, reasons=[], card={}, requested_at=NOON
            )
        )

    with pytest.raises(IntegrityError):
        await session.flush()


async def test_stars_outside_one_to_five_are_refused_by_the_database_itself(session):
    conversation = await new_conversation(session)
    session.add(
        Rating(
            conversation_id=conversation.id, stars=6, created_at=NOON, updated_at=NOON
        )
    )

    with pytest.raises(DBAPIError):
        await session.flush()


async def test_json_keeps_nested_values_and_chinese(session):
    conversation = await new_conversation(session)
    conversation.shopper = {"name": "小明", "tags": ["vip", {"since": 2020}]}
    await session.flush()
    session.expunge_all()

    row = await session.scalar(select(Conversation))

    assert row.shopper == {"name": "小明", "tags": ["vip", {"since": 2020}]}


def test_ids_sort_by_the_time_they_were_made():
    ids = [new_id() for _ in range(100)]

    assert sorted(ids) == ids
    assert len(set(ids)) == 100
