from __future__ import annotations

import pytest

from api.settings import LANGUAGES
from api.spoken_language import language_of


@pytest.mark.parametrize("before", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize(
    "text",
    [
        "thanks",
        "Thanks!",
        "hello",
        "ＨＥＬＬＯ",
        "agent",
        "REFUND",
        "refund?",
        "ok thanks",
        "no refund",
        "thank you",
        "where is my order",
        "where is SF1234567890",
        "WHERE IS MY ORDER",
        "спасибо большое",
        "¿Dónde está mi pedido?",
    ],
)
def test_english_is_answered_in_english_even_a_lone_word(text: str, before: str):
    assert language_of(text, before) == "en"


@pytest.mark.parametrize("before", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "OK!",
        "ok ok",
        "bye",
        "SF1234567890",
        "DX-2026-0301",
        "DX20260301 sam@example.com",
        "sam@example.com",
        "thanks@example.com",
        "+86 138 0013 8000",
        "13800138000",
        "SKU-ABC-RED",
        "SKU-ABC XL",
        "XL",
        "iPhone 15",
        "nike",
        "https://shop.example/refund",
        "#10086",
        "😀",
        "？",
        "",
        "ありがとう",
    ],
)
def test_what_is_written_alike_everywhere_changes_nothing(text: str, before: str):
    assert language_of(text, before) == before


@pytest.mark.parametrize(
    ("text", "before", "language"),
    [
        ("怎么退货", "en", "zh-Hans"),
        ("請問怎麼退貨", "en", "zh-Hant"),
        ("你好", "zh-Hant", "zh-Hant"),
        ("你好", "en", "zh-Hans"),
        ("refund 怎么还没到", "en", "zh-Hans"),
        ("退款 thanks", "zh-Hans", "zh-Hans"),
    ],
)
def test_chinese_is_answered_in_its_script(text: str, before: str, language: str):
    assert language_of(text, before) == language


def test_a_language_that_nobody_knows_counts_as_simplified_chinese():
    assert language_of("ok", "fr") == "zh-Hans"
