"""What turns tell the editors, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from api.desk import Desk
from api.settings import Settings
from knowledge_base import gaps
from knowledge_base.models import ArticleDay, Gap
from tests import databases
from tests.api.conftest import settings_for
from tests.api.people import Shopper
from tests.fakes import ABSTAIN, ANSWER, GREETING, FakeBot, bot_reply

CLARIFY = bot_reply({"clarify": [{"article_id": "shipping-cost", "title": "y"}]})
WANTS_PERSON = "I want to talk to a human, please"


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The same on both databases."""
    if request.param == "sqlite":
        yield settings_for(tmp_path, request.getfixturevalue("sqlite_database"))
        return
    url = request.getfixturevalue("postgres_url")
    yield settings_for(tmp_path, url)
    databases.empty_tables(url)


async def kept(desk: Desk) -> list[tuple[str, str, int, int]]:
    async with desk.database.reading() as session:
        found = await gaps.list_gaps(session)
    return [(gap.text, gap.kind, gap.times, gap.handovers) for gap in found]


async def counted(desk: Desk) -> dict[str, tuple[int, int, int]]:
    async with desk.database.reading() as session:
        rows = await session.scalars(select(ArticleDay))
        return {
            row.article_id: (row.asked, row.answered, row.handed_over) for row in rows
        }


class TestGaps:
    async def test_an_abstention_is_a_gap(self, sam: Shopper, bot: FakeBot, desk: Desk):
        bot.reply = ABSTAIN
        await sam.say("Do you repair watches?")
        assert await kept(desk) == [("Do you repair watches?", "abstained", 1, 0)]

    async def test_an_answer_alone_is_none(self, sam: Shopper, desk: Desk):
        await sam.say("How long?")
        assert await kept(desk) == []

    async def test_an_answer_that_did_not_help_is_a_gap(self, sam: Shopper, desk: Desk):
        await sam.press(await sam.say("How long?"), "This did not help")
        assert await kept(desk) == [("How long?", "not_helpful", 1, 0)]

    async def test_a_declined_clarification_is_a_gap(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.reply = CLARIFY
        await sam.press(await sam.say("Something about costs?"), "None of these")
        assert await kept(desk) == [
            ("Something about costs?", "clarification_declined", 1, 0)
        ]

    async def test_a_person_asked_for_after_an_answer_makes_a_gap_of_the_question(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        await sam.say("How long?")
        bot.reply = GREETING
        turn = await sam.say(WANTS_PERSON)
        assert turn["handoff"] is not None
        assert await kept(desk) == [("How long?", "handed_over", 1, 1)]
        async with desk.database.reading() as session:
            gap = await session.scalar(select(Gap))
        assert gap.nearest_article_id == "return-time-limit"

    async def test_one_asking_with_two_bad_ends_is_one_asking(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        await sam.press(await sam.say("How long?"), "This did not help")
        bot.reply = GREETING
        await sam.say(WANTS_PERSON)
        assert await kept(desk) == [("How long?", "handed_over", 1, 1)]

    async def test_a_person_asked_for_after_an_abstention_costs_more_and_counts_once(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.reply = ABSTAIN
        await sam.say("Do you repair watches?")
        bot.reply = GREETING
        await sam.say(WANTS_PERSON)
        assert await kept(desk) == [("Do you repair watches?", "handed_over", 1, 1)]

    async def test_a_person_asked_for_at_once_blames_no_article(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.reply = GREETING
        turn = await sam.say(WANTS_PERSON)
        assert turn["handoff"] is not None
        assert await kept(desk) == []

    async def test_a_failing_bot_blames_no_article(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        await sam.say("How long?")
        bot.mode = "500"
        turn = await sam.say("And what does it cost?")
        assert turn["handoff"] is not None
        assert await kept(desk) == []

    async def test_a_gap_has_the_language_it_is_written_in(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.reply = ABSTAIN
        await sam.say("你们修手表吗")
        async with desk.database.reading() as session:
            gap = await session.scalar(select(Gap))
        assert gap.language == "zh-Hans"

    async def test_a_gap_that_cannot_be_written_costs_the_shopper_nothing(
        self, sam: Shopper, bot: FakeBot, monkeypatch: pytest.MonkeyPatch
    ):
        async def broken(*_args: object, **_more: object) -> None:
            raise RuntimeError("no pen")

        monkeypatch.setattr(gaps, "note_gap", broken)
        bot.reply = ABSTAIN
        turn = await sam.say("Do you repair watches?")
        assert turn["replies"]
        assert turn["handoff"] is None


class TestCounts:
    async def test_an_answer_counts_for_its_article(self, sam: Shopper, desk: Desk):
        await sam.say("How long?")
        await sam.say("How long exactly?")
        assert await counted(desk) == {"return-time-limit": (2, 2, 0)}

    async def test_a_person_asked_for_after_it_counts_against_it(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        await sam.say("How long?")
        bot.reply = GREETING
        await sam.say(WANTS_PERSON)
        assert await counted(desk) == {"return-time-limit": (1, 1, 1)}

    async def test_a_pressed_verdict_is_no_asking(self, sam: Shopper, desk: Desk):
        await sam.press(await sam.say("How long?"), "This helped")
        assert await counted(desk) == {"return-time-limit": (1, 1, 0)}

    async def test_small_talk_counts_for_nothing(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.reply = GREETING
        await sam.say("Hello")
        bot.reply = ANSWER
        assert await counted(desk) == {}
