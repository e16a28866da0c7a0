"""Every figure against an example counted by hand."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from handoff import (
    appeals,
    assignments,
    conversations,
    feedback,
    figures,
    ratings,
    reports,
)
from handoff.figure_rows import Asked
from handoff.figures import Request, Score, Share, Talk
from handoff.models import Conversation
from handoff.rating_windows import months_before, windows
from tests.people import (
    ALICE,
    BOB,
    DISPOSITIONS,
    NOON,
    assigned_conversation,
    bot_answers,
    minutes,
    new_conversation,
    sam_says,
    seconds,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
ASKED = Asked(since=NOON - DAY, until=NOON + DAY)
LATER = NOON + timedelta(days=30)


def talk(**more):
    began = more.pop("began_at", NOON)
    return Talk(**{"began_at": began, "last_at": began, "with_bot": True} | more)


class TestContainment:
    def test_three_figures_of_six_talks(self):
        talks = [
            talk(helpful=1),  # confirmed, assumed, durable
            talk(helpful=1, unhelpful=1),  # a mixed verdict confirms nothing
            talk(came_back_at=NOON + timedelta(days=2)),  # assumed only
            talk(came_back_at=NOON + timedelta(days=9)),  # too late to count
            talk(asked_at=NOON + minutes(5), helpful=1),  # a person was asked for
            talk(with_bot=False),  # the bot never answered: in no base
        ]

        found = figures.containment(talks, now=LATER)

        assert found.confirmed == Share(part=1, whole=5)
        assert found.assumed == Share(part=4, whole=5)
        assert found.durable == Share(part=3, whole=5)

    def test_a_talk_that_goes_on_is_not_counted_yet(self):
        going = talk(last_at=NOON)

        early = figures.containment([going], now=NOON + minutes(29))
        over = figures.containment([going], now=NOON + minutes(30))

        assert (early.assumed.whole, over.assumed.whole) == (0, 1)

    def test_durable_waits_until_seven_days_have_passed(self):
        found = figures.containment([talk()], now=NOON + WEEK - seconds(1))

        assert found.assumed == Share(part=1, whole=1)
        assert found.durable == Share(part=0, whole=0)

    def test_nothing_is_no_share_and_not_nought(self):
        found = figures.containment([], now=NOON)

        assert found.confirmed.value is None
        assert found.assumed.value is None
        assert found.durable.value is None


def request(**more):
    return Request(**{"requested_at": NOON} | more)


class TestTimes:
    def test_of_no_request_nothing_is_known(self):
        found = figures.service([])

        assert (found.first_word.count, found.first_word.median) == (0, None)
        assert found.resolved.value is None

    def test_of_one_both_figures_are_that_one(self):
        found = figures.times([(NOON, NOON + seconds(40))])

        assert (found.count, found.median, found.most) == (1, 40, 40)

    def test_the_median_and_nine_of_ten_of_five(self):
        found = figures.times([(NOON, NOON + seconds(n)) for n in (50, 10, 20, 40, 30)])

        assert (found.median, found.most) == (30, 46)  # 40 and 50: six tenths between

    def test_whoever_got_no_answer_is_in_no_time(self):
        found = figures.service([request(), request(word_at=NOON + seconds(8))])

        assert (found.requests, found.first_word.count) == (2, 1)

    def test_each_step_belongs_to_whoever_took_it(self):
        one = request(
            word_at=NOON + seconds(10),
            word_by=ALICE,
            answer_at=NOON + seconds(90),
            answer_by=BOB,
            ended_at=NOON + minutes(9),
            outcome="resolved",
            ended_by=BOB,
        )

        alice = figures.service([one], agent=ALICE)
        bob = figures.service([one], agent=BOB)

        assert (alice.first_word.median, alice.first_answer.count) == (10, 0)
        assert (bob.first_word.count, bob.first_answer.median) == (0, 90)
        assert (alice.resolved.whole, bob.resolved.part) == (0, 1)

    def test_the_abandoned_and_returned_are_ended_but_not_resolved(self):
        ends = [
            request(ended_at=NOON + minutes(n), outcome=how)
            for n, how in ((1, "abandoned"), (2, "returned_to_bot"), (3, "resolved"))
        ]

        found = figures.service(ends)

        assert found.resolved == Share(part=1, whole=3)
        assert found.resolution.median == 180

    def test_a_resolved_case_that_was_asked_for_again_counts_as_reopened(self):
        first = request(
            ended_at=NOON + minutes(1), outcome="resolved", again_at=NOON + DAY
        )
        second = request(ended_at=NOON + minutes(1), outcome="resolved")

        assert figures.service([first, second]).reopened == Share(part=1, whole=2)


def test_stars_and_partial_scores_count_only_what_was_given():
    found = figures.stars(
        [Score(stars=5, accuracy=4), Score(stars=3), Score(stars=4, accuracy=1)]
    )

    assert (found.stars.value, found.good) == (4, Share(part=2, whole=3))
    assert (found.accuracy.count, found.accuracy.value) == (2, 2.5)
    assert (found.delivery.count, found.delivery.value) == (0, None)


def test_a_reason_counts_once_for_a_request():
    found = figures.reasons(
        [request(reasons=("angry", "angry", "sensitive")), request(reasons=("angry",))]
    )

    assert found == [("angry", 2), ("sensitive", 1)]


def test_the_map_is_by_the_shops_clock():
    grid = figures.by_hour(
        [request(requested_at=NOON + timedelta(hours=5))], zone=SHANGHAI
    )

    assert grid[2][1] == 1  # Tuesday 17:00 UTC is Wednesday 01:00 in Shanghai
    assert sum(map(sum, grid)) == 1


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [((2026, 3, 31), 1, (2026, 2, 28)), ((2026, 1, 15), 12, (2025, 1, 15))],
)
def test_a_month_back_is_the_same_day_or_the_last_one(day, months, expected):
    now = NOON.replace(year=day[0], month=day[1], day=day[2])

    found = months_before(now, months)

    assert (found.year, found.month, found.day) == expected


async def served(session, *, agent=ALICE, said="您的包裹明天到。", at=NOON, ends=True):
    """Asked for at `at`, answered 20 s later, resolved after 5 minutes."""
    spell = await assigned_conversation(session, agent_id=agent, now=at)
    await assignments.reply(
        session,
        spell.conversation_id,
        agent_id=agent,
        text=said,
        assignment_version=spell.version,
        now=at + seconds(20),
    )
    if ends:
        await assignments.resolve(
            session,
            spell.conversation_id,
            agent_id=agent,
            assignment_version=spell.version,
            disposition="solved",
            dispositions=DISPOSITIONS,
            now=at + minutes(5),
        )
    return spell


async def counted(session, asked=ASKED, *, now=LATER):
    return await reports.report(session, asked, zone=SHANGHAI, now=now)


class TestFromRows:
    async def test_an_empty_desk_has_a_report_without_figures(self, session):
        found = await counted(session)

        assert found.now.containment.assumed.value is None
        assert (found.agents, found.skills, found.reasons) == ([], [], [])
        assert [each.stars.value for each in found.windows] == [None] * 5
        assert not found.is_cut

    async def test_a_filler_is_a_first_word_but_no_answer(self, session):
        spell = await served(session, said="您好，稍等", ends=False)
        await assignments.reply(
            session,
            spell.conversation_id,
            agent_id=ALICE,
            text="退款三天内到账。",
            assignment_version=spell.version,
            now=NOON + minutes(2),
        )

        found = (await counted(session)).now.service

        assert (found.first_word.median, found.first_answer.median) == (20, 120)

    async def test_the_bots_messages_are_never_an_agents(self, session):
        row = await new_conversation(session)
        await sam_says(session, row.id)
        await bot_answers(session, row.id)

        found = await counted(session)

        assert found.now.containment.assumed == Share(part=1, whole=1)
        assert found.now.service.requests == 0
        assert found.now.service.first_word.count == 0
        assert found.agents == []

    async def test_a_verdict_confirms_what_the_bot_settled(self, session):
        row = await new_conversation(session)
        await sam_says(session, row.id)
        said = await bot_words(session, row.id)
        await feedback.judge(
            session, row.id, message_seq=said, helpful=True, now=NOON + minutes(1)
        )
        await bot_answers(session, row.id)

        found = (await counted(session)).now.containment

        assert found.confirmed == Share(part=1, whole=1)

    async def test_a_conversation_that_goes_on_from_it_is_a_return(self, session):
        first = await new_conversation(session)
        await sam_says(session, first.id)
        await bot_answers(session, first.id)
        await new_conversation(session, now=NOON + 2 * DAY, follows_id=first.id)

        found = (await counted(session)).now.containment

        assert found.durable == Share(part=0, whole=1)

    async def test_agents_skills_and_the_period_before_stand_apart(self, session):
        await served(session, agent=ALICE)
        spell = await served(session, agent=BOB, at=NOON - 2 * DAY)
        refunds = await served(session, agent=BOB, at=NOON + minutes(10))
        await session.execute(
            update(Conversation)
            .where(Conversation.id == refunds.conversation_id)
            .values(skill="refunds")
        )
        await ratings.rate(session, refunds.conversation_id, stars=2, now=NOON)
        assert spell.agent_id == BOB

        found = await counted(session)
        of_bob = await counted(
            session, Asked(since=ASKED.since, until=ASKED.until, agent_id=BOB)
        )

        assert (found.now.service.requests, found.before.service.requests) == (2, 1)
        assert [each.agent_id for each in found.agents] == sorted([ALICE, BOB], key=str)
        assert [each.skill for each in found.skills] == ["refunds", None]
        assert found.skills[0].stars.stars.value == 2
        assert of_bob.now.service.requests == 1
        assert [each.agent_id for each in of_bob.agents] == [BOB]

    async def test_a_language_filter_leaves_out_the_others(self, session):
        await served(session)

        found = await counted(
            session, Asked(since=ASKED.since, until=ASKED.until, language="en")
        )

        assert found.now.service.requests == 0

    async def test_windows_leave_out_what_was_successfully_objected_to(self, session):
        kept = await served(session)
        struck = await served(session, at=NOON + minutes(10))
        await ratings.rate(session, kept.conversation_id, stars=5, now=NOON)
        await ratings.rate(session, struck.conversation_id, stars=1, now=NOON)
        before = await windows(session, now=NOON + DAY)
        await appeals.appeal(
            session,
            struck.conversation_id,
            agent_id=ALICE,
            reason="abusive",
            now=NOON + minutes(1),
        )
        await appeals.decide(
            session, struck.conversation_id, by=BOB, is_upheld=True, now=NOON + DAY
        )

        after = await windows(session, now=NOON + DAY)
        much_later = await windows(session, now=NOON + timedelta(days=80), agent_id=BOB)

        assert (before[0].good, before[0].stars.value) == (Share(part=1, whole=2), 3)
        assert (after[0].good, after[0].stars.value) == (Share(part=1, whole=1), 5)
        assert [each.stars.count for each in much_later] == [0] * 5

    async def test_an_old_rating_is_in_the_longer_windows_only(self, session):
        spell = await served(session)
        await ratings.rate(session, spell.conversation_id, stars=4, now=NOON)

        found = await windows(session, now=NOON + timedelta(days=40), agent_id=ALICE)

        assert [each.stars.count for each in found] == [0, 1, 1, 1, 1]


async def bot_words(session, conversation_id):
    appended = await conversations.append(
        session, conversation_id, actor="bot", text="明天到。", now=NOON
    )
    return appended.message.seq
