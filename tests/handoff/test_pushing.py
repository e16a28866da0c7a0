"""Push mode: who is given what, once, and never more than they can hold."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from handoff import assignments, capacity, conversations, pushing
from handoff.lifecycle import Status
from handoff.pushing import Gift, Hand
from handoff.queue import Needs, join
from handoff.routing import RoutingPolicy, Seeker
from tests.people import ALICE, BOB, NOON, REASONS, minutes, new_conversation, seconds

POLICY = RoutingPolicy()


def hand(agent_id: UUID, *, capacity=5, load=0, skills=()) -> Hand:
    seeker = Seeker(agent_id=agent_id, capacity=capacity, skills=frozenset(skills))
    return Hand(seeker=seeker, load=load)


async def waits(session, *, weight=1, skill=None, after=0, last_agent=None) -> UUID:
    row = await new_conversation(session, now=NOON)
    at = NOON + seconds(after)
    needs = Needs(skill=skill, weight=weight)
    await join(session, row.id, reasons=REASONS, card={}, needs=needs, now=at)
    row.last_agent_id = last_agent
    await session.flush()
    return row.id


async def planned(session, *hands, policy=POLICY, at=NOON + minutes(1)):
    gifts = pushing.plan(await pushing.front(session), hands, policy, now=at)
    return [(gift.conversation_id, gift.seeker.agent_id) for gift in gifts]


async def test_whoever_has_most_room_is_given_the_next_one(session):
    first = await waits(session)

    gifts = await planned(session, hand(ALICE, load=3), hand(BOB, load=1))

    assert gifts == [(first, BOB)]


async def test_room_is_counted_by_weight_and_as_it_is_given_away(session):
    heavy = await waits(session, weight=3)
    light = await waits(session, after=1)

    gifts = await planned(session, hand(ALICE, load=1), hand(BOB, load=2))

    # Alice has 4 places free and is left with 1; Bob with 3 is then ahead.
    assert gifts == [(heavy, ALICE), (light, BOB)]


async def test_nobody_is_given_more_than_they_can_hold(session):
    for place in range(4):
        await waits(session, after=place)

    gifts = await planned(session, hand(ALICE, capacity=2), hand(BOB, load=5))

    assert [agent for _, agent in gifts] == [ALICE, ALICE]


async def test_the_heaviest_waits_for_room_and_does_not_stop_the_rest(session):
    await waits(session, weight=3)
    light = await waits(session, after=1)

    assert await planned(session, hand(ALICE, load=4)) == [(light, ALICE)]


async def test_who_has_nothing_is_given_one_of_any_weight(session):
    heavy = await waits(session, weight=9)

    assert await planned(session, hand(ALICE)) == [(heavy, ALICE)]


async def test_the_last_agent_is_asked_first(session):
    known = await waits(session, last_agent=ALICE)

    assert await planned(session, hand(ALICE, load=4), hand(BOB)) == [(known, ALICE)]


async def test_a_missing_skill_is_waited_for_and_then_forgone(session):
    refund = await waits(session, skill="refunds")
    other = hand(ALICE, skills={"complaints"})

    assert await planned(session, other) == []
    later = NOON + POLICY.relax_skill
    assert await planned(session, other, at=later) == [(refund, ALICE)]


async def test_not_back_to_the_silent_agent_during_the_pause(session):
    key = await waits(session)
    given = await pushing.give(session, a_gift(key, ALICE), POLICY, now=NOON)
    assert given is not None
    await assignments.release(
        session,
        key,
        agent_id=ALICE,
        assignment_version=given.version,
        how="silent",
        pause=minutes(2),
        now=NOON,
    )

    assert await planned(session, hand(ALICE)) == []
    # A plan made before the silence was known is looked at again.
    soon = NOON + minutes(1)
    assert await pushing.give(session, a_gift(key, ALICE), POLICY, now=soon) is None
    assert await planned(session, hand(ALICE), hand(BOB, load=4)) == [(key, BOB)]


def a_gift(conversation_id: UUID, agent_id: UUID, *, capacity=5) -> Gift:
    seeker = Seeker(agent_id=agent_id, capacity=capacity)
    return Gift(conversation_id=conversation_id, weight=1, seeker=seeker)


async def test_an_agent_who_filled_up_meanwhile_is_given_nothing(session):
    first, second = await waits(session), await waits(session, after=1)
    one = a_gift(first, ALICE, capacity=1)
    assert await pushing.give(session, one, POLICY, now=NOON) is not None

    late = a_gift(second, ALICE, capacity=1)
    assert await pushing.give(session, late, POLICY, now=NOON) is None


@pytest.mark.parametrize("same_agent", [True, False])
async def test_two_workers_with_the_same_plan_give_everybody_once(sessions, same_agent):
    agents = [uuid4() for _ in range(4)]
    async with sessions() as session:
        keys = [await waits(session, after=place) for place in range(12)]
        await session.commit()

    async def worker(shift: int) -> list[UUID]:
        given = []
        for place, key in enumerate(keys):
            chosen = agents[(place + (0 if same_agent else shift)) % len(agents)]
            async with sessions() as session:
                gift = a_gift(key, chosen, capacity=2)
                if await pushing.give(session, gift, POLICY, now=NOON) is not None:
                    given.append(key)
                await session.commit()
        return given

    rounds = await asyncio.gather(worker(0), worker(1))

    async with sessions() as session:
        held = await capacity.loads(session, agents)
        rows = [await conversations.get(session, key) for key in keys]
    given = [*rounds[0], *rounds[1]]
    assert len(given) == len(set(given)) == 8  # 4 agents with 2 places each
    assert set(held.values()) == {2}
    assert sum(row.status == Status.ASSIGNED for row in rows) == 8
