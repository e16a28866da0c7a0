"""Objections and follow-ups: once, in time, by whom it concerns, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff import appeals, follow_ups, ratings, wrap_ups
from handoff.errors import (
    AppealClosed,
    NoSuchFollowUp,
    NoSuchRating,
    UnknownDetail,
)
from handoff.ratings import Scores
from tests.people import ALICE, BOB, NOON, new_conversation

A_DAY = timedelta(days=1)


async def rated(session, *, stars=1):
    conversation = await new_conversation(session)
    await wrap_ups.put_down(
        session, conversation.id, agent_id=ALICE, disposition="solved", now=NOON
    )
    await ratings.rate(session, conversation.id, stars=stars, now=NOON)
    return conversation.id


async def object_to(session, wanted, *, by=ALICE, now=NOON):
    return await appeals.appeal(session, wanted, agent_id=by, reason="abuse", now=now)


async def test_partial_scores_are_kept_and_a_changed_one_is_a_revision(session):
    conversation = await new_conversation(session)
    for score in (5, 5, 2):
        kept = await ratings.rate(
            session,
            conversation.id,
            stars=4,
            scores=Scores(accuracy=score, delivery=1),
            now=NOON,
        )
    assert (kept.accuracy, kept.communication, kept.delivery) == (2, None, 1)
    assert kept.revisions == 1


@pytest.mark.parametrize("score", [0, 6])
async def test_a_score_has_one_to_five(session, score):
    conversation = await new_conversation(session)
    with pytest.raises(ValueError, match="1 to 5"):
        await ratings.rate(
            session, conversation.id, stars=4, scores=Scores(delivery=score), now=NOON
        )


async def test_the_agent_who_served_objects_once(session):
    wanted = await rated(session)
    with pytest.raises(AppealClosed):
        await object_to(session, wanted, by=BOB)
    assert (await object_to(session, wanted)).outcome is None
    with pytest.raises(AppealClosed):
        await object_to(session, wanted)


@pytest.mark.parametrize(("days", "is_open"), [(29, True), (30, False)])
async def test_after_thirty_days_no_one_objects(session, days, is_open):
    wanted = await rated(session)
    if is_open:
        assert await object_to(session, wanted, now=NOON + days * A_DAY)
        return
    with pytest.raises(AppealClosed):
        await object_to(session, wanted, now=NOON + days * A_DAY)


async def test_somebody_else_decides_once(session):
    wanted = await rated(session)
    await object_to(session, wanted)
    with pytest.raises(AppealClosed):
        await appeals.decide(session, wanted, by=ALICE, is_upheld=True, now=NOON)
    decided = await appeals.decide(session, wanted, by=BOB, is_upheld=True, now=NOON)
    assert (decided.outcome, decided.decided_by) == ("upheld", BOB)
    with pytest.raises(AppealClosed):
        await appeals.decide(session, wanted, by=BOB, is_upheld=False, now=NOON)


async def test_without_a_rating_there_is_nothing_to_object_to(session):
    conversation = await new_conversation(session)
    with pytest.raises(NoSuchRating):
        await object_to(session, conversation.id)


async def test_a_follow_up_opens_once_and_goes_step_by_step(session):
    wanted = await rated(session)
    opened = [
        await follow_ups.open_for(session, wanted, cause="late", within=A_DAY, now=NOON)
        for _ in range(2)
    ]
    assert opened == [True, False]
    row = await follow_ups.tick(
        session, wanted, step="check_parcel", is_done=True, by=ALICE, now=NOON
    )
    done = {one["step"] for one in row.steps if one["done_at"]}
    assert done == {"check_parcel"}
    with pytest.raises(NoSuchFollowUp):
        await follow_ups.tick(
            session, wanted, step="dance", is_done=True, by=ALICE, now=NOON
        )

    await follow_ups.end(
        session, wanted, outcome="settled", note="", by=ALICE, now=NOON
    )

    assert await follow_ups.open_ones(session) == []
    with pytest.raises(NoSuchFollowUp):
        await follow_ups.end(
            session, wanted, outcome="settled", note="", by=BOB, now=NOON
        )


def test_a_detail_belongs_to_its_disposition():
    tree = {"refunded": ("full",)}
    wrap_ups.check_detail("refunded", "full", tree=tree)
    wrap_ups.check_detail("solved", "", tree=tree)
    with pytest.raises(UnknownDetail):
        wrap_ups.check_detail("solved", "full", tree=tree)
