from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from handoff import ratings
from handoff.errors import AlreadyRated, NoSuchConversation
from tests.people import NOON, minutes, new_conversation


async def test_stars_and_comment_are_kept(session):
    conversation = await new_conversation(session)

    await ratings.rate(session, conversation.id, stars=5, comment="很好 👍", now=NOON)

    kept = await ratings.get(session, conversation.id)
    assert (kept.stars, kept.comment, kept.revisions) == (5, "很好 👍", 0)


async def test_the_shopper_may_change_their_mind_once(session):
    conversation = await new_conversation(session)
    await ratings.rate(session, conversation.id, stars=1, now=NOON)

    changed = await ratings.rate(
        session, conversation.id, stars=4, now=NOON + minutes(5)
    )

    assert (changed.stars, changed.revisions) == (4, 1)
    with pytest.raises(AlreadyRated):
        await ratings.rate(session, conversation.id, stars=2, now=NOON + minutes(6))


async def test_pressing_twice_is_no_change_of_mind(session):
    conversation = await new_conversation(session)
    for _ in range(3):
        kept = await ratings.rate(session, conversation.id, stars=3, now=NOON)

    assert kept.revisions == 0


@pytest.mark.parametrize(("days", "accepted"), [(29, True), (30, False), (400, False)])
async def test_after_thirty_days_it_stands(session, days, accepted):
    conversation = await new_conversation(session)
    await ratings.rate(session, conversation.id, stars=1, now=NOON)
    later = NOON + timedelta(days=days)

    if accepted:
        assert (
            await ratings.rate(session, conversation.id, stars=5, now=later)
        ).stars == 5
        return
    with pytest.raises(AlreadyRated):
        await ratings.rate(session, conversation.id, stars=5, now=later)


@pytest.mark.parametrize("stars", [0, 6, -1])
async def test_there_are_one_to_five_stars(session, stars):
    conversation = await new_conversation(session)

    with pytest.raises(ValueError, match="1 to 5"):
        await ratings.rate(session, conversation.id, stars=stars, now=NOON)


async def test_an_unknown_conversation_cannot_be_rated(session):
    with pytest.raises(NoSuchConversation):
        await ratings.rate(session, uuid4(), stars=5, now=NOON)


async def test_two_devices_at_once_leave_one_rating_and_at_most_one_revision(sessions):
    async with sessions() as session, session.begin():
        conversation = await new_conversation(session)

    async def rate(stars):
        try:
            async with sessions() as session, session.begin():
                await ratings.rate(session, conversation.id, stars=stars, now=NOON)
        except AlreadyRated:
            return False
        return True

    accepted = await asyncio.gather(*(rate(stars) for stars in (1, 2, 3, 4)))

    assert accepted.count(True) == 2
    async with sessions() as session:
        assert (await ratings.get(session, conversation.id)).revisions == 1
