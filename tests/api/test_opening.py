"""Whether a waiting shopper may expect a person now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from api.opening import is_staffed
from handoff.hours import read_hours
from handoff.presence import AgentState, MemoryPresence

WEEK = {
    day: ["09:00-21:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
}
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
NIGHT = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)  # 02:00 in Shanghai


@pytest.fixture
def desk():
    week = read_hours(timezone="Asia/Shanghai", weekly=WEEK, holidays=())
    return SimpleNamespace(opening_hours=week, presence=MemoryPresence())


async def sits_down(desk, *, state, now):
    await desk.presence.beat(uuid4(), state=state, now=now, lease=timedelta(seconds=45))


class TestIsStaffed:
    async def test_by_the_clock(self, desk):
        assert await is_staffed(desk, now=NOON)
        assert not await is_staffed(desk, now=NIGHT)

    async def test_an_agent_at_night_counts_as_open(self, desk):
        await sits_down(desk, state=AgentState.AVAILABLE, now=NIGHT)
        assert await is_staffed(desk, now=NIGHT)

    async def test_an_agent_who_is_away_or_gone_does_not(self, desk):
        await sits_down(desk, state=AgentState.AWAY, now=NIGHT)
        assert not await is_staffed(desk, now=NIGHT)
        await sits_down(desk, state=AgentState.AVAILABLE, now=NIGHT)
        assert not await is_staffed(desk, now=NIGHT + timedelta(minutes=5))
