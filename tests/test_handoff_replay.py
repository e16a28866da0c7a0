"""The replay of labelled conversations calls a right moment right, and a wrong one wrong."""

from __future__ import annotations

import pytest

from handoff.triggers import TriggerPolicy
from tests.bench.handoff_replay import Known, replay

NOTHING = Known(vectors={}, hits={})


def talk(*turns, at=None, latest=None, reason="none"):
    return {
        "id": "t1",
        "language": "en",
        "turns": [
            {
                "text": text,
                "intent": "ask_question",
                "outcome": outcome,
                "helpful": None,
                "emotion": {"label": label, "intensity": strength},
            }
            for text, outcome, label, strength in turns
        ],
        "handoff": {"at": at, "latest": latest, "reason": reason},
        "offer": [],
    }


CALM = ("do you ship to Spain", "answer", "neutral", 0.0)
ANGRY = ("this is outrageous", "answer", "angry", 0.9)
CROSS = ("hm, again nothing", "answer", "angry", 0.2)


@pytest.mark.parametrize(
    ("turns", "window", "kind"),
    [
        ((CALM, ANGRY), (1, 1), "right"),
        ((CALM, ANGRY), (0, 0), "late"),
        ((ANGRY, CALM), (1, 1), "early"),
        ((CALM, CALM), (1, 1), "missed"),
        ((CALM, ANGRY), (None, None), "needless"),
        ((CALM, CALM), (None, None), "none"),
    ],
)
def test_each_moment_gets_its_name(turns, window, kind):
    at, latest = window
    timing = replay(
        [talk(*turns, at=at, latest=latest, reason="angry")],
        TriggerPolicy(),
        known=NOTHING,
    )
    assert timing.moments[0].kind == kind
    assert timing.f1 == (1.0 if kind == "right" else 0.0)


def test_three_angry_messages_without_an_offer_are_noticed():
    in_vain = replay([talk(CROSS, CROSS, CROSS)], TriggerPolicy(), known=NOTHING)
    offered = replay(
        [talk(CROSS, CROSS, ANGRY, at=2, latest=2)], TriggerPolicy(), known=NOTHING
    )
    assert in_vain.angry_without_offer == ["t1"]
    assert offered.angry_without_offer == []
