"""The order form, as shoppers use it: straight, corrected, interrupted, left, given up."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bot.running import Talk
from tests.bot.stub_actions import StubActions

pytestmark = pytest.mark.rasa
NewTalk = Callable[[], Talk]
NUMBER = "WL20261122001"


class TestLookingUp:
    @pytest.mark.parametrize(
        "words",
        [
            ("我的订单到哪了", "订单号是 WL20261122001", "手机号13800138000"),
            ("where is my order", f"it's {NUMBER}", "my email is Sam@example.com"),
            ("我的訂單到哪裡了", "ＷＬ２０２６１１２２００１", "138 0013 8000"),
        ],
    )
    def test_asks_for_the_number_then_the_proof_then_tells(
        self, talk: NewTalk, words: tuple[str, str, str]
    ):
        shopper = talk()

        first, second, third = (shopper.say(each) for each in words)

        assert first.said == ["ask_order_number"]
        assert first.body["active_loop"] == "order_form"
        assert second.said == ["ask_order_proof"]
        assert second.intent == "inform"
        assert [each["entity"] for each in second.body["entities"]] == ["order_number"]
        assert third.said == ["order_status"]
        assert third.body["messages"][0]["args"] == {"order_number": NUMBER}
        assert third.body["active_loop"] is None

    def test_takes_everything_from_one_message(self, talk: NewTalk):
        reply = talk().say(f"帮我查一下订单{NUMBER}到哪了，手机13800138000")
        assert reply.said == ["order_status"]

    def test_a_bare_number_starts_a_look_up(self, talk: NewTalk):
        reply = talk().say(NUMBER)
        assert reply.intent == "inform"
        assert reply.said == ["ask_order_proof"]

    def test_the_order_just_spoken_of_is_remembered(self, talk: NewTalk):
        shopper = talk()
        shopper.say(f"帮我查一下订单{NUMBER}到哪了，手机13800138000")
        reply = shopper.press("cancel_order")
        assert reply.said == ["ask_order_proof"]
        assert reply.body["slots"]["order_number"] == NUMBER


class TestChanging:
    def _asked_to_confirm(self, shopper: Talk) -> None:
        shopper.say("我要取消订单")
        shopper.say(NUMBER)
        assert shopper.say("13800138000").said == ["confirm_cancel_order"]

    def test_asks_for_the_change_once_it_was_confirmed(self, talk: NewTalk):
        shopper = talk()
        self._asked_to_confirm(shopper)

        reply = shopper.say("是的")

        request = reply.body["messages"][0]["request"]
        assert request["type"] == "order_change"
        assert request["order_number"] == NUMBER

    def test_leaves_the_order_alone_after_a_no(self, talk: NewTalk):
        shopper = talk()
        self._asked_to_confirm(shopper)
        assert shopper.say("不要").said == ["left_alone"]

    def test_the_buttons_do_the_same(self, talk: NewTalk):
        shopper = talk()
        self._asked_to_confirm(shopper)
        assert shopper.press("affirm").said == ["request"]

    def test_a_corrected_number_is_no_refusal(self, talk: NewTalk):
        shopper = talk()
        self._asked_to_confirm(shopper)

        reply = shopper.say("不对，订单号是WL20261122002")

        assert reply.intent == "inform"
        assert reply.said == ["confirm_cancel_order"]
        assert reply.body["messages"][0]["args"] == {"order_number": "WL20261122002"}

    def test_a_yes_from_the_change_before_confirms_nothing(self, talk: NewTalk):
        shopper = talk()
        self._asked_to_confirm(shopper)
        shopper.say("是的")

        shopper.say("我要取消订单 WL20261122003")

        assert shopper.say("13800138000").said == ["confirm_cancel_order"]


class TestDetours:
    def test_a_question_is_answered_and_the_form_asks_again(self, talk: NewTalk):
        shopper = talk()
        shopper.say("我的订单到哪了")
        reply = shopper.say("退货运费谁出？")
        assert reply.said == ["answer", "ask_order_number"]
        assert shopper.say(NUMBER).said == ["ask_order_proof"]

    def test_seven_detours_do_not_lose_the_form(self, talk: NewTalk):
        shopper = talk()
        shopper.say("我要取消订单")
        shopper.say(NUMBER)
        for _ in range(7):
            assert shopper.say("退货运费谁出？").said == ["answer", "ask_order_proof"]
        assert shopper.say("13800138000").said == ["confirm_cancel_order"]

    def test_another_wish_changes_what_the_form_is_for(self, talk: NewTalk):
        shopper = talk()
        shopper.say("我的订单到哪了")
        assert shopper.press("cancel_order").said == ["go_on", "ask_order_number"]
        shopper.say(NUMBER)
        assert shopper.say("13800138000").said == ["confirm_cancel_order"]

    @pytest.mark.parametrize("words", ["算了", "never mind", "不用了，谢谢"])
    def test_it_can_be_left_politely(self, talk: NewTalk, words: str):
        shopper = talk()
        shopper.say("我的订单到哪了")
        reply = shopper.say(words)
        assert reply.said == ["form_left"]
        assert reply.body["active_loop"] is None

    def test_asking_for_a_person_leaves_it(self, talk: NewTalk):
        shopper = talk()
        shopper.say("我的订单到哪了")
        reply = shopper.say("转人工")
        assert reply.body["messages"][0]["request"]["reason"] == "asked_for_human"
        assert reply.body["active_loop"] is None


class TestGivingUp:
    def test_three_failed_tries_end_in_a_request_for_a_person(self, talk: NewTalk):
        shopper = talk()
        shopper.say("我的订单到哪了")
        first, second = shopper.say("12345"), shopper.say("678901")
        third = shopper.say("112233")

        assert first.said == second.said == ["order_number_wrong", "ask_order_number"]
        assert third.body["messages"][0]["request"]["reason"] == "form_given_up"
        assert third.body["active_loop"] is None

    def test_the_next_form_starts_with_no_tries(self, talk: NewTalk):
        shopper = talk()
        shopper.say("我的订单到哪了")
        for wrong in ("12345", "678901", "112233"):
            shopper.say(wrong)

        shopper.say("我的订单到哪了")

        assert shopper.say("445566").said == ["order_number_wrong", "ask_order_number"]


def every_detour_and_slot() -> list[tuple[str, str]]:
    intents = [
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "track_order",
        "order_details",
        "cancel_order",
        "change_address",
        "return_item",
        "exchange_item",
        "refund_status",
        "invoice",
        "price_adjustment",
        "report_problem",
        "lost_parcel",
        "complain",
        "ask_human",
        "ask_bot_identity",
        "chitchat",
        "ask_question",
        "out_of_scope",
        "inform",
        "nlu_fallback",
    ]
    return [
        (intent, slot)
        for intent in intents
        for slot in ("none", "order_number", "order_proof", "confirmed")
    ]


@pytest.mark.parametrize(("intent", "asked"), every_detour_and_slot())
def test_nothing_that_may_be_meant_is_met_with_silence(
    talk: NewTalk, stub: StubActions, intent: str, asked: str
):
    shopper = talk()
    if asked != "none":
        shopper.press("cancel_order")
    if asked in {"order_proof", "confirmed"}:
        shopper.say(NUMBER)
    if asked == "confirmed":
        shopper.say("13800138000")

    reply = shopper.press(intent)

    assert reply.status == 200, reply.body
    assert reply.said
