from __future__ import annotations

import pytest

from knowledge_base.languages import (
    cloud,
    detect,
    named,
    to_simplified,
    to_traditional,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("怎么退货", "zh-Hans"),
        ("請問怎麼退貨", "zh-Hant"),
        ("where is my order", "en"),
        ("refund 怎么还没到", "zh-Hans"),
        ("what does 好评返现 mean in your shop", "en"),
        ("iPhone 15 手機殼有貨嗎", "zh-Hant"),
    ],
)
def test_the_language_is_read_from_the_text(text, language):
    assert detect(text, fallback="en") == language


@pytest.mark.parametrize("text", ["", "😀", "123456", "？？？"])
def test_a_text_without_a_language_keeps_the_one_before(text):
    assert detect(text, fallback="zh-Hant") == "zh-Hant"


def test_characters_of_both_scripts_follow_the_reader():
    assert detect("你好", fallback="zh-Hant") == "zh-Hant"
    assert detect("你好", fallback="en") == "zh-Hans"


def test_both_scripts_are_one_cloud():
    assert cloud("退货") == cloud("退貨") == "zh"
    assert cloud("return") == "en"


def test_traditional_uses_the_words_of_the_place_and_spares_addresses():
    text = "软件里看 [运费](https://shop.example/运费)"
    assert to_traditional(text, table="s2twp").startswith("軟體裡看 [運費](")
    assert "https://shop.example/运费" in to_traditional(text, table="s2twp")
    assert to_traditional("软件", table="s2hk") != to_traditional("软件", table="s2twp")


def test_simplified_is_the_way_back():
    assert to_simplified("運費") == "运费"


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("EN-gb", "en"),
    ],
)
def test_a_code_with_a_region_means_one_of_the_three(code, language):
    assert named(code) == language


@pytest.mark.parametrize("code", ["fr", "", None, 7, "chinese"])
def test_another_code_is_refused(code):
    with pytest.raises(ValueError, match="none of"):
        named(code)
