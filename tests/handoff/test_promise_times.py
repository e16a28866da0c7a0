"""Promises with a time are found in both scripts and English; wishes and questions are not."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handoff.promise_times import find_promises

SHANGHAI = ZoneInfo("Asia/Shanghai")
#: a Tuesday, ten in the morning
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=SHANGHAI)


def due(text: str, *, now: datetime = NOW) -> list[str]:
    found = find_promises(text, now=now, zone=SHANGHAI)
    return [f"{one.due_at.astimezone(SHANGHAI):%m-%d %H:%M}" for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24小时内回复您", "03-04 10:00"),
        ("我會在24小時內回覆您。", "03-04 10:00"),
        ("半小时内给您答复", "03-03 10:30"),
        ("一个半小时内联系您", "03-03 11:30"),
        ("两个小时后给您打电话", "03-03 12:00"),
        ("退款会在1-3个工作日内到账", "03-06 18:00"),
        ("仓库五个工作天內補寄", "03-10 18:00"),
        ("明天下午给您答复", "03-04 18:00"),
        ("明天下午三点前给您打电话", "03-04 15:00"),
        ("今天下班前处理好", "03-03 18:00"),
        ("今晚8点前通知您", "03-03 20:00"),
        ("後天上午聯繫您", "03-05 12:00"),
        ("周五之前给您结果", "03-06 18:00"),
        ("下週一早上回電給您", "03-09 10:00"),
        ("3月8日前补发", "03-08 18:00"),
        ("I'll call you tomorrow before noon", "03-04 12:00"),
        ("We will get back to you within 24 hours.", "03-04 10:00"),
        ("I will e-mail you by Friday.", "03-06 18:00"),
        ("You'll hear from us by 5 pm today.", "03-03 17:00"),
        ("My colleague will contact you within two business days.", "03-05 18:00"),
        ("I'll send it this afternoon.", "03-03 18:00"),
        ("We'll update you next Monday", "03-09 18:00"),
    ],
)
def test_a_promise_is_found_with_its_time(text, expected):
    assert due(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "好的，我马上帮您看",
        "我会尽快回复您",
        "请您在24小时内回复我们",
        "您明天方便接电话吗？",
        "如果明天还没到，请联系我们",
        "这个问题24小时内无法处理",
        "昨天已经给您发货",
        "商品签收后7天内可以退货",
        "I'll look into it as soon as I can.",
        "Could you send it to us by Friday?",
        "Please reply within 24 hours.",
        "You can return it within 7 days.",
        "We won't ship it tomorrow.",
        "Order 20260303 costs 24 yuan.",
    ],
)
def test_what_is_no_promise_of_ours_is_none(text):
    assert due(text) == []


def test_two_sentences_are_two_promises_each_at_its_place():
    text = "我明天上午给您打电话。退款三天内到账。"
    first, second = find_promises(text, now=NOW, zone=SHANGHAI)

    assert text[first.place :].startswith("我明天")
    assert text[second.place :].startswith("退款")


def test_today_said_late_ends_with_the_day():
    evening = NOW.replace(hour=19)
    assert due("今天给您答复", now=evening) == ["03-03 23:59"]


@pytest.mark.parametrize(
    "text", ["", "。。。", "9999999小时内回复您", "25点前回复您", "2月30日前处理"]
)
def test_nonsense_promises_nothing(text):
    assert due(text) == []


def test_a_very_long_text_takes_no_time():
    assert due("我会在" * 5000) == []
