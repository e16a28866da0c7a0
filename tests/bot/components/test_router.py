from __future__ import annotations

from typing import Any

import pytest

from bot.components.entities import entities_in
from bot.components.router import Bars, asks_for_person, route


def routed(text: str, *ranking: tuple[str, float]) -> str:
    rows: list[dict[str, Any]] = [
        {"name": name, "confidence": sure} for name, sure in ranking
    ]
    return str(route(text, rows, entities_in(text), bars=Bars())["name"])


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "轉人工客服",
        "我说了半天你听不懂，给我找个真人客服行不行",
        "人工",
        "I want to talk to a real person",
        "can I speak with an agent please",
        "Human please",
    ],
)
def test_a_plain_request_for_a_person_is_heard(text: str):
    assert asks_for_person(text)
    assert routed(text, ("chitchat", 0.6), ("ask_human", 0.35)) == "ask_human"


@pytest.mark.parametrize(
    "text", ["先不用轉客服", "do you have real people in your photos", "换个人造革的"]
)
def test_words_of_a_person_do_not_overrule_a_head_that_hears_no_request(text: str):
    assert asks_for_person(text)
    assert routed(text, ("ask_question", 0.9), ("ask_human", 0.02)) == "ask_question"
    assert routed(text, ("ask_question", 0.9)) == "ask_question"


@pytest.mark.parametrize(
    "text",
    [
        "这个包是人工皮革的吗",
        "人工智能音箱多少钱",
        "你是真人吗",
        "不用转人工",
        "人工客服几点上班",
        "is this cleaning agent safe",
        "are you a real person?",
    ],
)
def test_what_only_looks_like_one_is_not(text: str):
    assert not asks_for_person(text)


def test_a_number_answers_even_when_a_no_stands_before_it():
    assert routed("不对，是WL20261122001", ("deny", 0.9)) == "inform"


def test_a_wish_with_a_number_stays_a_wish():
    assert routed("取消订单WL20261122001", ("cancel_order", 0.9)) == "cancel_order"


@pytest.mark.parametrize("text", ["算了", "never mind", "那算了吧", "Forget it."])
def test_a_polite_way_out_is_a_no(text: str):
    assert routed(text, ("chitchat", 0.9)) == "deny"


def test_what_is_not_sure_enough_is_searched_instead():
    assert routed("嗯哼", ("cancel_order", 0.44), ("greet", 0.2)) == "nlu_fallback"
    assert routed("嗯哼", ("cancel_order", 0.6), ("return_item", 0.57)) == (
        "nlu_fallback"
    )
    assert routed("嗯哼", ("cancel_order", 0.6), ("return_item", 0.3)) == (
        "cancel_order"
    )
