"""One contract for both: presence in Redis and its twin in memory."""

from __future__ import annotations

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from handoff.presence import AgentPresence, AgentState, MemoryPresence, RedisPresence
from tests.people import ALICE, BOB, NOON, seconds

LEASE = seconds(45)


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
async def presence(request):
    if request.param == "memory":
        yield MemoryPresence()
        return
    async with Redis.from_url(request.getfixturevalue("redis_url")) as client:
        yield RedisPresence(client)


async def beat(presence, agent_id, *, at=0, **more):
    await presence.beat(agent_id, now=NOON + seconds(at), lease=LEASE, **more)


async def present(presence, *, at=0):
    return [each.agent_id for each in await presence.present(now=NOON + seconds(at))]


async def expired(presence, *agents, at):
    return await presence.expired_agents(agents, now=NOON + seconds(at), lease=LEASE)


async def test_an_agent_is_present_until_the_lease_is_over(presence):
    await beat(presence, ALICE)

    assert await present(presence, at=44) == [ALICE]
    assert await present(presence, at=45) == []


async def test_a_heartbeat_renews_the_lease(presence):
    await beat(presence, ALICE)
    await beat(presence, ALICE, at=40)

    assert await present(presence, at=84) == [ALICE]


async def test_state_and_capacity_stay_as_last_said(presence):
    await beat(presence, ALICE, state=AgentState.AWAY, capacity=3)
    await beat(presence, ALICE, at=10)
    await beat(presence, BOB, at=20, capacity=2)

    assert await presence.present(now=NOON + seconds(20)) == [
        AgentPresence(agent_id=ALICE, state=AgentState.AWAY, capacity=3),
        AgentPresence(agent_id=BOB, state=AgentState.AVAILABLE, capacity=2),
    ]


async def test_who_leaves_is_gone_at_once(presence):
    await beat(presence, ALICE, state=AgentState.AWAY)
    await presence.leave(ALICE)
    await presence.leave(ALICE)

    assert await present(presence) == []


async def test_only_those_who_hold_something_and_fell_silent_have_expired(presence):
    await beat(presence, ALICE)
    await beat(presence, BOB, at=10)

    assert await expired(presence, ALICE, BOB, at=44) == []
    assert await expired(presence, ALICE, BOB, at=50) == [ALICE]
    assert await expired(presence, BOB, at=50) == []
    assert await expired(presence, at=50) == []


async def test_a_blip_shorter_than_the_lease_changes_nothing(presence):
    await beat(presence, ALICE)
    await beat(presence, ALICE, at=30)

    assert await expired(presence, ALICE, at=74) == []


async def test_after_an_emptied_redis_everybody_gets_one_whole_lease(presence):
    """Nobody is thrown out because Redis forgot; but the dead do not stay for ever."""
    assert await expired(presence, ALICE, BOB, at=0) == []
    await beat(presence, BOB, at=20)

    assert await expired(presence, ALICE, BOB, at=44) == []
    assert await expired(presence, ALICE, BOB, at=46) == [ALICE]


async def test_without_redis_nobody_is_judged():
    async with Redis(port=1, retry=Retry(NoBackoff(), 0)) as client:
        presence = RedisPresence(client)
        await beat(presence, ALICE, state=AgentState.AVAILABLE)
        await presence.leave(ALICE)

        assert await presence.present(now=NOON) is None
        assert await expired(presence, ALICE, at=999) == []
