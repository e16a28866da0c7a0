"""A second look before sending: what is shown, and what is rightly let through."""

from __future__ import annotations

import pytest

from api.settings import load_settings
from api.writing.check import Rules, check_reply
from tests.api.conftest import ROOT

CARE = load_settings({"WARMLINE_VAR": "/tmp/none"}, root=ROOT).care  # noqa: S108
RULES = Rules(banned=CARE.banned_words, over_promises=CARE.over_promises)


def codes(text: str, **given: object) -> list[str]:
    return [one.code for one in findings(text, **given)]


def findings(text: str, **given: object):
    values = {
        "language": "zh-Hans",
        "unanswered": (),
        "known_numbers": (),
        "rules": RULES,
        **given,
    }
    return check_reply(text, **values)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("这个不归我管的", "banned_word"),
        ("您不要急，我们保证明天到货", "over_promise"),
        ("是您自己填错了地址", "blame"),
        ("您怎么不早点说呢", "blame"),
        ("请联系王先生 13812345678 处理", "personal_data"),
        ("对方邮箱是 li.na@example.com，请发过去", "personal_data"),
        ("卡号 4111 1111 1111 1111 已收到", "personal_data"),
        ("身份证 110101199003077758 已登记", "personal_data"),
        ("{shopper_name}您好，已经处理好了", "unfilled"),
    ],
)
def test_what_is_worth_a_second_look_is_shown(text, code):
    assert codes(text) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("You should have checked the address first.", "blame"),
        ("We guarantee that it arrives tomorrow.", "over_promise"),
        ("Please calm down and wait for it.", "banned_word"),
    ],
)
def test_so_is_the_same_in_english(text, code):
    assert codes(text, language="en") == [code]


@pytest.mark.parametrize(
    "text",
    [
        "您好，您的包裹已经到上海，预计明天送达。",
        "给您添麻烦了，很抱歉，我们马上补发。",
        "订单 WL20260301 已经发出。",
        "好的",
        "OK 👍",
    ],
)
def test_a_good_reply_is_let_through(text):
    assert codes(text, known_numbers={"WL20260301"}) == []


def test_an_english_word_is_not_found_inside_another():
    assert codes("It is an indefinitely long story here.", language="en") == []


def test_a_number_that_is_almost_the_orders_is_a_slip():
    [found] = findings("您的订单 WL20260310 已发货", known_numbers={"WL20260301"})
    assert (found.code, found.words, found.instead) == (
        "order_number_typo",
        "WL20260310",
        "WL20260301",
    )


def test_the_number_itself_and_another_one_are_no_slips():
    known = {"WL20260301", "SF1234567890123"}
    assert codes("订单 WL-20260301，运单 SF1234567890123", known_numbers=known) == []
    assert codes("请看另一个订单 88880000", known_numbers=known) == []


def test_a_known_long_number_is_not_somebodys_telephone():
    assert codes("订单 13812345678 已发货", known_numbers={"13812345678"}) == []


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("Your parcel arrives tomorrow", "zh-Hans", "wrong_language"),
        ("您的包裹明天就会送到", "en", "wrong_language"),
        ("您的包裹明天就會送達，請留意電話", "zh-Hans", "wrong_script"),
        ("您的包裹明天会送达，请留意电话", "zh-Hant", "wrong_script"),
    ],
)
def test_another_language_or_script_than_the_shoppers_is_shown(text, language, code):
    [found] = findings(text, language=language)
    assert (found.code, found.instead) == (code, language)


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("我的包裹什么时候到？", "您好，请您放心，我们很重视您的包裹。"),
        ("运费多少钱？", "运费由买家承担。"),
        ("为什么取消了我的订单？", "很抱歉给您带来不便。"),
        ("红色有没有大码？ 保修怎么办理？", "红色有大码。"),
    ],
)
def test_a_question_that_is_passed_over_is_shown(question, reply):
    assert codes(reply, unanswered=(question,)) == ["unanswered_question"]


@pytest.mark.parametrize(
    ("question", "reply", "language"),
    [
        ("我的包裹什么时候到？", "预计明天下午送到。", "zh-Hans"),
        ("可以开发票吗？", "可以的，请把抬头发给我。", "zh-Hans"),
        ("保修怎么办理？", "保修请在订单页里点申请。", "zh-Hans"),
        ("我的包裹什么时候到？", "好的，我马上帮您查一下。", "zh-Hans"),
        ("When will it arrive?", "It arrives on Friday.", "en"),
        ("Can I change the size?", "Yes, you can, until it is packed.", "en"),
        ("谢谢", "不客气。", "zh-Hans"),
    ],
)
def test_a_question_that_is_taken_up_is_not(question, reply, language):
    assert codes(reply, unanswered=(question,), language=language) == []


def test_a_very_long_reply_is_looked_at_in_no_time():
    assert "over_promise" in codes("保证" * 1000, unanswered=("为什么？" * 500,))
