"""Whole conversations, turn by turn: when a person is offered, and when one is called.

Written as a development set beside the rules of `handoff/course.py`; how good these are
is measured on the held-out conversations by `make report-card`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from handoff.triggers import (
    Emotion,
    History,
    PastTurn,
    TriggerPolicy,
    TurnSignals,
    decide,
)


@dataclass(frozen=True)
class Said:
    """One message; questions about one thing share a direction."""

    text: str
    intent: str = "ask_question"
    about: tuple[float, ...] | None = None
    mood: str = "neutral"
    strength: float = 0.0
    answer: str | None = None


FEE, TIME = (1.0, 0.0), (0.0, 1.0)


def course(*said):
    """Return what was decided at each turn, up to the handoff."""
    past: list[PastTurn] = []
    for each in said:
        signals = TurnSignals(
            text=each.text,
            intent=each.intent,
            intent_confidence=0.95,
            vector=each.about,
            emotion=Emotion(label=each.mood, intensity=each.strength),
            offer_answer=each.answer,
        )
        decision = decide(signals, History(turns=tuple(past)), TriggerPolicy())
        past.append(
            PastTurn(signals=signals, decided=decision.kind, reasons=decision.codes)
        )
        if decision.kind == "handoff":
            break
    return [turn.decided.value for turn in past]


LOOPS = [
    (
        [
            Said("退货运费谁出", about=FEE),
            Said("所以寄回去的钱到底是谁付", about=FEE),
            Said("我还是不知道运费是不是我付", about=FEE),
        ],
        ["none", "offer", "handoff"],
    ),
    (
        [
            Said("how long do refunds take", about=TIME),
            Said("ok thanks", intent="thank"),
            Said("but when does the money come back", about=TIME),
            Said("i asked how long it takes"),
        ],
        ["none", "none", "offer", "handoff"],
    ),
    (
        [
            Said("我的包裹在哪", intent="track_order", about=TIME),
            Said("WL20261122001", intent="inform"),
            Said("那它現在到底在哪裡", intent="track_order", about=TIME),
            Said("不用轉", intent="deny", answer="refused"),
            Said("那我的東西在哪", intent="track_order", about=TIME),
        ],
        ["none", "none", "offer", "none", "none"],
    ),
    # one thing after another about one matter is no loop
    (
        [
            Said("do you ship to Norway", about=TIME),
            Said("do you ship to Sweden", about=TIME),
            Said("and to Finland, how much", about=FEE),
        ],
        ["none", "none", "none"],
    ),
]

TRENDS = [
    # a number given on the way calms nobody
    (
        [
            Said("我的外套呢", intent="track_order"),
            Said("怎么这么慢", intent="complain", mood="dissatisfied", strength=0.4),
            Said("WL20261122001", intent="inform"),
            Said("太离谱了", intent="complain", mood="angry", strength=0.5),
        ],
        ["none", "none", "none", "handoff"],
    ),
    # who is calm again is calm
    (
        [
            Said("where is it", intent="track_order"),
            Said("bit slow", intent="complain", mood="dissatisfied", strength=0.4),
            Said("what do you charge for express", about=FEE),
            Said("hm pricey", intent="complain", mood="dissatisfied", strength=0.44),
        ],
        ["none", "none", "none", "none"],
    ),
]


@pytest.mark.parametrize(("said", "decided"), LOOPS)
def test_a_loop_is_offered_a_person_once_and_then_gets_one(said, decided):
    assert course(*said) == decided


@pytest.mark.parametrize(("said", "decided"), TRENDS)
def test_a_trend_is_read_over_what_shows_a_feeling(said, decided):
    assert course(*said) == decided
