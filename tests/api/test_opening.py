"""Whether a waiting shopper may expect a person now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import select

from api.accounts.models import Staff
from api.opening import is_staffed
from api.wiring import opening_hours
from handoff.hours import read_hours
from handoff.presence import AgentState, MemoryPresence
from tests.api.people import Shopper, hire
from tests.fakes import ANSWER

WEEK = {
    day: ["09:00-21:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
}
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # 02:00 in Shanghai


async def sits_down(desk, *, state, now):
    await desk.presence.beat(uuid4(), state=state, now=now, lease=timedelta(seconds=45))


class TestIsStaffed:
    @pytest.fixture
    def desk(self):
        week = read_hours(timezone="Asia/Shanghai", weekly=WEEK, holidays=())
        return SimpleNamespace(opening_hours=week, presence=MemoryPresence())

    async def test_by_the_clock(self, desk):
        assert await is_staffed(desk, skill=None, now=NOON)
        assert not await is_staffed(desk, skill=None, now=NIGHT)

    async def test_an_agent_at_night_counts_as_open(self, desk):
        await sits_down(desk, state=AgentState.AVAILABLE, now=NIGHT)
        assert await is_staffed(desk, skill=None, now=NIGHT)

    async def test_an_agent_who_is_away_or_gone_does_not(self, desk):
        await sits_down(desk, state=AgentState.AWAY, now=NIGHT)
        assert not await is_staffed(desk, skill=None, now=NIGHT)
        await sits_down(desk, state=AgentState.AVAILABLE, now=NIGHT)
        assert not await is_staffed(desk, skill=None, now=NIGHT + timedelta(minutes=5))


OWN = {"wed": ["10:00-12:00"]}


class TestASkillWithHoursOfItsOwn:
    @pytest.fixture
    def refunds(self, desk):
        """On Tuesday noon, when the desk is open, those for refunds are not."""
        own = read_hours(timezone="Asia/Shanghai", weekly=OWN, holidays=())
        desk.opening_hours = replace(desk.opening_hours, skills={"refunds": own})
        return desk

    async def test_keeps_them_although_the_desk_is_open(self, refunds):
        now = refunds.clock()
        assert await is_staffed(refunds, skill=None, now=now)
        assert await is_staffed(refunds, skill="complaints", now=now)
        assert not await is_staffed(refunds, skill="refunds", now=now)

    async def test_only_somebody_with_the_skill_counts_as_open(self, refunds):
        now = refunds.clock()
        for login, skills in (("bob", []), ("ann", ["refunds"])):
            await hire(refunds, login, "agent")
            async with refunds.database.writing() as session:
                person = await session.scalar(select(Staff).where(Staff.login == login))
                person.skills = skills
                agent_id = person.id
            await refunds.presence.beat(
                agent_id, state=AgentState.AVAILABLE, now=now, lease=timedelta(hours=1)
            )
            seen = await is_staffed(refunds, skill="refunds", now=now)
            assert seen is bool(skills)

    async def test_the_shopper_is_told_when_those_open(self, refunds, http, bot):
        sam = await Shopper.open(http, language="en")
        bot.reply = ANSWER | {"intent": {"name": "refund_status", "confidence": 0.9}}
        await sam.say("Where is my refund?")
        turn = await sam.say("I want to talk to a real person")
        told = turn["replies"][-1]["text"]
        assert "we open at Wed 03-04 10:00 (UTC+08)" in told
        assert "reply by Wed 03-04 12:00 (UTC+08)" in told
        found = (await sam.read())["handoff"]
        assert found["opens_at"] == "2026-03-04T02:00:00Z"
        assert found["wait_seconds"] is None

    def test_is_read_from_the_file_with_the_holidays_of_the_desk(self, settings):
        own = {"weekly": OWN}
        hours = settings.hours.model_validate(
            settings.hours.model_dump() | {"holidays": ["CN"], "skills": {"a": own}}
        )
        read = opening_hours(settings.model_copy(update={"hours": hours}))
        assert read.of("a").week[2]
        assert read.of("a").week[0] == ()
        assert read.of("a").holidays == frozenset({"CN"})
        assert read.of("b") is read.of(None) is read
