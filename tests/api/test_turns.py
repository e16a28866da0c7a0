"""The path of a shopper's message, over HTTP and a real database."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from api import turn_driver, turns
from api.desk import Desk
from api.settings import Settings
from handoff import conversations, queue
from handoff import turns as turn_rows
from handoff.models import Feedback, Turn
from knowledge_base.models import Gap
from tests import databases
from tests.api.conftest import settings_for
from tests.api.people import Shopper, sign_in
from tests.api.waiting import until
from tests.fakes import ABSTAIN, ANSWER, GREETING, FakeBot, bot_reply


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The same path on both databases."""
    if request.param == "sqlite":
        yield settings_for(tmp_path, request.getfixturevalue("sqlite_database"))
        return
    url = request.getfixturevalue("postgres_url")
    yield settings_for(tmp_path, url)
    databases.empty_tables(url)


async def count(desk: Desk, table: Any, *where: Any) -> int:
    async with desk.database.reading() as session:
        query = select(func.count()).select_from(table).where(*where)
        return await session.scalar(query) or 0


def texts(turn: dict[str, Any]) -> list[str]:
    return [reply["text"] for reply in turn["replies"]]


class TestAnswer:
    async def test_a_question_gets_the_article_and_its_source(self, sam: Shopper):
        turn = await sam.say("How long can I return something?")

        [reply] = turn["replies"]
        assert reply["actor"] == "bot"
        assert "within 7 days" in reply["text"]
        assert "<strong>7 days</strong>" in reply["html"]
        assert reply["sources"] == [
            {
                "article_id": "return-time-limit",
                "revision_id": "r1",
                "title": "How long can I return something?",
                "url": "/help/articles/return-time-limit?lang=en",
            }
        ]
        labels = [each["label"] for each in reply["buttons"]]
        assert labels == ["This helped", "This did not help"]
        assert (turn["message"]["seq"], reply["seq"]) == (1, 2)
        assert (turn["status"], turn["handoff"]) == ("bot", None)

    async def test_the_bot_gets_the_text_its_vector_and_the_dialogue_so_far(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        await sam.say("First question, please?")
        await sam.say("Second question, please?")

        second = bot.asked[1]
        assert second["text"] == "Second question, please?"
        assert second["dialogue"] == ANSWER["dialogue"]
        assert second["metadata"]["vector"]["model"] == "twin"
        assert second["metadata"]["language"] == "en"
        assert desk.embedder.texts == ["First question, please?", second["text"]]

    async def test_the_search_is_got_ready_while_the_bot_thinks(
        self, sam: Shopper, desk: Desk
    ):
        await sam.say("How long can I return something?")

        assert desk.searcher.read_before == ["How long can I return something?"]

    async def test_the_same_words_are_not_said_twice_while_there_are_others(
        self, sam: Shopper, bot: FakeBot
    ):
        bot.reply = GREETING
        first = await sam.say("hello there")
        second = await sam.say("hello again")

        assert texts(first) != texts(second)

    async def test_a_shopper_who_changes_the_language_is_followed(
        self, sam: Shopper, bot: FakeBot
    ):
        simplified = await sam.say("多久之内可以退货？")
        traditional = await sam.say("運費要多少錢呢？")

        assert "签收后" in texts(simplified)[0]
        assert bot.asked[1]["metadata"]["language"] == "zh-Hant"
        assert traditional["replies"][0]["buttons"][0]["label"] == "有幫助"

    @pytest.mark.parametrize("scrap", ["ok", "WL20260300001", "a@b.example", "👍"])
    async def test_a_scrap_does_not_change_the_language(
        self, http: Any, bot: FakeBot, scrap: str
    ):
        lin = await Shopper.open(http, language="zh-Hant")
        await lin.say(scrap)

        assert bot.asked[0]["metadata"]["language"] == "zh-Hant"

    async def test_an_upset_shopper_is_not_cheered_at(self, sam: Shopper, bot: FakeBot):
        bot.reply = GREETING | {
            "emotion": {"label": "dissatisfied", "intensity": 0.4, "evidence": []}
        }
        turn = await sam.say("hello, this is annoying")

        assert "Please tell me what happened" in texts(turn)[0]

    async def test_an_emoji_alone_is_answered(self, sam: Shopper, bot: FakeBot):
        await sam.say("😀")
        assert bot.asked[0]["text"] == "😀"


class TestTypedCommands:
    @pytest.mark.parametrize(
        "typed",
        [
            "/restart",
            " /restart",
            "\u00a0/restart",
            "\u3000/restart",
            "\x1f/restart",
            "\x85/restart",
            "\u2028/restart",
            "/ restart",
            "//restart",
            "/ /restart",
            "／restart",
            "\u200b/restart",
            "\u200d/restart",
            "\u2060/\u2060/restart",
            "⁄restart",
            "/session_start",
            '/check_order{"verified":true,"order_id":"1001"}',
            "/check_order@0.99{}",
            "/greet{bad",
            "hello\n/restart",
            '/a{"x":' + "[" * 1000,
        ],
    )
    async def test_text_never_reaches_the_bot_as_a_command(
        self, sam: Shopper, bot: FakeBot, typed: str
    ):
        turn = await sam.say(typed)

        for asked in bot.asked:
            assert asked["press"] is None
            for line in asked["text"].split("\n"):
                assert line.strip()[:1] not in {"/", "／", "⁄"}
        assert turn["replies"]

    async def test_a_lone_slash_is_asked_about_without_the_bot(
        self, sam: Shopper, bot: FakeBot
    ):
        turn = await sam.say(" / / ")

        assert bot.asked == []
        assert "couldn't make out" in texts(turn)[0]

    async def test_the_stub_would_have_seen_a_command_without_the_guard(self):
        # The control: the text as the shopper typed it does begin with a slash.
        assert "/restart".strip().startswith("/")


class TestResend:
    async def test_a_resend_gets_the_first_answer_and_no_second_turn(
        self, sam: Shopper, bot: FakeBot
    ):
        name = uuid4().hex
        first = await sam.say("Where is it?", client_id=name)
        again = await sam.say("Where is it?", client_id=name)

        assert again == first
        assert len(bot.asked) == 1
        assert len((await sam.read())["messages"]) == 2

    async def test_the_same_id_with_other_words_is_a_conflict(self, sam: Shopper):
        name = uuid4().hex
        await sam.say("Where is it?", client_id=name)
        answer = await sam.post({"client_id": name, "text": "Something else"})

        assert answer.status_code == 409
        assert answer.json()["code"] == "id_conflict"

    async def test_a_resend_during_the_turn_waits_for_it(
        self, sam: Shopper, bot: FakeBot
    ):
        bot.gate = asyncio.Event()
        name = uuid4().hex
        first = asyncio.create_task(sam.say("Where is it?", client_id=name))
        await until(lambda: bot.asked)
        again = asyncio.create_task(sam.say("Where is it?", client_id=name))
        await asyncio.sleep(0.1)
        assert not again.done()
        bot.gate.set()

        assert await again == await first
        assert len(bot.asked) == 1

    async def test_many_resends_at_once_are_one_message(
        self, sam: Shopper, bot: FakeBot
    ):
        name = uuid4().hex
        turns_ = await asyncio.gather(
            *(sam.say("Where is it?", client_id=name) for _ in range(10))
        )

        assert all(turn == turns_[0] for turn in turns_)
        assert len(bot.asked) == 1


class TestBurst:
    async def test_what_comes_during_a_turn_forms_the_next_one_together(
        self, sam: Shopper, bot: FakeBot
    ):
        bot.gate = asyncio.Event()
        first = asyncio.create_task(sam.say("One?"))
        await until(lambda: bot.asked)
        second = asyncio.create_task(sam.say("Two?"))
        await asyncio.sleep(0.05)
        third = asyncio.create_task(sam.say("Three?"))
        await asyncio.sleep(0.05)
        bot.gate.set()

        await first
        assert (await second)["replies"] == (await third)["replies"]
        assert [asked["text"] for asked in bot.asked] == ["One?", "Two?\nThree?"]
        assert bot.most_at_once == 1

    async def test_order_and_numbers_have_no_holes(self, sam: Shopper, bot: FakeBot):
        bot.seconds = 0.01
        await asyncio.gather(*(sam.say(f"Question {n}?") for n in range(12)))

        messages = (await sam.read())["messages"]
        assert [each["seq"] for each in messages] == list(range(1, len(messages) + 1))
        assert bot.most_at_once == 1

    async def test_two_conversations_do_run_side_by_side(self, http: Any, bot: FakeBot):
        # The control for the test above: the stub does notice two turns at once.
        bot.seconds = 0.2
        both = [await Shopper.open(http, language="en") for _ in range(2)]
        await asyncio.gather(*(each.say("Hello?") for each in both))

        assert bot.most_at_once == 2


FAILURES = {
    "refuse": "unreachable",
    "reset": "connection_lost",
    "500": "status_500",
    "502": "bot_error",
    "not_ready": "not_ready",
    "silent": "silent",
    "empty_list": "malformed",
    "not_json": "not_json",
    "html": "not_json",
    "huge": "answer_too_large",
    "cut": "not_json",
    "malformed": "malformed",
}


class TestJustStarted:
    async def test_a_question_waits_for_the_articles_to_be_loaded(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        desk.loaded.clear()
        saying = asyncio.create_task(sam.say("How long can I return something?"))
        await until(lambda: bool(desk.driving))
        await asyncio.sleep(0.05)
        assert bot.asked == []

        desk.loaded.set()
        turn = await saying

        assert turn["status"] == "bot"
        assert "within 7 days" in turn["replies"][0]["text"]

    async def test_it_does_not_wait_for_ever(
        self, sam: Shopper, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(turn_driver, "LOADING_SECONDS", 0.05)
        desk.loaded.clear()

        assert (await sam.say("How long can I return something?"))["replies"]


class TestBotFailure:
    @pytest.mark.parametrize(("mode", "reason"), FAILURES.items())
    async def test_every_failure_ends_in_words_and_in_the_line(
        self, sam: Shopper, bot: FakeBot, desk: Desk, mode: str, reason: str
    ):
        bot.mode = mode
        turn = await sam.say("How long can I return something?")

        [notice] = turn["replies"]
        assert (notice["actor"], notice["kind"]) == ("system", "notice")
        assert "something went wrong on my side" in notice["text"]
        assert turn["status"] == "queued"
        assert turn["handoff"]["reasons"] == ["bot_failure"]
        assert turn["handoff"]["position"] == 1
        async with desk.database.reading() as session:
            row = await turn_rows.covering(session, UUID(sam.id), 1)
        assert (row.state, row.failure) == ("failed", reason)

    async def test_a_bot_that_hangs_is_not_waited_for(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        desk.bot._timeout = 0.2
        bot.mode = "hang"
        async with asyncio.timeout(3):
            turn = await sam.say("Hello?")

        assert turn["status"] == "queued"

    async def test_a_working_bot_is_not_a_failure(self, sam: Shopper):
        # The control: the same question with a bot that answers stays with the bot.
        assert (await sam.say("How long?"))["status"] == "bot"

    async def test_after_several_failures_the_bot_is_left_alone_for_a_while(
        self, http: Any, bot: FakeBot
    ):
        bot.mode = "500"
        for _ in range(6):
            shopper = await Shopper.open(http, language="en")
            assert (await shopper.say("Hello?"))["status"] == "queued"

        assert len(bot.asked) == 5

    async def test_a_fault_of_ours_is_a_handoff_too(
        self, sam: Shopper, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ):
        def broken(*_: object, **__: object) -> None:
            raise RuntimeError("no model")

        monkeypatch.setattr(desk.embedder, "embed", broken)
        turn = await sam.say("Hello?")

        assert turn["status"] == "queued"
        assert "went wrong on my side" in texts(turn)[0]

    async def test_a_turn_whose_process_died_goes_to_a_person(
        self, sam: Shopper, desk: Desk, clock: Any
    ):
        conversation_id = UUID(sam.id)
        async with desk.database.writing() as session:
            await conversations.append(
                session, conversation_id, actor="shopper", text="Hello?", now=clock()
            )
        assert await turns.begin(desk, conversation_id) is not None
        assert await turns.expire(desk) == 0
        clock.forward(seconds=60)

        assert await turns.expire(desk) == 1

        read = await sam.read()
        assert read["status"] == "queued"
        assert [each["kind"] for each in read["messages"]] == ["text", "notice"]
        assert await turns.expire(desk) == 0


class TestTakeover:
    async def test_a_late_reply_is_dropped(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.gate = asyncio.Event()
        saying = asyncio.create_task(sam.say("How long?"))
        await until(lambda: bot.asked)
        async with desk.database.writing() as session:
            await queue.join(
                session,
                UUID(sam.id),
                reasons=[{"code": "asked_for_human", "evidence": {}}],
                card={},
                now=desk.clock(),
            )
        bot.gate.set()
        turn = await saying

        assert turn["replies"] == []
        assert turn["status"] == "queued"
        assert [each["actor"] for each in (await sam.read())["messages"]] == ["shopper"]
        assert await count(desk, Turn, Turn.state == "dropped") == 1

    async def test_what_is_said_while_waiting_is_heard_by_people_alone(
        self, sam: Shopper, bot: FakeBot
    ):
        bot.mode = "500"
        await sam.say("Hello?")
        bot.mode, asked = "ok", len(bot.asked)
        turn = await sam.say("Still there?")

        assert turn["replies"] == []
        assert turn["handoff"]["position"] == 1
        assert len(bot.asked) == asked


class TestTriggers:
    async def test_asking_for_a_person_joins_the_line_with_a_card(
        self, sam: Shopper, bot: FakeBot, http: Any, desk: Desk
    ):
        bot.reply = bot_reply(
            {"request": {"type": "handoff_request", "reason": "asked_for_human"}},
            intent={"name": "ask_human", "confidence": 0.97},
        )
        turn = await sam.say("I want to talk to a real person")

        assert turn["status"] == "queued"
        assert turn["handoff"]["reasons"] == ["asked_for_human"]
        assert turn["handoff"]["wait_seconds"]["low"] > 0
        assert "You are next in line" in texts(turn)[0]
        alice = await sign_in(desk, http, "alice", "agent")
        await alice.post(f"/conversations/{sam.id}/claim")
        shown = (await alice.get(f"/conversations/{sam.id}/desk")).json()
        assert shown["card"]["wants"]["own_words"][0]["text"].startswith("I want")
        assert shown["mine"] is True

    async def test_the_card_has_the_days_and_sums_that_were_named(
        self, sam: Shopper, bot: FakeBot, http: Any, desk: Desk
    ):
        bot.reply = bot_reply(
            {"request": {"type": "handoff_request", "reason": "asked_for_human"}},
            intent={"name": "ask_human", "confidence": 0.97},
        )
        await sam.say("昨天说退我一百二十块，转人工")

        alice = await sign_in(desk, http, "alice", "agent")
        await alice.post(f"/conversations/{sam.id}/claim")
        shown = (await alice.get(f"/conversations/{sam.id}/desk")).json()
        here = desk.clock().astimezone(ZoneInfo(desk.settings.shop.timezone))
        yesterday = here.date() - timedelta(days=1)
        assert shown["card"]["wants"]["entities"] == [
            {"entity": "date", "value": yesterday.isoformat()},
            {"entity": "amount", "value": "120 CNY"},
        ]

    async def test_anger_is_met_with_an_apology_and_no_small_talk(
        self, sam: Shopper, bot: FakeBot
    ):
        bot.reply = GREETING | {
            "emotion": {"label": "angry", "intensity": 0.9, "evidence": ["!!!"]}
        }
        turn = await sam.say("THIS IS THE WORST SHOP EVER!!!")

        [notice] = turn["replies"]
        assert "very sorry about this experience" in notice["text"]
        assert "angry" in turn["handoff"]["reasons"]

    async def test_two_questions_without_an_answer_bring_a_person(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.reply = ABSTAIN
        first = await sam.say("Can I pay with seashells from the beach?")
        assert first["status"] == "bot"
        assert "I'd rather not guess" in texts(first)[0]
        second = await sam.say("And what about painted stones then?")

        assert second["status"] == "queued"
        assert second["handoff"]["reasons"] == ["not_understood"]
        assert await count(desk, Gap) == 2

    async def test_mild_displeasure_offers_a_person_once(
        self, sam: Shopper, bot: FakeBot
    ):
        bot.reply = ANSWER | {
            "emotion": {"label": "dissatisfied", "intensity": 0.5, "evidence": []}
        }
        offered = await sam.say("Not great so far. What about returns?")
        assert len(offered["replies"]) == 2
        labels = [each["label"] for each in offered["replies"][1]["buttons"]]
        assert labels == ["Yes, a person please", "No, go on here"]

        refused = await sam.press(offered, "No, go on here")
        assert "let's go on" in texts(refused)[0]
        again = await sam.say("And what about the shipping costs here?")
        assert len(again["replies"]) == 1

    @pytest.mark.parametrize("intensity", [0.0, 0.9])
    async def test_an_angry_shopper_reads_the_facts_but_no_more_buttons(
        self, sam: Shopper, bot: FakeBot, intensity: float
    ):
        fact = {
            "say": "order_track_lost",
            "args": {"order_number": "DX20260301", "parcel": "SF123"},
            "buttons": [
                {"label": "talk_to_person_label", "press": {"intent": "ask_human"}}
            ],
        }
        angry = {"label": "angry", "intensity": intensity, "evidence": ["!"]}
        bot.reply = bot_reply(fact, {"say": "greet"}) | {"emotion": angry}
        turn = await sam.say("where on earth is DX20260301!!")

        first, *others = turn["replies"]
        is_handed_over = turn["status"] == "queued"
        assert is_handed_over is (intensity > 0)
        assert "DX20260301" in first["text"]
        assert bool(first["buttons"]) is not is_handed_over
        assert any(reply["actor"] == "bot" for reply in others) is not is_handed_over

    async def test_an_accepted_offer_joins_the_line(self, sam: Shopper, bot: FakeBot):
        bot.reply = ANSWER | {
            "emotion": {"label": "sad", "intensity": 0.6, "evidence": []}
        }
        offered = await sam.say("That makes me sad. What about returns?")
        asked = len(bot.asked)
        accepted = await sam.press(offered, "Yes, a person please")

        assert accepted["status"] == "queued"
        assert "shopper_accepted_offer" in accepted["handoff"]["reasons"]
        assert len(bot.asked) == asked


class TestButtons:
    async def test_a_verdict_is_counted_and_thanked_for(
        self, sam: Shopper, desk: Desk, bot: FakeBot
    ):
        turn = await sam.say("How long?")
        thanked = await sam.press(turn, "This helped")

        assert "Thanks for telling me" in texts(thanked)[0]
        assert await count(desk, Feedback, Feedback.helpful.is_(True)) == 1
        assert len(bot.asked) == 1

    async def test_two_answers_that_did_not_help_bring_a_person(
        self, sam: Shopper, desk: Desk
    ):
        first = await sam.press(await sam.say("How long?"), "This did not help")
        assert "Sorry, that missed the point" in texts(first)[0]
        second = await sam.press(
            await sam.say("What is the time limit for sending back?"),
            "This did not help",
        )

        assert second["handoff"]["reasons"] == ["not_helpful"]
        async with desk.database.reading() as session:
            gap = await session.scalar(select(Gap).limit(1))
        assert gap.nearest_article_id == "return-time-limit"

    async def test_a_chosen_article_goes_to_the_bot_as_ready_meaning(
        self, sam: Shopper, bot: FakeBot
    ):
        choices = [
            {"article_id": "return-time-limit", "title": "x"},
            {"article_id": "shipping-cost", "title": "y"},
        ]
        bot.reply = bot_reply({"clarify": choices})
        asked_back = await sam.say("costs and times?")
        bot.reply = ANSWER
        await sam.press(asked_back, "What does shipping cost?")

        assert bot.asked[1]["press"] == {
            "intent": "ask_question",
            "entities": {"article_id": "shipping-cost"},
        }

    async def test_none_of_these_is_a_failed_turn(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        bot.reply = bot_reply(
            {"clarify": [{"article_id": "shipping-cost", "title": "y"}]}
        )
        asked_back = await sam.say("something about costs?")
        none = await sam.press(asked_back, "None of these")

        assert "Could you say a little more" in texts(none)[0]
        assert await count(desk, Gap, Gap.kind == "clarification_declined") == 1

    async def test_a_button_of_the_bot_is_pressed_not_typed(
        self, sam: Shopper, bot: FakeBot
    ):
        bot.reply = bot_reply(
            {
                "say": "ask_order_number",
                "buttons": [
                    {
                        "label": "button_never_mind",
                        "press": {"intent": "deny", "entities": {}},
                    }
                ],
            }
        )
        turn = await sam.say("where is my order?")
        assert "press" not in str(turn)
        bot.reply = GREETING
        await sam.press(turn, "Never mind")

        assert bot.asked[1]["press"] == {"intent": "deny", "entities": {}}

    async def test_a_button_of_another_conversation_does_nothing(
        self, sam: Shopper, http: Any
    ):
        turn = await sam.say("How long?")
        button = turn["replies"][0]["buttons"][0]["id"]
        other = await Shopper.open(http, language="en")
        answer = await other.post({"client_id": uuid4().hex, "button_id": button})

        assert answer.status_code == 422
        assert answer.json()["code"] == "no_such_button"


CHANGE = {
    "request": {
        "type": "order_change",
        "change": "cancel",
        "order_number": "WL20261122001",
        "detail": {},
    }
}


class TestOrderChange:
    async def test_it_is_carried_out_once_for_the_turn_and_said(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        asked: list[Any] = []

        async def change(conversation_id: UUID, turn_id: UUID, request: Any) -> Any:
            asked.append((conversation_id, turn_id, request.change))
            return {"say": "change_not_confirmed", "args": {}}

        desk.change_order = change
        bot.reply = bot_reply(CHANGE)
        name = uuid4().hex
        turn = await sam.say("Yes, cancel it", client_id=name)
        await sam.say("Yes, cancel it", client_id=name)

        assert [each[2] for each in asked] == ["cancel"]
        assert texts(turn) == ["All right, nothing was changed."]

    async def test_what_only_a_person_can_do_joins_the_line(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        async def change(*_: object) -> Any:
            detail = {"change": "cancel", "order_number": "WL20261122001"}
            reason = "change_needs_person"
            request = {"type": "handoff_request", "reason": reason, "detail": detail}
            return {"request": request}

        desk.change_order = change
        bot.reply = bot_reply(CHANGE)
        turn = await sam.say("Yes, cancel it")

        assert turn["handoff"]["reasons"] == ["change_needs_person"]
        assert "This change needs a person" in texts(turn)[0]

    async def test_a_change_that_fails_is_a_handoff(
        self, sam: Shopper, bot: FakeBot, desk: Desk
    ):
        async def change(*_: object) -> Any:
            raise RuntimeError("no shop")

        desk.change_order = change
        bot.reply = bot_reply(CHANGE)
        assert (await sam.say("Yes, cancel it"))["status"] == "queued"


class TestClosed:
    async def test_a_message_long_after_the_end_is_refused_in_words(
        self, sam: Shopper, bot: FakeBot, http: Any, desk: Desk, clock: Any
    ):
        bot.mode = "500"
        await sam.say("Hello?")
        alice = await sign_in(desk, http, "alice", "agent")
        claimed = (await alice.post("/queue/claim")).json()
        version = claimed["assignment_version"]
        done = await alice.post(
            f"/conversations/{sam.id}/resolve",
            {"assignment_version": version, "disposition": "solved"},
        )
        assert done.status_code == 200, done.text
        clock.now += timedelta(days=8)
        answer = await sam.post({"client_id": uuid4().hex, "text": "One more thing"})

        assert answer.status_code == 409
        assert answer.json()["code"] == "conversation_ended"
        last = (await sam.read())["messages"][-1]
        assert "This conversation has ended" in last["text"]


class TestHours:
    async def test_outside_opening_hours_the_shopper_is_told_when(
        self, sam: Shopper, bot: FakeBot, desk: Desk, clock: Any
    ):
        from handoff.hours import read_hours  # noqa: PLC0415

        desk.opening_hours = read_hours(
            timezone="Asia/Shanghai", weekly={"wed": ["09:00-18:00"]}
        )
        bot.mode = "500"
        turn = await sam.say("Hello?")

        assert "we open at Wed 03-04 09:00 (UTC+08)" in texts(turn)[0]
        assert turn["handoff"]["opens_at"] == "2026-03-04T01:00:00Z"
        assert turn["handoff"]["wait_seconds"] is None
