"""Conversations as people really lead them: out of order, in pieces, corrected, in two languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.bot.running import Reply, Talk

pytestmark = pytest.mark.rasa
NewTalk = Callable[[], Talk]
NUMBER, OTHER, PHONE = "WL20261122001", "WL20261122002", "13800138000"
MAIL = "sam@example.com"


def slots(reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = reply.body["slots"]
    return found


def request(reply: Reply) -> dict[str, Any]:
    found: dict[str, Any] = reply.body["messages"][0]["request"]
    return found


def entities(reply: Reply) -> dict[str, str]:
    return {each["entity"]: each["value"] for each in reply.body["entities"]}


@pytest.mark.parametrize(
    ("opening", "correction", "confirmation"),
    [
        ("我要取消订单", "不对，是{}", "是的"),
        ("我要取消订单", "哦不是，订单号写错了，应该是 {}", "确认"),
        ("我要退货", "打错了 是{}", "好的"),
        ("我要退貨", "不對，是{}", "對"),
        ("我要換貨", "抱歉，應該是 {}", "好"),
        ("帮我开发票", "更正：{}", "可以"),
        ("I want to cancel my order", "no wait, it's {}", "yes"),
        ("I want to cancel my order", "sorry, I meant {}", "yes please"),
        ("I want to return an item", "actually it is {}", "ok"),
        ("I need an invoice for my order", "not that one, use {}", "sure"),
        ("I want to report a lost parcel", "wrong number, should be {}", "yes"),
    ],
)
class TestCorrections:
    def test_another_number_before_the_proof(
        self, talk: NewTalk, opening: str, correction: str, confirmation: str
    ):
        shopper = talk()
        shopper.say(opening)
        shopper.say(OTHER)
        reply = shopper.say(correction.format(NUMBER))
        assert reply.said == ["ask_order_proof"], reply.intent
        assert slots(reply)["order_number"] == NUMBER
        shopper.say(PHONE)
        assert request(shopper.say(confirmation))["order_number"] == NUMBER

    def test_another_number_at_the_question(
        self, talk: NewTalk, opening: str, correction: str, confirmation: str
    ):
        shopper = talk()
        question = shopper.say(f"{opening} {OTHER} {PHONE}").said
        reply = shopper.say(correction.format(NUMBER))
        assert reply.said == question, reply.intent
        assert request(shopper.say(confirmation))["order_number"] == NUMBER


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("WL 2026 1122 001", NUMBER),
        ("WL-20261122-001", NUMBER),
        ("wl20261122001", NUMBER),
        ("ＷＬ２０２６１１２２００１", NUMBER),
        ("ＷＬ　２０２６　１１２２　００１", NUMBER),
        ("订单号：WL20261122001。", NUMBER),
        ("訂單編號是 WL20261122001", NUMBER),
        ("it's number WL20261122001, thanks", NUMBER),
        ("「WL20261122001」", NUMBER),
        ("WL20261122001😀", NUMBER),
        ("WL\u200b2026\u20601122001", NUMBER),
    ],
)
def test_a_number_is_read_however_it_is_written(
    talk: NewTalk, written: str, number: str
):
    shopper = talk()
    shopper.say("我的订单到哪了")
    reply = shopper.say(written)
    assert reply.said == ["ask_order_proof"], reply.intent
    assert reply.body["messages"][0]["args"] == {"order_number": number}


@pytest.mark.parametrize(
    "written",
    [
        "138 0013 8000",
        "138-0013-8000",
        "１３８００１３８０００",
        "手机号是13800138000",
        "手機 138 0013 8000",
        "my phone is 13800138000",
        "Sam@Example.com",
        "邮箱 sam@example.com",
        "信箱是 sam@example.com",
        "ｓａｍ＠ｅｘａｍｐｌｅ．ｃｏｍ",
    ],
)
def test_a_contact_is_read_however_it_is_written(talk: NewTalk, written: str):
    shopper = talk()
    shopper.say("where is my order")
    shopper.say(NUMBER)
    assert shopper.say(written).said == ["order_status"]


@pytest.mark.parametrize(
    "written",
    [
        "SF 8537 0501 70457",
        "SF-8537-0501-70457",
        "ｓｆ８５３７０５０１７０４５７",
        "运单号SF8537050170457到哪了",
        "where is SF8537050170457",
    ],
)
def test_a_tracking_number_is_told_from_an_orders(talk: NewTalk, written: str):
    reply = talk().say(written)
    assert entities(reply)["tracking_number"] == "SF8537050170457"
    assert "order_number" not in entities(reply)


@pytest.mark.parametrize(
    ("text", "task", "said"),
    [
        (f"帮我取消订单{NUMBER}，手机{PHONE}", "cancel_order", "confirm_cancel_order"),
        (f"{NUMBER} {PHONE} 我要退货", "return_item", "confirm_return_item"),
        (f"我想換貨，訂單{NUMBER}，信箱{MAIL}", "exchange_item", "confirm_exchange_item"),
        (f"cancel {NUMBER}, my phone is {PHONE}", "cancel_order", "confirm_cancel_order"),
        (f"invoice for {NUMBER} please, {MAIL}", "invoice", "confirm_invoice"),
        (f"where is my order {NUMBER}? {PHONE}", "track_order", "order_status"),
        (f"我的快递到哪了 {NUMBER} {PHONE}", "track_order", "order_status"),
        (f"我的 order 到哪了 {NUMBER} phone {PHONE}", "track_order", "order_status"),
        (f"{PHONE} {NUMBER}", "track_order", "order_status"),
    ],
)  # fmt: skip
def test_three_facts_come_at_once(talk: NewTalk, text: str, task: str, said: str):
    reply = talk().say(text)
    assert reply.said == [said], (reply.intent, slots(reply))


def test_a_wish_beside_a_number_needs_less_to_be_believed(talk: NewTalk):
    assert talk().say(f"where is my order {NUMBER}").said == ["ask_order_proof"]


@pytest.mark.parametrize(
    ("question", "way_on"),
    [
        ("退货运费谁出？", PHONE),
        ("by the way, do you ship to Canada?", PHONE),
        ("how long does a refund take?", MAIL),
        ("退款要多久到账？", MAIL),
        ("运费险怎么赔？", MAIL),
    ],
)
def test_a_question_in_between_is_answered_and_the_form_goes_on(
    talk: NewTalk, question: str, way_on: str
):
    shopper = talk()
    shopper.say("我要退货")
    shopper.say(NUMBER)
    assert shopper.say(question).said == ["answer", "ask_order_proof"]
    assert shopper.say(way_on).said == ["confirm_return_item"]
    assert shopper.say(question).said == ["answer", "confirm_return_item"]
    assert request(shopper.say("好的"))["order_number"] == NUMBER


@pytest.mark.parametrize("tongues", [("zh", "en"), ("en", "zh"), ("hant", "en")])
@pytest.mark.parametrize("flow", ["cancel", "return", "invoice"])
def test_the_language_changes_between_all_turns(
    talk: NewTalk, flow: str, tongues: tuple[str, str]
):
    words = {
        "zh": {"cancel": "我要取消订单", "return": "我要退货", "invoice": "帮我开发票",
               "number": "订单号是 {}", "yes": "是的"},
        "hant": {"cancel": "我要取消訂單", "return": "我要退貨", "invoice": "幫我開發票",
                 "number": "訂單編號是 {}", "yes": "對"},
        "en": {"cancel": "I want to cancel my order", "return": "I want to return an item",
               "invoice": "I need an invoice for my order", "number": "the number is {}",
               "yes": "yes"},
    }  # fmt: skip
    first, second = (words[each] for each in tongues)
    shopper = talk()
    assert shopper.say(first[flow]).said == ["ask_order_number"]
    assert shopper.say(second["number"].format(NUMBER)).said == ["ask_order_proof"]
    [question] = shopper.say(PHONE).said
    assert question.startswith("confirm_")
    assert request(shopper.say(second["yes"]))["order_number"] == NUMBER


@pytest.mark.parametrize(
    "follow_up",
    ["cancel it", "can you cancel it", "please cancel that order", "取消它", "帮我把它取消了", "那就取消吧", "那個幫我取消"],
)  # fmt: skip
def test_it_is_the_order_just_spoken_of(talk: NewTalk, follow_up: str):
    shopper = talk()
    shopper.say(f"where is my order {NUMBER} {PHONE}")
    reply = shopper.say(follow_up)
    assert slots(reply)["order_number"] == NUMBER
    assert slots(reply)["requested_task"] == "cancel_order", reply.intent
    assert reply.said == ["ask_order_proof"]


@pytest.mark.parametrize(
    "text",
    ["另一个呢", "那另一单呢？", "另一個呢", "and the other one?", "what about my other order"],
)  # fmt: skip
def test_the_other_one_is_taken_for_an_order(talk: NewTalk, text: str):
    reply = talk().say(text)
    assert reply.intent == "inform"
    assert reply.body["active_loop"] == "order_form"


@pytest.mark.parametrize(
    "pieces",
    [
        ("你好", "我想", "取消一下订单", NUMBER, PHONE),
        ("在吗", "我买错了", "想取消订单", f"订单号 {NUMBER}", f"手机 {PHONE}"),
        ("hi", "i would like to", "cancel my order", f"it's {NUMBER}", f"phone {PHONE}"),
        ("hello", "ordered by mistake", "please cancel my order", NUMBER, MAIL),
        ("您好", "我買錯了", "我要取消訂單", NUMBER, PHONE),
    ],
)  # fmt: skip
def test_one_thought_may_come_in_five_messages(talk: NewTalk, pieces: tuple[str, ...]):
    shopper = talk()
    for piece in pieces[:-1]:
        reply = shopper.say(piece)
        assert "request" not in reply.said
    assert shopper.say(pieces[-1]).said == ["confirm_cancel_order"]


@pytest.mark.parametrize(
    "pieces",
    [
        ("你好", "我想", "取消一下订单", NUMBER, PHONE),
        ("hi", "i would like to", "cancel my order", f"it's {NUMBER}", f"phone {PHONE}"),
    ],
)  # fmt: skip
def test_five_messages_that_came_at_once_are_one_turn(
    talk: NewTalk, pieces: tuple[str, ...]
):
    """The service joins what came while a turn was under way, line by line."""
    assert talk().say("\n".join(pieces)).said == ["confirm_cancel_order"]


ADDRESSES = [
    ("把地址改成上海市浦东新区世纪大道100号", "上海市浦东新区世纪大道100号"),
    ("新地址是广东省深圳市南山区科苑路８号３栋", "广东省深圳市南山区科苑路8号3栋"),
    ("請寄到台北市大安區和平東路一段20號5樓", "台北市大安區和平東路一段20號5樓"),
    ("杭州市西湖区文三路90号", "杭州市西湖区文三路90号"),
    ("please send it to 12 Baker Street, London NW1 6XE", "12 Baker Street, London NW1 6XE"),
    ("1600 Pennsylvania Ave, Washington, DC 20500", "1600 Pennsylvania Ave, Washington, DC 20500"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "address"), ADDRESSES)
def test_a_new_address_is_taken_down(talk: NewTalk, text: str, address: str):
    shopper = talk()
    shopper.say("我要改收货地址")
    shopper.say(NUMBER)
    assert shopper.say(PHONE).said == ["ask_new_address"]
    reply = shopper.say(text)
    assert reply.said == ["confirm_change_address"], reply.intent
    assert entities(reply)["address"] == address


def test_a_telephone_beside_a_new_address_proves_nothing(talk: NewTalk):
    shopper = talk()
    reply = shopper.say(
        f"把订单{NUMBER}的地址改成上海市浦东新区世纪大道100号 李明 13912345678"
    )
    assert "phone" not in entities(reply)
    assert entities(reply)["order_number"] == NUMBER
    assert reply.said == ["ask_order_proof"], reply.intent


UNSEEN = ["\u200b", "\u2060", "\u202e", "\u00ad", "\ufeff", "\u2066"]


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize(
    ("text", "intent"),
    [("转人工客服", "ask_human"), ("where is my order", "track_order"), ("我要退貨", "return_item")],
)  # fmt: skip
def test_characters_nobody_sees_change_nothing(
    talk: NewTalk, text: str, intent: str, unseen: str
):
    hidden = unseen + text[:2] + unseen + text[2:] + unseen
    assert talk().say(hidden).intent == intent


@pytest.mark.parametrize("text", ["😀", "👍👍", "❤️", "🤔", "😀😀😀😀😀", "👨‍👩‍👧"])
def test_emoji_alone_are_answered_and_start_nothing(talk: NewTalk, text: str):
    reply = talk().say(text)
    assert reply.status == 200
    assert reply.body["active_loop"] is None
    assert set(reply.said) <= {
        "chitchat", "thank", "greet", "affirm", "goodbye", "answer", "sorry"
    }  # fmt: skip


RANTS = [
    "我真的太失望了，上次买的东西到现在都没有收到，打电话没人接，发邮件没人回。" * 60,
    "I have waited for weeks and nobody answers the phone about my parcel. " * 40,
    "！" * 2000,
    "a" * 2000,
]


@pytest.mark.parametrize("text", RANTS, ids=["zh", "en", "marks", "letters"])
def test_a_rant_of_two_thousand_characters_is_answered(talk: NewTalk, text: str):
    reply = talk().say(text[:2000])
    assert reply.status == 200
    assert reply.said


@pytest.mark.parametrize(
    "text",
    ["傻逼机器人", "废物", "you stupid bot", "fuck you", "垃圾客服", "你們是白痴嗎"],
)
def test_an_insult_is_felt_and_never_returned(talk: NewTalk, text: str):
    reply = talk().say(text)
    assert reply.body["emotion"]["label"] in {"angry", "dissatisfied"}
    assert set(reply.said) <= {"sorry", "chitchat", "answer", "bot_identity", "request"}
