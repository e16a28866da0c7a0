from __future__ import annotations

import json
from pathlib import Path

import pytest

from handoff.folding import fold, visible

EXAMPLES = Path(__file__).resolve().parents[1] / "contracts" / "fold.json"


@pytest.mark.parametrize("example", json.loads(EXAMPLES.read_text("utf-8")))
def test_it_folds_as_the_other_rooms_do(example):
    assert fold(example["in"]) == example["out"]


def test_what_nobody_sees_hides_nothing():
    assert visible("转\u200b人\u2060工") == "转人工"
