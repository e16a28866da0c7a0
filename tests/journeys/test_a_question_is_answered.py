"""A shopper asks; a right answer comes with its source, or an honest 'I don't know'."""

from __future__ import annotations

import pytest

from tests.journeys.people import Sam

pytestmark = pytest.mark.rasa

QUESTIONS = [
    ("zh-Hans", "退货期限是几天", "return-time-limit", "退"),
    ("zh-Hant", "請問海外訂單大概要幾天才會到", "shipping-time-abroad", "訂單"),
    (
        "en",
        "how many days do I have to return something",
        "return-time-limit",
        "return",
    ),
    ("en", "which payment methods do you take", "payment-methods", "pay"),
]


@pytest.mark.parametrize(("language", "text", "article", "word"), QUESTIONS)
def test_a_known_question_gets_its_article_in_the_shoppers_script(
    desk, language, text, article, word
):
    sam = Sam(desk.base).arrive()
    said = sam.say(text)
    assert [source["article_id"] for source in sam.sources] == [article], said
    assert sam.sources[0]["title"]
    if language == "zh-Hant":
        # Simplified-only characters would betray an answer that was not converted.
        assert not set("订单达国际发货") & set(said), said
    else:
        assert word in said.lower()


@pytest.mark.parametrize(
    "text", ["周末北京会下雨吗", "這週末台北會下雨嗎", "who won the world cup in 1998?"]
)
def test_a_question_that_no_article_answers_is_admitted(desk, text):
    sam = Sam(desk.base).arrive()
    assert sam.say(text)
    assert sam.sources == []
    assert sam.status() == "bot"


@pytest.mark.parametrize(
    ("text", "article", "asked"),
    [
        ("where is my parcel and can I still return it?", "return", "order number"),
        ("我的快递到哪了？另外退货运费谁出？", "return", "订单号"),
        ("請問我的包裹到哪了？另外退貨運費誰出？", "return", "訂單"),
    ],
)
def test_a_question_beside_a_wish_is_answered_and_the_wish_goes_on(
    desk, text, article, asked
):
    sam = Sam(desk.base).arrive()
    said = sam.say(text)
    assert any(article in source["article_id"] for source in sam.sources), said
    assert asked in said.lower()
