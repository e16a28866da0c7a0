from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from handoff import promises
from handoff.errors import NoSuchPromise, PromiseEnded
from handoff.promise_times import FoundPromise
from tests.people import ALICE, BOB, NOON, minutes, new_conversation

CALL = FoundPromise(
    words="I'll call you within an hour", place=0, due_at=NOON + minutes(60)
)


async def promised(session, *found, agent_id=ALICE):
    conversation = await new_conversation(session)
    await promises.keep(
        session,
        conversation.id,
        message_seq=3,
        agent_id=agent_id,
        found=found or (CALL,),
        now=NOON,
    )
    return conversation, await promises.of_conversation(session, conversation.id)


async def test_a_promise_is_a_task_of_its_agent_until_it_ends(session):
    _, [made] = await promised(session)

    assert [one.id for one in await promises.open_of(session, ALICE)] == [made.id]
    assert await promises.open_of(session, BOB) == []

    await promises.end(session, made.id, how="kept", by=ALICE, now=NOON + minutes(5))

    assert await promises.open_of(session, ALICE) == []
    assert (await promises.get(session, made.id)).ended_by == ALICE


async def test_the_same_message_twice_promises_once(session):
    conversation, [made] = await promised(session)
    again = await promises.keep(
        session, conversation.id, message_seq=3, agent_id=ALICE, found=(CALL,), now=NOON
    )
    assert again == []
    assert [
        one.id for one in await promises.of_conversation(session, conversation.id)
    ] == [made.id]


async def test_what_the_clock_broke_stays_broken(session):
    _, [made] = await promised(session)

    assert await promises.break_overdue(session, now=NOON + minutes(60)) == []
    [broken] = await promises.break_overdue(session, now=NOON + minutes(61))

    assert (broken.id, broken.state, broken.ended_by) == (made.id, "broken", None)
    with pytest.raises(PromiseEnded):
        await promises.end(
            session, made.id, how="kept", by=ALICE, now=NOON + minutes(62)
        )
    with pytest.raises(PromiseEnded):
        await promises.move(
            session,
            made.id,
            by=ALICE,
            due_at=NOON + minutes(99),
            now=NOON + minutes(62),
        )


async def test_it_is_warned_of_once_and_again_after_it_was_moved(session):
    _, [made] = await promised(session)
    soon = minutes(30)

    assert await promises.warn(session, before=soon, now=NOON + minutes(29)) == []
    assert len(await promises.warn(session, before=soon, now=NOON + minutes(30))) == 1
    assert await promises.warn(session, before=soon, now=NOON + minutes(31)) == []

    await promises.move(
        session, made.id, by=ALICE, due_at=NOON + minutes(120), now=NOON + minutes(32)
    )
    assert await promises.warn(session, before=soon, now=NOON + minutes(33)) == []
    assert len(await promises.warn(session, before=soon, now=NOON + minutes(95))) == 1


async def test_ending_it_twice_the_same_way_is_one_end(session):
    _, [made] = await promised(session)
    first = await promises.end(session, made.id, how="kept", by=ALICE, now=NOON)
    again = await promises.end(
        session, made.id, how="kept", by=BOB, now=NOON + minutes(1)
    )
    assert (again.ended_by, again.ended_at) == (ALICE, first.ended_at)


async def test_what_is_not_there_is_said_to_be_missing(session):
    with pytest.raises(NoSuchPromise):
        await promises.end(session, uuid4(), how="kept", by=ALICE, now=NOON)
    with pytest.raises(ValueError, match="ends as one of"):
        await promises.end(session, uuid4(), how="forgotten", by=ALICE, now=NOON)


async def test_two_who_end_it_at_once_leave_one_end(sessions):
    async with sessions() as session, session.begin():
        _, [made] = await promised(session)

    async def end(how):
        try:
            async with sessions() as session, session.begin():
                await promises.end(session, made.id, how=how, by=ALICE, now=NOON)
        except PromiseEnded:
            return False
        return True

    ends = await asyncio.gather(*(end(how) for how in ("kept", "broken", "withdrawn")))
    assert ends.count(True) == 1
