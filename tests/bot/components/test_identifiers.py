from __future__ import annotations

import time

import pytest

from bot.components.identifiers import find_fragment, find_identifiers, is_bare


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("WL20261122001", "order_number", "WL20261122001"),
        ("我的订单ＷＬ２０２６１１２２００１呢", "order_number", "WL20261122001"),
        ("wl 2026-1122-001", "order_number", "WL20261122001"),
        ("订单号是 2026 1122 0012 345 谢谢", "order_number", "202611220012345"),
        ("13800138000", "phone", "13800138000"),
        ("+86 138 0013 8000", "phone", "+8613800138000"),
        ("电话0912-345-678", "phone", "0912345678"),
        ("+886 912 345 678", "phone", "+886912345678"),
        ("+852 6123 4567", "phone", "+85261234567"),
        ("call (415) 555-2671 please", "phone", "4155552671"),
        ("+44 20 7946 0958", "phone", "+442079460958"),
        ("顺丰SF1234567890123", "tracking_number", "SF1234567890123"),
        ("mail A.B+c@Example.com", "email", "a.b+c@example.com"),
    ],
)
def test_numbers_and_addresses_come_out_in_one_spelling(
    text: str, kind: str, value: str
):
    found = find_identifiers(text)
    assert [(each.kind, each.value) for each in found] == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "on 2026-11-22 at 10:30",
        "I bought 2 shirts for 199 yuan",
        "满300减50",
        "身高172体重66穿什么码",
        "2026年11月22日下的单",
        "",
    ],
)
def test_other_numbers_are_left_alone(text: str):
    assert find_identifiers(text) == []


def test_the_place_is_where_it_stands_in_the_text():
    text = "不对，订单号是 ＷＬ２０２６１１２２００２，手机13900139000"
    order, phone = find_identifiers(text)
    assert text[order.start : order.end] == "ＷＬ２０２６１１２２００２"
    assert text[phone.start : phone.end] == "13900139000"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("我的订单号是WL20261122001", True),
        ("不对，订单号是WL20261122001", True),
        ("it's WL20261122001.", True),
        ("取消WL20261122001", False),
        ("WL20261122001怎么还没到", False),
    ],
)
def test_bare_means_nothing_but_the_number_was_written(text: str, *, bare: bool):
    assert is_bare(text, find_identifiers(text)) is bare


@pytest.mark.parametrize(
    ("text", "value"),
    [("12345", "12345"), ("订单号 WL2026", "WL2026"), ("abc@", "abc@")],
)
def test_a_try_that_is_no_number_is_a_fragment(text: str, value: str):
    fragment = find_fragment(text)
    assert fragment is not None
    assert fragment.value == value


@pytest.mark.parametrize("text", ["满300减50怎么用", "hello", "我要买1000件T恤"])
def test_a_sentence_is_no_fragment(text: str):
    assert find_fragment(text) is None


@pytest.mark.parametrize(
    "text", ["1 " * 2000, "a@" * 2000, "1-" * 2000, "a." * 2000 + "@", "WL 1" * 1000]
)
def test_near_misses_cost_next_to_nothing(text: str):
    begun = time.perf_counter()
    find_identifiers(text[:4000])
    find_fragment(text[:4000])
    assert time.perf_counter() - begun < 0.5
