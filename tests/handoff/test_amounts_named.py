"""Sums in a shopper's words, in both languages, and what only looks like one."""

from __future__ import annotations

import pytest

from handoff.amounts_named import amounts_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("退我99元", "99 CNY"),
        ("退我９９元", "99 CNY"),
        ("¥99.90", "99.90 CNY"),
        ("￥９９．９０", "99.90 CNY"),
        ("¥99元", "99 CNY"),
        ("一百二十块", "120 CNY"),
        ("一百二块钱", "120 CNY"),
        ("两千五块钱", "2,500 CNY"),
        ("一百零五块", "105 CNY"),
        ("三块钱", "3 CNY"),
        ("1.2万元", "12,000.0 CNY"),
        ("100人民币", "100 CNY"),
        ("100 RMB", "100 CNY"),
        ("NT$1,200", "1,200 TWD"),
        ("1200新台幣", "1,200 TWD"),
        ("HK$ 80", "80 HKD"),
        ("80港币", "80 HKD"),
        ("US$20", "20 USD"),
        ("20美金", "20 USD"),
        ("20 dollars", "20 $"),
        ("$20 off", "20 $"),
        ("二十塊錢", "20 元"),
        ("還我300元", "300 元"),
        ("€15", "15 EUR"),
    ],
)
def test_a_sum_is_read_with_its_currency(text: str, expected: str) -> None:
    assert [each.value for each in amounts_in(text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "一块退了吧",
        "三块手表",
        "3块手表",
        "2单元301",
        "42码",
        "订单WL20261105001",
        "13800138000",
        "the 3 shirts",
        "五元素",
        "20 dollarstore",
        "99 pieces",
    ],
)
def test_what_only_looks_like_a_sum_is_none(text: str) -> None:
    assert amounts_in(text) == []
