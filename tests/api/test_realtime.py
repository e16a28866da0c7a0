"""The bell: who hears it, what is lost, and the one suite that every broker passes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from api.errors import RateLimited
from api.limits import Limiter, Rate
from api.realtime.broker import Broker, MemoryBroker, MemoryBus, RedisBroker
from api.realtime.hub import DESK, Hub, Lagging
from api.realtime.rings import Ring
from api.redis_client import Redis, connect
from tests.api.waiting import until


def ring(**more: Any) -> Ring:
    return Ring(kind="messages", conversation_id=uuid4(), **more)


def without_checks(rings: list[Ring]) -> list[Ring]:
    return [each for each in rings if each.kind != "check"]


class TestHub:
    async def test_only_those_who_listen_to_it_hear_it(self):
        hub, one = Hub(), ring()
        with hub.listen(one.conversation_id) as near, hub.listen(uuid4()) as far:
            hub.ring(one)
            assert await near.next(within=0.1) == one
            assert await far.next(within=0.01) is None

    async def test_equal_rings_in_a_row_are_one(self):
        hub, one = Hub(), ring()
        with hub.listen(one.conversation_id) as listener:
            for _ in range(1000):
                hub.ring(one)
            assert await listener.next(within=0.1) == one
            assert await listener.next(within=0.01) is None

    async def test_who_does_not_keep_up_is_cut_off_and_nobody_waits(self):
        hub = Hub(backlog=4)
        topic = uuid4()
        with hub.listen(topic) as slow, hub.listen(topic) as quick:
            for n in range(6):
                hub.ring(Ring(kind="typing", conversation_id=topic, detail=str(n)))
                assert (await quick.next(within=0.1)).detail == str(n)
            with pytest.raises(Lagging):
                await slow.next(within=0.1)

    async def test_the_queues_bell_is_for_agents(self):
        hub = Hub()
        with hub.listen(DESK) as agent, hub.listen(uuid4()) as shopper:
            hub.ring(Ring(kind="queue"))
            assert (await agent.next(within=0.1)).kind == "queue"
            assert await shopper.next(within=0.01) is None

    async def test_a_check_is_for_everybody(self):
        hub = Hub()
        with hub.listen(uuid4()) as one, hub.listen(DESK) as two:
            hub.ring(Ring(kind="check"))
            assert (await one.next(within=0.1)).kind == "check"
            assert (await two.next(within=0.1)).kind == "check"

    async def test_nothing_is_kept_of_those_who_left(self):
        hub = Hub()
        with hub.listen(uuid4(), uuid4()):
            assert hub.count() == 1
        assert hub.count() == 0
        assert not hub._listeners


BOTH = ["memory", pytest.param("redis", marks=pytest.mark.redis)]


@pytest.fixture(params=BOTH)
async def brokers(
    request: pytest.FixtureRequest,
) -> AsyncIterator[tuple[Broker, Broker]]:
    """Two processes' brokers on the same bus."""
    if request.param == "memory":
        bus = MemoryBus()
        yield MemoryBroker(bus), MemoryBroker(bus)
        return
    clients = [connect(request.getfixturevalue("redis_url")) for _ in range(2)]
    yield RedisBroker(clients[0]), RedisBroker(clients[1])
    for client in clients:
        await client.aclose()


class TestEveryBroker:
    async def test_the_other_process_hears_and_the_own_does_not(
        self, brokers: tuple[Broker, Broker]
    ):
        here: list[Ring] = []
        there: list[Ring] = []
        mine, other = brokers
        await mine.start(here.append)
        await other.start(there.append)
        assert mine.is_healthy
        sent = [ring(detail=str(n)) for n in range(50)]
        for each in sent:
            mine.publish(each)
        await until(lambda: len(without_checks(there)) == len(sent))

        assert without_checks(there) == sent
        assert without_checks(here) == []
        await mine.close()
        await other.close()

    async def test_after_closing_nothing_is_heard(self, brokers: tuple[Broker, Broker]):
        heard: list[Ring] = []
        mine, other = brokers
        await mine.start(lambda _: None)
        await other.start(heard.append)
        await other.close()
        heard.clear()
        mine.publish(ring())
        await asyncio.sleep(0.1)
        assert heard == []
        await mine.close()

    async def test_publishing_never_waits(self, brokers: tuple[Broker, Broker]):
        mine, _ = brokers
        for _ in range(20_000):
            mine.publish(ring())


@pytest.mark.redis
class TestRedisBroker:
    async def test_a_broken_connection_is_followed_by_a_check(self, redis_url: str):
        client, killer = connect(redis_url), connect(redis_url)
        heard: list[Ring] = []
        broker = RedisBroker(client)
        await broker.start(heard.append)
        heard.clear()
        await killer.client_kill_filter(_type="pubsub")
        await until(lambda: any(each.kind == "check" for each in heard))
        await broker.close()
        await client.aclose()
        await killer.aclose()

    async def test_without_redis_it_says_so_and_does_not_fail(self):
        broker = RedisBroker(connect("redis://127.0.0.1:1/0"))
        await broker.start(lambda _: None)
        broker.publish(ring())
        await asyncio.sleep(0.1)
        assert not broker.is_healthy
        await broker.close()


@pytest.fixture(params=BOTH)
async def limiter(request: pytest.FixtureRequest) -> AsyncIterator[Limiter]:
    client: Redis | None = None
    if request.param == "redis":
        client = connect(request.getfixturevalue("redis_url"))
        await client.flushall()
    yield Limiter(client, clock=lambda: 1_000_020.0)
    if client is not None:
        await client.aclose()


class TestLimiter:
    async def test_one_too_many_is_told_when_to_come_back(self, limiter: Limiter):
        rate = Rate(times=3, seconds=60)
        for _ in range(3):
            await limiter.check("x", "sam", rate)
        with pytest.raises(RateLimited) as refused:
            await limiter.check("x", "sam", rate)
        assert refused.value.retry_after == 60 - 1_000_020 % 60
        await limiter.check("x", "lin", rate)

    async def test_a_new_window_starts_anew(self):
        now = 0.0
        limiter = Limiter(None, clock=lambda: now)
        await limiter.check("x", "sam", Rate(times=1, seconds=60))
        now = 61.0
        await limiter.check("x", "sam", Rate(times=1, seconds=60))

    async def test_looking_does_not_count(self, limiter: Limiter):
        rate = Rate(times=1, seconds=60)
        for _ in range(3):
            await limiter.check_only("x", "sam", rate)
        await limiter.count("x", "sam", rate)
        with pytest.raises(RateLimited):
            await limiter.check_only("x", "sam", rate)

    async def test_without_redis_it_counts_for_itself(self):
        limiter = Limiter(connect("redis://127.0.0.1:1/0"))
        rate = Rate(times=1, seconds=3600)
        await limiter.check("x", "sam", rate)
        with pytest.raises(RateLimited):
            await limiter.check("x", "sam", rate)
