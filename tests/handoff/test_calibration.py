"""Said against actual."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import update

from handoff.calibration import calibration
from handoff.models import Conversation, Handoff
from tests.people import NOON, assigned_conversation, seconds

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def told(session, *, low, high, waited, skill=None, at=NOON):
    spell = await assigned_conversation(session, now=at)
    await session.execute(
        update(Handoff)
        .where(Handoff.conversation_id == spell.conversation_id)
        .values(said_low=low, said_high=high, first_assigned_at=at + seconds(waited))
    )
    await session.execute(
        update(Conversation)
        .where(Conversation.id == spell.conversation_id)
        .values(skill=skill, status="resolved", agent_id=None)
    )


async def test_it_counts_within_sooner_and_later_by_hour_and_skill(session):
    await told(session, low=60, high=180, waited=100, skill="refunds")
    await told(session, low=60, high=180, waited=30)
    await told(session, low=60, high=180, waited=500, at=NOON + timedelta(hours=2))
    await told(session, low=None, high=None, waited=5)  # nothing was said

    rows = await calibration(
        session, since=NOON, until=NOON + timedelta(days=1), zone=SHANGHAI
    )

    whole, first_hour, last_hour, refunds = rows
    assert (whole.hour, whole.skill, whole.told) == (None, None, 3)
    assert (whole.within, whole.sooner, whole.later) == (1, 1, 1)
    assert (first_hour.hour, first_hour.told, last_hour.hour) == (20, 2, 22)
    assert (refunds.skill, refunds.share) == ("refunds", 1.0)


async def test_a_time_without_anybody_has_no_rows(session):
    until = NOON - timedelta(days=7)

    assert await calibration(session, since=until, until=NOON, zone=SHANGHAI) == []
