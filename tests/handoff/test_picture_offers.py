"""A person is offered where a picture says what the bot cannot read."""

from __future__ import annotations

import pytest

from handoff.signals import History, to_json
from handoff.triggers import (
    Kind,
    PastTurn,
    TriggerPolicy,
    TurnSignals,
    decide,
    from_json,
)


def asked(text: str = "", intent: str | None = None, **more: object) -> TurnSignals:
    return TurnSignals(text=text, intent=intent, pictures=1, **more)  # type: ignore[arg-type]


def weighed(signals: TurnSignals, *before: PastTurn, **rules: str) -> tuple[str, ...]:
    policy = TriggerPolicy(rules=rules) if rules else TriggerPolicy()
    decision = decide(signals, History(turns=before), policy)
    return (decision.kind.value, *decision.codes)


@pytest.mark.parametrize(
    "signals",
    [
        asked(),
        asked("look", "return_item"),
        asked("look", "exchange_item"),
        asked("look", "ask_question", search_outcome="abstain"),
    ],
)
def test_a_person_is_offered(signals):
    assert weighed(signals) == ("offer", "picture_sent")


def test_a_return_begun_before_still_counts():
    before = PastTurn(signals=TurnSignals(text="退货", intent="return_item"))
    assert weighed(asked("这样", "inform"), before) == ("offer", "picture_sent")


def test_a_sure_answer_to_clear_words_is_enough():
    signals = asked("opening hours?", "ask_question", search_outcome="answer")
    assert weighed(signals) == ("none",)


def test_words_without_a_picture_are_no_matter_of_this_rule():
    assert weighed(TurnSignals(text="x", intent="return_item")) == ("none",)


def test_a_refused_offer_is_not_repeated_with_the_next_picture():
    before = PastTurn(signals=asked(), decided="offer", reasons=("picture_sent",))
    assert weighed(asked(), before) == ("none",)


def test_the_shop_may_hand_over_at_once_or_leave_it():
    assert weighed(asked(), picture_sent="handoff") == ("handoff", "picture_sent")
    assert weighed(asked(), picture_sent="off") == ("none",)


def test_the_number_of_pictures_is_remembered_with_the_turn():
    kept = to_json(asked(), decided=Kind.OFFER)
    assert from_json(kept).signals.pictures == 1
    assert from_json({}).signals.pictures == 0
