from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.folding import digest, fold

EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "contracts" / "fold.json").read_text("utf-8")
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: repr(one["in"]))
def test_both_sides_fold_like_the_contract(example):
    assert fold(example["in"]) == example["out"]


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_folding_leaves_no_white_space_at_the_ends_or_in_pairs(text):
    folded = fold(text)
    assert folded == folded.strip()
    assert "  " not in folded


def test_one_digest_for_all_spellings_and_another_for_another_kind():
    assert digest("退貨", kind="question") == digest(" 退货 ", kind="question")
    assert digest("退货", kind="question") != digest("退货", kind="answer")
