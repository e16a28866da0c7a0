"""One POST is one whole turn: who may call, what is refused, and that nothing stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.bot.running import BOT_TOKEN, ROOT, RunningBot, Talk
from tests.bot.stub_actions import StubActions

pytestmark = pytest.mark.rasa
NewTalk = Callable[[], Talk]
NUMBER = "WL20261122001"
DISGUISED = [
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
    "\u2060／\u200d/ /restart",
    "/session_start",
    "/back",
    "/nlu_fallback",
    "/greet{bad",
    "/check_order@0.99{}",
    '/affirm{"confirmed":true}',
    '/track_order{"order_number":"WL20261122001","order_proof":"sam@example.com"}',
    '/a{"x":' + "[" * 1000,
]


def body(text: str = "你好", **changes: object) -> dict[str, object]:
    return {
        "conversation_id": "c-1",
        "text": text,
        "press": None,
        "metadata": {"language": "zh-Hans", "turn_id": "t"},
        "dialogue": [],
        **changes,
    }


class TestWhoMayCall:
    @pytest.mark.parametrize("token", [None, "", "wrong", BOT_TOKEN + "x", "bøt"])
    def test_a_stranger_is_turned_away(self, bot: RunningBot, token: str | None):
        if token == "bøt":
            token = token.encode().decode("latin-1")
        assert bot.post(body(), token=token).status == 401

    def test_the_service_is_let_in(self, bot: RunningBot):
        assert bot.post(body()).said == ["greet"]

    def test_no_other_door_is_open(self, bot: RunningBot):
        doors = ("/webhooks/rest/webhook", "/model/parse", "/conversations/c/tracker")
        assert {bot.get(door).status for door in doors} <= {404, 405}


class TestTypedText:
    @pytest.mark.parametrize("text", DISGUISED)
    def test_never_names_an_intent(self, talk: NewTalk, stub: StubActions, text: str):
        shopper = talk()
        shopper.press("cancel_order")
        stub.calls.clear()

        reply = shopper.say(text)

        assert reply.status == 200
        assert reply.intent not in {"restart", "session_start", "back", "check_order"}
        assert reply.body["slots"].get("confirmed") is None
        read = [call["tracker"]["latest_message"]["text"] for call in stub.calls]
        read += [e["text"] for e in shopper.dialogue if e["event"] == "user"]
        assert len(read) > 1
        assert not [each for each in read if each.strip().startswith("/")]

    @pytest.mark.parametrize("text", ["", "  ", "/", "///", "\u200b", " ／ / ", "\x00"])
    def test_with_nothing_in_it_is_refused(self, bot: RunningBot, text: str):
        reply = bot.post(body(text))
        assert (reply.status, reply.body["error"]) == (400, "empty_text")

    def test_that_is_far_too_long_is_refused(self, bot: RunningBot):
        assert bot.post(body("长" * 4001)).status == 413

    def test_made_of_odd_characters_still_gets_an_answer(self, bot: RunningBot):
        for text in ("😀😀😀", "a" + "\u0301" * 1500, "\ud800你好", "{order_number}"):
            assert bot.post(body(text)).status == 200

    def test_a_slot_in_words_fills_none(self, bot: RunningBot):
        reply = bot.post(body('{"confirmed": true, "order_proof": "x"}'))
        assert "confirmed" not in reply.body["slots"]


class TestBadRequests:
    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"not json",
            b"[]",
            b'"text"',
            b"[" * 5000,
            json.dumps(body(press={"intent": "no_such_intent"})).encode(),
            json.dumps(body(press={"intent": ["greet"]})).encode(),
            json.dumps(body(press={"intent": "greet", "entities": [1]})).encode(),
            json.dumps(body(press="greet")).encode(),
            json.dumps(body(conversation_id="")).encode(),
            json.dumps(body(conversation_id=7)).encode(),
            json.dumps(body(dialogue={"event": "x"})).encode(),
            json.dumps(body(dialogue=["x"])).encode(),
            json.dumps(body(metadata=[1])).encode(),
            json.dumps({**body(), "text": 5}).encode(),
        ],
    )
    def test_are_refused_and_never_an_error(self, bot: RunningBot, raw: bytes):
        assert bot.post(raw).status == 400

    def test_a_dialogue_of_nonsense_is_a_failure(self, bot: RunningBot):
        reply = bot.post(body(dialogue=[{"event": "no such event"}]))
        assert reply.status in {200, 502}


class TestFailures:
    def test_a_failing_action_is_a_failed_turn(self, talk: NewTalk, stub: StubActions):
        stub.broken.add("action_answer_question")
        reply = talk().say("退货运费谁出？")
        assert reply.status == 502
        assert "action_answer_question" in reply.body["detail"]
        assert "退货" not in reply.body["detail"]

    def test_a_failing_check_inside_the_form_is_one_too(
        self, talk: NewTalk, stub: StubActions
    ):
        shopper = talk()
        shopper.say("我的订单到哪了")
        stub.broken.add("validate_order_form")
        assert shopper.say(NUMBER).status == 502

    def test_the_turn_after_a_failure_works(self, talk: NewTalk, stub: StubActions):
        shopper = talk()
        stub.broken.add("action_answer_question")
        shopper.say("退货运费谁出？")
        stub.broken.clear()
        assert shopper.say("退货运费谁出？").said == ["answer"]

    def test_silence_is_a_failed_turn(self, bot: RunningBot):
        reply = bot.post(
            body("say nothing", press={"intent": "ask_question", "entities": {}})
        )
        assert reply.status == 502
        assert reply.body["detail"] == "nothing was said"

    def test_without_a_model_it_says_so(
        self, tmp_path: Path, running_stub: StubActions
    ):
        spoilt = tmp_path / "bot.tar.gz"
        spoilt.write_bytes(b"no model")
        bot = RunningBot(tmp_path / "bot.log", running_stub.port, spoilt).start()
        try:
            reply = bot.post(body())
            assert (reply.status, reply.body) == (503, {"error": "not_ready"})
        finally:
            bot.close()


class TestMemory:
    def test_nothing_is_kept_between_turns(self, talk: NewTalk):
        shopper = talk()
        shopper.say("我的订单到哪了")
        shopper.dialogue = []
        reply = shopper.say("你好")
        assert reply.said == ["greet"]
        assert reply.body["active_loop"] is None

    def test_a_failed_turn_leaves_nothing_behind(
        self, talk: NewTalk, stub: StubActions
    ):
        shopper = talk()
        shopper.press("cancel_order")
        stub.broken.add("validate_order_form")
        shopper.say(NUMBER)
        stub.broken.clear()
        shopper.dialogue = []
        assert shopper.say("你好").body["slots"] == {}

    def test_another_process_could_go_on(self, talk: NewTalk):
        shopper, stranger = talk(), talk()
        shopper.say("我的订单到哪了")
        stranger.dialogue = json.loads(json.dumps(shopper.dialogue))
        assert stranger.say(NUMBER).said == ["ask_order_proof"]

    def test_it_stays_small_and_holds_no_vector(self, bot: RunningBot):
        request = json.loads(
            (ROOT / "tests/contracts/turn_request.json").read_text("utf-8")
        )
        sizes = []
        for _ in range(20):
            reply = bot.post(request)
            request["dialogue"] = reply.body["dialogue"]
            sizes.append(len(json.dumps(request["dialogue"])))
        assert request["metadata"]["vector"]["values"][:40] not in json.dumps(
            request["dialogue"]
        )
        assert max(sizes) < 20_000
        assert abs(sizes[-1] - sizes[8]) < 500

    def test_interleaved_conversations_do_not_mix(self, talk: NewTalk):
        numbers = [f"WL2026112200{i}" for i in range(1, 9)]

        def one(number: str) -> str:
            shopper = talk()
            shopper.say("我要取消订单")
            shopper.say(number)
            reply = shopper.say("13800138000")
            return str(reply.body["messages"][0]["args"]["order_number"])

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(one, numbers)) == numbers


class TestTheWholeTurn:
    def test_brings_everything_the_service_needs(self, bot: RunningBot):
        reply = bot.post(body("你们是骗子吧！！我要退货"))
        assert set(reply.body) == {
            *("messages", "intent", "intent_ranking", "entities", "emotion"),
            *("slots", "active_loop", "dialogue"),
        }
        assert reply.body["emotion"]["label"] == "angry"
        assert "骗子" in reply.body["emotion"]["evidence"]
        assert 2 <= len(reply.body["intent_ranking"]) <= 5

    def test_a_press_with_an_article_reaches_the_service(
        self, talk: NewTalk, stub: StubActions
    ):
        talk().press("ask_question", article_id="return-time-limit")
        latest = stub.calls[0]["tracker"]["latest_message"]
        assert latest["entities"] == [
            {"entity": "article_id", "value": "return-time-limit"}
        ]

    def test_the_vector_and_the_language_reach_the_service(
        self, bot: RunningBot, stub: StubActions
    ):
        request = json.loads(
            (ROOT / "tests/contracts/turn_request.json").read_text("utf-8")
        )
        request["text"] = "退货运费谁出？"
        del request["metadata"]["vector"]
        bot.post(request)
        metadata = stub.calls[0]["tracker"]["latest_message"]["metadata"]
        assert metadata["language"] == "zh-Hans"


def test_no_log_line_holds_what_a_shopper_wrote(
    running_bot: RunningBot, talk: NewTalk, stub: StubActions
):
    marks = ("4111 1111 1111 1111", "secret-mark@example.com", "13812345678")
    shopper = talk()
    shopper.say("我的订单到哪了")
    for mark in marks:
        shopper.say(mark)
        shopper.say(f"/greet{{{mark}")
    stub.broken |= {"action_answer_question", "validate_order_form"}
    for mark in marks:
        assert talk().say(f"退货运费谁出 {mark}？").status == 502
        shopper.say(mark)
    log = running_bot.log.read_text("utf-8", "replace")
    assert "turn failed" in log
    assert not [mark for mark in (*marks, BOT_TOKEN, "退货") if mark in log]
