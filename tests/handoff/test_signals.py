from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handoff.signals import (
    Emotion,
    Entity,
    HandoffRequest,
    TriedArticle,
    TurnSignals,
    from_json,
    read_history,
    similarity,
    to_json,
)

FULL = TurnSignals(
    text="我的订单1001呢",
    language="zh-Hant",
    intent="track_order",
    intent_confidence=0.875,
    entities=(Entity(entity="order_number", value="1001"),),
    emotion=Emotion(label="angry", intensity=0.5, evidence=("呢",)),
    search_outcome="clarify",
    hits=(TriedArticle(article_id="a", title="A", probability=0.75),),
    bot_failure="timeout",
    requested=(HandoffRequest(reason="form_given_up", detail={"tries": 3}),),
    vector=(0.5, -0.25, 1.0),
    helpful=False,
    offer_answer="refused",
    active_loop="order_form",
)


def test_what_is_kept_is_read_back_the_same_through_json():
    kept = json.loads(json.dumps(to_json(FULL, decided="offer", reasons=["angry"])))

    read = from_json(kept, text=FULL.text)

    assert read.signals == FULL
    assert (read.decided, read.reasons) == ("offer", ("angry",))


def test_the_words_are_not_kept_twice():
    assert FULL.text not in json.dumps(to_json(FULL), ensure_ascii=False)


@pytest.mark.parametrize("kept", [{}, {"emotion": None, "hits": None}, {"vector": ""}])
def test_an_empty_or_older_row_counts_as_nothing_noticed(kept):
    assert from_json(kept).signals == TurnSignals(text="")


def test_the_history_begins_after_the_last_handoff():
    kept = [
        to_json(TurnSignals(text="", intent=name), decided=decided)
        for name, decided in [
            ("complain", "none"),
            ("complain", "handoff"),
            ("greet", "offer"),
            ("thank", "none"),
        ]
    ]

    history = read_history(kept)

    assert [past.signals.intent for past in history.turns] == ["greet", "thank"]


@given(st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=8))
def test_every_vector_is_its_own_twin_and_none_exceeds_one(vector):
    value = similarity(vector, vector)

    assert value == pytest.approx(1.0) or not any(v * v for v in vector)
    assert similarity(vector, [*vector, 1.0]) == 0.0
