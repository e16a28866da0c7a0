"""One contract for both lines: the Redis one and its twin in memory."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from handoff import line as lines
from handoff.line import MemoryLine, RedisLine, Repair, compare
from tests.people import NOON, minutes, seconds


@pytest.fixture(
    params=["memory", pytest.param("redis", marks=pytest.mark.redis)],
)
async def line(request):
    if request.param == "memory":
        yield MemoryLine()
        return
    async with Redis.from_url(request.getfixturevalue("redis_url")) as client:
        yield RedisLine(client)


async def test_the_earliest_rank_comes_first(line):
    ids = {minute: uuid4() for minute in (5, 1, 3)}
    for minute, conversation_id in ids.items():
        await line.add(conversation_id, rank_at=NOON + minutes(minute))

    assert await line.head(10) == [ids[1], ids[3], ids[5]]
    assert await line.head(2) == [ids[1], ids[3]]
    assert [await line.position(ids[m]) for m in (1, 3, 5)] == [1, 2, 3]


async def test_equal_ranks_are_ordered_by_id(line):
    ids = sorted((uuid4() for _ in range(8)), key=str)
    for conversation_id in reversed(ids):
        await line.add(conversation_id, rank_at=NOON)

    assert await line.head(8) == ids


async def test_adding_again_moves_and_does_not_double(line):
    one, two = UUID(int=1), UUID(int=2)
    await line.add(one, rank_at=NOON)
    await line.add(two, rank_at=NOON + seconds(1))
    await line.add(one, rank_at=NOON + seconds(2))

    assert await line.head(10) == [two, one]


async def test_who_left_has_no_place_and_leaving_twice_is_fine(line):
    one, two = uuid4(), uuid4()
    await line.add(one, rank_at=NOON)
    await line.add(two, rank_at=NOON + seconds(1))
    await line.remove(one)
    await line.remove(one)

    assert await line.position(one) is None
    assert await line.position(two) == 1


async def test_ranks_are_kept_to_the_microsecond(line):
    conversation_id = uuid4()
    moment = NOON.replace(microsecond=123457)
    await line.add(conversation_id, rank_at=moment)

    assert await line.entries() == {conversation_id: moment}


async def test_a_repair_adds_moves_and_removes(line):
    kept, moved, ghost, new = (uuid4() for _ in range(4))
    for conversation_id in (kept, moved, ghost):
        await line.add(conversation_id, rank_at=NOON)
    rows = {kept: NOON, moved: NOON + minutes(1), new: NOON + minutes(2)}

    repair = compare(line=await line.entries(), rows=rows)
    await line.apply(repair)

    assert repair.surplus == {ghost}
    assert set(repair.missing) == {moved, new}
    assert await line.entries() == rows


async def test_an_empty_line_has_nobody_and_says_so(line):
    assert await line.head(5) == []
    assert await line.entries() == {}
    assert await line.position(uuid4()) is None
    await line.apply(Repair())


@pytest.mark.redis
async def test_all_keys_of_the_line_live_on_one_node_of_a_cluster(redis_url):
    async with Redis.from_url(redis_url) as client:
        await RedisLine(client).add(uuid4(), rank_at=NOON)
        keys = await client.keys("*")

    assert keys == [lines.KEY.encode()]
    assert lines.KEY.count("{") == lines.KEY.count("}") == 1


async def test_without_redis_the_line_says_nothing_and_raises_nothing():
    # As the service builds it: a dead Redis is noticed, not waited for.
    async with Redis(port=1, retry=Retry(NoBackoff(), 0)) as client:
        line = RedisLine(client)
        await line.add(uuid4(), rank_at=NOON)
        await line.remove(uuid4())
        await line.apply(Repair(missing={uuid4(): NOON}, surplus=frozenset({uuid4()})))

        assert await line.position(uuid4()) is None
        assert await line.head(5) is None
        assert await line.entries() is None
