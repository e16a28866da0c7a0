"""Days in a shopper's words, in both languages, and what only looks like one."""

from __future__ import annotations

from datetime import date

import pytest

from handoff.days_named import days_in

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("昨天就该到了", "2026-11-22"),
        ("前天下的单", "2026-11-21"),
        ("大前天寄出", "2026-11-20"),
        ("後天會到嗎", "2026-11-25"),
        ("上周五买的", "2026-11-20"),
        ("上週五買的", "2026-11-20"),
        ("上个星期天收到", "2026-11-22"),
        ("下周一能到吗", "2026-11-30"),
        ("下禮拜一能到嗎", "2026-11-30"),
        ("这周三之前", "2026-11-25"),
        ("周五到的", "2026-11-20 / 2026-11-27"),
        ("3号付的款", "2026-11-03 / 2026-12-03"),
        ("３號付款", "2026-11-03 / 2026-12-03"),
        ("11月5日下单", "2026-11-05"),
        ("１１月５日下单", "2026-11-05"),
        ("十一月五号下单", "2026-11-05"),
        ("十二月二十五號前", "2026-12-25"),
        ("1月2号要用", "2027-01-02"),
        ("2026年11月5日", "2026-11-05"),
        ("2026-11-05 ordered", "2026-11-05"),
        ("5/11 买的", "2026-05-11"),
        ("it was yesterday", "2026-11-22"),
        ("the day before yesterday it came", "2026-11-21"),
        ("I bought it last Friday", "2026-11-20"),
        ("last Monday", "2026-11-16"),
        ("will it come next Friday?", "2026-11-27 / 2026-12-04"),
        ("by Friday please", "2026-11-27"),
        ("paid on the 3rd", "2026-11-03 / 2026-12-03"),
        ("ordered Nov 5", "2026-11-05"),
        ("ordered on November 5th, 2025", "2025-11-05"),
        ("the 5th of November", "2026-11-05"),
        ("ordered 5/11", "2026-05-11 / 2026-11-05"),
        ("ordered 25/11", "2026-11-25"),
    ],
)
def test_a_day_is_read_as_the_shoppers_calendar_has_it(
    text: str, expected: str
) -> None:
    assert [each.value for each in days_in(text, today=MONDAY)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "送到3号楼",
        "中山路3号",
        "地铁3号线",
        "3號倉庫",
        "第3号",
        "42码太大",
        "88号",
        "WL20261105001",
        "订单202611050012",
        "13800138000",
        "2026-11-05-77",
        "the 3 shirts",
        "on the 3rd floor",
        "open 24/7",
        "1/2 of it",
        "size 10/12",
        "Black Friday sale",
        "2月30日",
        "三月的活动",
        "I may 5",
        "marble 5",
    ],
)
def test_what_only_looks_like_a_day_is_none(text: str) -> None:
    assert days_in(text, today=MONDAY) == []


def test_two_days_keep_their_order() -> None:
    found = days_in("昨天说11月25日到", today=MONDAY)
    assert [each.value for each in found] == ["2026-11-22", "2026-11-25"]
