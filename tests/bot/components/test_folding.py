from __future__ import annotations

import json

import pytest

from bot.components.folding import fold, fold_with_offsets, without_unseen
from tests.bot.running import ROOT

SHARED = ROOT / "tests" / "contracts" / "fold.json"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("我要退貨", "我要退货"),
        ("ＷＬ２０２６", "wl2026"),
        ("  Hello \u3000 World\n", "hello world"),
        ("訂單Ａ１ 到哪裡了？", "订单a1 到哪里了?"),
        ("", ""),
    ],
)
def test_spellings_that_count_as_the_same(text: str, folded: str):
    assert fold(text) == folded


def test_the_service_folds_by_the_same_examples():
    for example in json.loads(SHARED.read_text("utf-8")):
        assert fold(example["in"]) == example["out"]


def test_offsets_point_to_where_each_character_stood():
    text = "①垃圾ＡＢ貨"
    folded, offsets = fold_with_offsets(text)
    assert folded == "1垃圾ab货"
    assert [text[i] for i in offsets] == list(text)


def test_what_nobody_can_see_is_dropped():
    assert without_unseen("\u200b\u2060a\u202eb\ud800\x00\x1fc\td") == "abc d"
