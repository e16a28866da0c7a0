"""A new conversation goes to a person first where the shop says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.desk import Desk
from api.reception_settings import ReceptionRule
from api.settings import Settings
from handoff import conversations, queue
from handoff.presence import AgentState
from tests.api.conftest import settings_for
from tests.api.people import Member, Shopper
from tests.fakes import ANSWER, FakeBot

HUMAN = ({"reception": "human_first"},)
LEASE = timedelta(minutes=30)


@pytest.fixture
def rules(request: pytest.FixtureRequest) -> tuple[dict[str, Any], ...]:
    return getattr(request, "param", HUMAN)


@pytest.fixture
def settings(tmp_path, sqlite_database, rules) -> Settings:
    given = settings_for(tmp_path, sqlite_database)
    reception = tuple(map(ReceptionRule.model_validate, rules))
    handoff = given.handoff.model_copy(update={"reception": reception})
    return given.model_copy(update={"handoff": handoff})


@pytest.fixture
async def somebody(desk: Desk) -> UUID:
    agent = uuid4()
    await desk.presence.beat(
        agent, state=AgentState.AVAILABLE, now=desk.clock(), lease=LEASE
    )
    return agent


async def reception_of(desk: Desk, shopper: Shopper) -> str | None:
    async with desk.database.reading() as session:
        return (await conversations.get(session, UUID(shopper.id))).reception


def words(turn: dict[str, Any]) -> str:
    return "\n".join(reply["text"] for reply in turn["replies"])


@pytest.mark.usefixtures("somebody")
class TestHumanFirst:
    async def test_the_first_message_waits_for_a_person_with_its_own_reason(
        self, sam: Shopper, desk: Desk, alice: Member
    ):
        turn = await sam.say("How long can I return something?")

        assert turn["status"] == "queued"
        assert turn["handoff"]["reasons"] == ["human_first"]
        assert "A person is going to answer you directly" in words(turn)
        assert "You are next in line" in words(turn)
        assert await reception_of(desk, sam) == "human_first"
        await alice.post(f"/conversations/{sam.id}/claim")
        shown = (await alice.get(f"/conversations/{sam.id}/desk")).json()
        assert shown["card"]["reasons"] == [
            {"code": "human_first", "evidence": {"rule": 1, "share": 1.0}}
        ]
        own = shown["card"]["wants"]["own_words"][0]["text"]
        assert own.startswith("How long")

    async def test_the_bot_reads_it_and_says_nothing(self, sam: Shopper, bot: FakeBot):
        turn = await sam.say("How long can I return something?")

        assert len(bot.asked) == 1
        assert [reply["actor"] for reply in turn["replies"]] == ["system"]
        assert "7 days" not in words(turn)

    async def test_what_it_read_chooses_the_skill(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.reply = ANSWER | {"intent": {"name": "refund_status", "confidence": 0.9}}
        await sam.say("Where is my refund?")

        async with desk.database.reading() as session:
            row = await conversations.get(session, UUID(sam.id))
        assert row.skill == "refunds"

    async def test_what_comes_back_to_the_bot_stays_with_it(
        self, sam: Shopper, desk: Desk
    ):
        await sam.say("How long can I return something?")
        async with desk.database.writing() as session:
            await queue.cancel(session, UUID(sam.id), now=desk.clock())
        turn = await sam.say("How long can I return something?")

        assert turn["status"] == "bot"
        assert "7 days" in words(turn)

    async def test_a_bot_that_fails_is_no_obstacle(self, sam: Shopper, bot: FakeBot):
        bot.mode = "500"
        turn = await sam.say("How long can I return something?")
        assert turn["handoff"]["reasons"] == ["bot_failure", "human_first"]

    @pytest.mark.parametrize(
        ("language", "asked", "told"),
        [
            ("zh-Hans", "退货可以退多久？", "现在由人工客服直接接待"),
            ("zh-Hant", "退貨可以退多久？", "現在由真人客服直接為您服務"),
        ],
    )
    async def test_it_is_told_in_their_language(self, http, language, asked, told):
        shopper = await Shopper.open(http, language=language)
        assert told in words(await shopper.say(asked))


class TestNobodyThere:
    async def test_without_an_agent_the_bot_takes_it_for_good(
        self, sam: Shopper, desk: Desk
    ):
        turn = await sam.say("How long can I return something?")
        assert turn["status"] == "bot"
        assert "7 days" in words(turn)
        assert await reception_of(desk, sam) == "unstaffed"

        await desk.presence.beat(
            uuid4(), state=AgentState.AVAILABLE, now=desk.clock(), lease=LEASE
        )
        assert (await sam.say("How long can I return something?"))["status"] == "bot"

    async def test_an_agent_who_is_away_is_not_there(self, sam: Shopper, desk: Desk):
        await desk.presence.beat(
            uuid4(), state=AgentState.AWAY, now=desk.clock(), lease=LEASE
        )
        assert (await sam.say("How long can I return something?"))["status"] == "bot"

    async def test_outside_opening_hours_the_bot_takes_it(
        self, sam: Shopper, desk: Desk, clock
    ):
        clock.forward(hours=12)  # midnight in Shanghai
        await desk.presence.beat(
            uuid4(), state=AgentState.AVAILABLE, now=desk.clock(), lease=LEASE
        )
        assert (await sam.say("How long can I return something?"))["status"] == "bot"
        assert await reception_of(desk, sam) == "unstaffed"


@pytest.mark.usefixtures("somebody")
class TestRules:
    @pytest.mark.parametrize(
        "rules",
        [({"channel": "app", "reception": "human_first"},)],
        indirect=True,
    )
    async def test_a_channel_is_named_when_the_conversation_is_opened(self, http, desk):
        app = await Shopper.open(http, channel="app")
        web = await Shopper.open(http)
        assert (await app.say("How long can I return it?"))["status"] == "queued"
        assert (await web.say("How long can I return it?"))["status"] == "bot"
        assert await reception_of(desk, web) == "bot_first"

    @pytest.mark.parametrize("rules", [()], indirect=True)
    async def test_without_rules_nothing_is_kept(self, sam: Shopper, desk: Desk):
        assert (await sam.say("How long can I return it?"))["status"] == "bot"
        assert await reception_of(desk, sam) is None
