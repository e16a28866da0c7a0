from __future__ import annotations

import pytest

from bot.components.tokenizer import words


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("我的订单WL20261122001什么时候到", "WL20261122001"),
        ("联系a.b+c@example.com吧", "a.b+c@example.com"),
        ("I don't know", "don't"),
        ("下单于2026-11-22晚上", "2026-11-22"),
        ("我要退货", "退货"),
    ],
)
def test_some_words_stay_whole(text: str, whole: str):
    assert whole in [word for word, _ in words(text)]


@pytest.mark.parametrize("text", ["我要退貨，OK? 😀 ＷＬ１２", "  a  b ", "", "…"])
def test_every_word_stands_where_it_says(text: str):
    found = words(text)
    assert all(text[start : start + len(word)] == word for word, start in found)
    left = list(text)
    for word, start in found:
        left[start : start + len(word)] = " " * len(word)
    assert not "".join(left).strip()
