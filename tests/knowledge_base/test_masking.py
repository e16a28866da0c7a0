from __future__ import annotations

import pytest

from knowledge_base.masking import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的手机是13812345678", "我的手机是[number]"),
        ("打 138-1234-5678 吧", "打 [number] 吧"),
        ("+852 9123 4567", "[number]"),
        ("mei.lin+shop@mail.example.cn 没收到", "[email] 没收到"),
        ("订单WL20260001到哪了", "订单[number]到哪了"),
        ("order WL-2026-0001 please", "order [number] please"),
        ("看 https://x.example/a?b=1 这个", "看 [link] 这个"),
        ("１３８１２３４５６７８", "[number]"),
        ("一三八一二三四五六七八", "[number]"),
        ("我叫王小明", "我叫[name]"),
        ("收件人：李雷", "收件人：[name]"),
        ("My name is Anna Smith, hello", "My name is [name], hello"),
    ],
)
def test_what_reaches_or_names_somebody_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    ["7天内能退吗", "满199包邮吗", "iPhone 15 case?", "M码 170 合适吗", "3-5 days?"],
)
def test_what_the_question_is_about_stays(text):
    assert mask(text) == text
