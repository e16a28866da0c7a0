"""The desk's promises: what stops a clock, what does not, and that each is told once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff import assignments, queue, sla, sla_marks
from handoff.fillers import is_filler
from handoff.sla import Level, Promises, SlaPolicy
from tests.people import ALICE, NOON, assigned_conversation, minutes, sam_says, seconds

POLICY = SlaPolicy(
    tiers={
        "standard": Promises(
            first=seconds(180), next=seconds(300), resolution=timedelta(hours=24)
        ),
        "vip": Promises(
            first=seconds(60), next=seconds(180), resolution=timedelta(hours=12)
        ),
    }
)


async def running(session, conversation_id, *, now, tier="standard"):
    handoff = await queue.open_handoff(session, conversation_id)
    owed = await sla.owed_since(session, [conversation_id])
    found = sla.clocks(
        handoff,
        tier=tier,
        owed_since=owed.get(conversation_id),
        policy=POLICY,
        now=now,
    )
    return {each.name: each for each in found}


async def says(session, spell, text, *, now):
    await assignments.reply(
        session,
        spell.conversation_id,
        agent_id=ALICE,
        text=text,
        assignment_version=spell.version,
        now=now,
    )


class TestFiller:
    @pytest.mark.parametrize(
        "text",
        [
            "您好",
            "您好～",
            "亲，稍等一下哦",
            "稍等",
            "好的，马上帮您看",
            "您好，有什么可以帮您？",
            "請稍候，幫您查一下",
            "One moment, please!",
            "Hi there, let me check that for you.",
            "ok",
            "……",
        ],
    )
    def test_words_that_answer_nothing(self, text):
        assert is_filler(text)

    @pytest.mark.parametrize(
        "text",
        [
            "您的包裹今天下午送到。",
            "好的，已为您退款 20 元",
            "稍等，您的订单号是多少？",
            "One moment: your parcel is in Leipzig.",
            "不可以",
            "No.",
            "明天送到",
        ],
    )
    def test_words_that_answer_something(self, text):
        assert not is_filler(text)


class TestClocks:
    async def test_the_first_answer_is_due_from_the_wish_for_a_person(self, session):
        spell = await assigned_conversation(session)

        clock = (await running(session, spell.conversation_id, now=NOON))["first"]

        assert (clock.due_at, clock.level) == (NOON + seconds(180), Level.FINE)

    async def test_a_filler_stops_nothing_and_an_answer_does(self, session):
        spell = await assigned_conversation(session)
        there = spell.conversation_id

        await says(session, spell, "您好，稍等", now=NOON + seconds(20))
        assert "first" in await running(session, there, now=NOON + seconds(30))
        await says(session, spell, "包裹在杭州，明天送到。", now=NOON + seconds(60))
        assert set(await running(session, there, now=NOON + seconds(61))) == {
            "resolution"
        }

    async def test_the_next_answer_is_due_from_the_oldest_open_message(self, session):
        spell = await assigned_conversation(session)
        there = spell.conversation_id
        await says(session, spell, "包裹在杭州。", now=NOON + seconds(60))

        await sam_says(session, there, "那明天能到吗？", now=NOON + seconds(100))
        await sam_says(session, there, "在吗？", now=NOON + seconds(200))
        await says(session, spell, "稍等", now=NOON + seconds(210))

        clock = (await running(session, there, now=NOON + seconds(210)))["next"]
        assert clock.due_at == NOON + seconds(400)

    @pytest.mark.parametrize(
        ("after", "level"),
        [(143, Level.FINE), (144, Level.SOON), (179, Level.SOON), (180, Level.LATE)],
    )
    async def test_it_is_near_before_it_breaks(self, session, after, level):
        spell = await assigned_conversation(session)

        found = await running(session, spell.conversation_id, now=NOON + seconds(after))

        assert found["first"].level is level

    async def test_a_tier_has_promises_of_its_own_and_an_unknown_one_the_standard(
        self, session
    ):
        spell = await assigned_conversation(session)
        there = spell.conversation_id

        vip = await running(session, there, now=NOON, tier="vip")
        other = await running(session, there, now=NOON, tier="gold")

        assert vip["first"].due_at == NOON + seconds(60)
        assert other["first"].due_at == NOON + seconds(180)

    async def test_out_of_hours_the_promised_time_counts(self, session):
        spell = await assigned_conversation(session)
        handoff = await queue.open_handoff(session, spell.conversation_id)
        handoff.promised_by = NOON + timedelta(hours=20)
        await session.flush()

        found = await running(session, spell.conversation_id, now=NOON + minutes(60))

        assert found["first"].due_at == NOON + timedelta(hours=20)
        assert found["first"].level is Level.FINE


class TestMark:
    async def test_each_warning_and_each_breach_is_noted_once(self, session):
        await assigned_conversation(session)

        kinds = []
        for after in (10, 150, 160, 190, 200):
            now = NOON + seconds(after)
            found = await sla_marks.unmarked(session, POLICY, now=now)
            events = await sla_marks.mark(session, found, now=now)
            kinds.append([(each.kind, each.clock) for each in events])

        assert kinds == [
            [],
            [("sla.near", "first")],
            [],
            [("sla.broken", "first")],
            [],
        ]
