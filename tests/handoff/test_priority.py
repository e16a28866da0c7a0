from __future__ import annotations

from datetime import timedelta

import pytest

from handoff.decisions import Reason
from handoff.priority import Standing, head_start, is_urgent
from handoff.signals import Emotion
from tests.people import NOON, minutes

TABLE = {
    "angry": 10,
    "sensitive": 15,
    "anxious": 5,
    "urgent": 5,
    "vip": 10,
    "valuable": 5,
    "repeated": 5,
    "most": 30,
}


def ahead(table=TABLE, *, codes=(), label="neutral", intensity=0.9, **more):
    return head_start(
        Standing(
            reasons=tuple(Reason(code=code) for code in codes),
            emotion=Emotion(label=label, intensity=intensity),
            **more,
        ),
        table,
        valuable_order=1000,
    )


@pytest.mark.parametrize(
    ("given", "parts"),
    [
        ({}, ()),
        ({"codes": ["angry"], "label": "angry"}, (("angry", 10),)),
        ({"codes": ["sensitive", "angry"], "label": "angry"}, (("sensitive", 15),)),
        ({"label": "anxious"}, (("anxious", 5),)),
        ({"label": "anxious", "intensity": 0.2}, ()),
        ({"tier": "vip"}, (("vip", 10),)),
        ({"order_total": 1000.0}, (("valuable", 5),)),
        ({"order_total": 999.0}, ()),
        ({"earlier_requests": 1}, (("repeated", 5),)),
        ({"text": "明天就要用了，来不及了"}, (("urgent", 5),)),
    ],
)
def test_every_claim_counts_by_its_own_name(given, parts):
    assert ahead(**given).parts == parts


def test_all_claims_together_are_capped_and_the_explanation_adds_up():
    most = ahead(
        codes=["sensitive"],
        tier="vip",
        order_total=5000.0,
        earlier_requests=3,
        text="I need it today, urgent",
    )

    assert most.minutes == 30
    assert sum(minutes for _, minutes in most.parts) == 30
    assert most.as_json()[0] == {"code": "sensitive", "minutes": 15}


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("我马上要出发了", True),
        ("急用，今天就要", True),
        ("The wedding is tomorrow", True),
        ("I need it tonight", True),
        ("我明天再来问", False),
        ("什么时候发货？", False),
        ("Is it available tomorrow?", False),
    ],
)
def test_urgency_is_a_pressing_time_in_so_many_words(text, urgent):
    assert is_urgent(text) is urgent


def served_last(*, most: int, hours: float) -> timedelta | None:
    """How long a calm shopper waits while somebody with every claim comes each minute.

    One agent who takes 60 s for each, so there is never a moment without somebody ahead.
    """
    table = {**TABLE, "most": most, "sensitive": 240, "vip": 240}
    head = ahead(table, codes=["sensitive"], tier="vip").minutes
    line = [(NOON, 0, "calm")]
    for minute in range(int(hours * 60)):
        now = NOON + minutes(minute)
        line.append((now - minutes(head), minute + 1, "pressing"))
        line.sort()
        if line.pop(0)[2] == "calm":
            return now - NOON
    return None


def test_nobody_starves_however_many_come_with_every_claim():
    assert served_last(most=30, hours=6) == timedelta(minutes=30)


def test_without_the_cap_the_calm_one_would_wait_for_ever():
    """Negative control: the same day, the cap as wide as the claims."""
    assert served_last(most=10_000, hours=6) is None
