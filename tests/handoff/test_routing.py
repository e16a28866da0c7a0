"""Who is given whom: skills, languages, weights, those they know, and those they left."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from handoff import assignments, conversations, queue
from handoff.errors import AtCapacity, NobodyWaiting
from handoff.models import Conversation
from handoff.routing import SUPERVISOR, RoutingPolicy, Seeker, is_suited, needs_of
from tests.people import (
    ALICE,
    BOB,
    NOON,
    minutes,
    new_conversation,
    sam_says,
    seconds,
    waiting_conversation,
)

POLICY = RoutingPolicy(skills={"refund_status": "refunds"}, weights={"refunds": 3})


async def waits(session, *, skill=None, language="zh-Hans", weight=1, at=NOON):
    conversation = await new_conversation(session, now=at, language=language)
    await sam_says(session, conversation.id, "转人工", now=at)
    await queue.join(
        session,
        conversation.id,
        reasons=[{"code": "asked_for_human", "evidence": {}}],
        card={},
        needs=queue.Needs(skill=skill, weight=weight),
        now=at,
    )
    return await conversations.get(session, conversation.id)


async def next_for(session, *, now=NOON, capacity=5, agent_id=ALICE, **known):
    return await queue.claim_next(
        session,
        seeker=Seeker(agent_id=agent_id, capacity=capacity, **known),
        policy=POLICY,
        now=now,
    )


async def agrees(session, conversation, *, now, **known):
    """The condition on rows and the rule for one row must say the same."""
    return is_suited(
        conversation, Seeker(agent_id=ALICE, capacity=5, **known), POLICY, now=now
    )


class TestSkill:
    async def test_an_agent_gets_what_they_know_before_what_they_do_not(self, session):
        await waits(session, skill="refunds")
        invoices = await waits(session, skill="invoices", at=NOON + seconds(10))

        got = await next_for(
            session, skills=frozenset({"invoices"}), now=NOON + seconds(20)
        )

        assert got.conversation_id == invoices.id

    async def test_whoever_has_waited_long_is_anybodys(self, session):
        refund = await waits(session, skill="refunds")
        skills = frozenset({"invoices"})

        with pytest.raises(NobodyWaiting):
            await next_for(session, skills=skills, now=NOON + seconds(119))
        assert not await agrees(session, refund, skills=skills, now=NOON + seconds(119))
        assert await agrees(session, refund, skills=skills, now=NOON + seconds(120))
        got = await next_for(session, skills=skills, now=NOON + seconds(120))
        assert got.conversation_id == refund.id

    async def test_an_agent_without_skills_serves_everything(self, session):
        refund = await waits(session, skill="refunds")

        assert (await next_for(session)).conversation_id == refund.id

    async def test_what_is_for_a_supervisor_stays_theirs_however_long_it_waits(
        self, session
    ):
        row = await waits(session, skill=SUPERVISOR)

        with pytest.raises(NobodyWaiting):
            await next_for(session, now=NOON + minutes(300))
        assert not await agrees(session, row, now=NOON + minutes(300))
        got = await next_for(session, is_supervisor=True, skills=frozenset({"refunds"}))
        assert got.conversation_id == row.id

    def test_the_needed_skill_and_weight_come_from_what_was_wanted(self):
        needs = needs_of(
            ["ask_human", None, "refund_status"], tier="vip", policy=POLICY
        )

        assert (needs.skill, needs.tier, needs.weight) == ("refunds", "vip", 3)
        assert needs_of(["greet"], tier="standard", policy=POLICY).skill is None


class TestLanguage:
    async def test_a_shopper_waits_for_their_language_for_a_time(self, session):
        english = await waits(session, language="en")
        speaks = frozenset({"zh-Hans", "zh-Hant"})

        with pytest.raises(NobodyWaiting):
            await next_for(session, languages=speaks, now=NOON + seconds(299))
        got = await next_for(session, languages=speaks, now=NOON + seconds(300))
        assert got.conversation_id == english.id


class TestWeight:
    async def test_a_heavy_conversation_takes_several_places(self, session):
        await waits(session, weight=3)
        await waits(session, weight=3, at=NOON + seconds(1))
        light = await waits(session, weight=2, at=NOON + seconds(2))

        await next_for(session, capacity=5)
        got = await next_for(session, capacity=5)

        assert got.conversation_id == light.id
        assert await assignments.load(session, ALICE) == 5
        with pytest.raises(AtCapacity):
            await next_for(session, capacity=5)

    async def test_a_claim_by_hand_counts_the_weight_too(self, session):
        await waits(session, weight=3)
        heavy = await waits(session, weight=3, at=NOON + seconds(1))
        await next_for(session, capacity=5)

        with pytest.raises(AtCapacity):
            await queue.claim(session, heavy.id, agent_id=ALICE, capacity=5, now=NOON)

    async def test_whoever_has_nothing_can_take_even_the_heaviest(self, session):
        heavy = await waits(session, weight=9)

        assert (await next_for(session, capacity=5)).conversation_id == heavy.id


class TestLastAgent:
    async def comes_back(self, session, *, after):
        """Sam, whom Alice served, asks again `after` a stranger has joined."""
        sam = await waiting_conversation(session, now=NOON - minutes(60))
        got = await next_for(session, now=NOON - minutes(60))
        await assignments.return_to_bot(
            session, sam.id, agent_id=ALICE, assignment_version=got.version, now=NOON
        )
        stranger = await waits(session)
        await queue.join(
            session,
            sam.id,
            reasons=[{"code": "asked_for_human", "evidence": {}}],
            card={},
            now=NOON + after,
        )
        return sam, stranger

    async def test_their_last_agent_takes_them_a_little_earlier(self, session):
        sam, stranger = await self.comes_back(session, after=minutes(2))

        bobs = await next_for(session, agent_id=BOB, now=NOON + minutes(2))
        assert bobs.conversation_id == stranger.id
        alices = await next_for(session, now=NOON + minutes(2))
        assert alices.conversation_id == sam.id

    async def test_within_the_head_start_the_stranger_comes_second(self, session):
        sam, _ = await self.comes_back(session, after=minutes(2))

        got = await next_for(session, now=NOON + minutes(2))

        assert got.conversation_id == sam.id

    async def test_but_nobody_who_waits_much_longer_is_passed(self, session):
        _, stranger = await self.comes_back(session, after=minutes(4))

        got = await next_for(session, now=NOON + minutes(4))

        assert got.conversation_id == stranger.id


async def test_it_does_not_go_back_first_to_the_agent_who_left_it(session):
    row = await waits(session)
    await session.execute(
        update(Conversation)
        .where(Conversation.id == row.id)
        .values(avoid_agent_id=ALICE, avoid_until=NOON + seconds(120))
    )

    with pytest.raises(NobodyWaiting):
        await next_for(session, now=NOON + seconds(60))
    bobs = await next_for(session, agent_id=BOB, now=NOON + seconds(60))
    assert bobs.conversation_id == row.id
