from __future__ import annotations

import pytest

from bot.components.identifiers import find_identifiers


def found(text: str) -> dict[str, str]:
    return {each.kind: each.value for each in find_identifiers(text)}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("改到江苏省南京市鼓楼区中山路１号", "江苏省南京市鼓楼区中山路1号"),
        ("地址：北京市朝阳区建国路88号2座1001室。", "北京市朝阳区建国路88号2座1001室"),
        ("台中市西屯區台灣大道300號", "台中市西屯區台灣大道300號"),
        ("deliver to 5 High Street, Leeds", "5 High Street, Leeds"),
    ],
)
def test_an_address_is_found_where_it_begins(text: str, address: str):
    assert found(text)["address"] == address


@pytest.mark.parametrize(
    "text",
    [
        "我住在上海市浦东新区世纪大道100号，能送到吗？",
        "我要改地址",
        "换成大一号的",
        "寄到哪里",
        "I want to return it to the shop",
        "it's 2 days late",
        "订单号是 WL20261122001",
        "the road was closed",
    ],
)
def test_a_question_or_a_wish_is_no_address(text: str):
    assert "address" not in found(text)


def test_a_telephone_before_an_address_is_still_the_buyers():
    told = found("我的手机13800138000，地址改成上海市浦东新区世纪大道100号")
    assert told["phone"] == "13800138000"
    assert "phone" not in found("改成上海市浦东新区世纪大道100号 13912345678")
