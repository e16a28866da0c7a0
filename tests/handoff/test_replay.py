"""Stored conversations under another policy: what moves, what it costs, and whom it leaves in anger."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from handoff import stories
from handoff.decisions import RULES, TriggerPolicy
from handoff.replay import (
    ANGRY_FROM,
    Change,
    Course,
    angry_and_alone,
    compare,
    recorded,
    redecide,
    spells_of,
)
from handoff.signals import Emotion, History, OrderSeen, PastTurn, TurnSignals
from handoff.triggers import decide_or_ask_back

POLICY = TriggerPolicy()


def turn(text="我的快递呢", decided="none", reasons=(), anger=0.0, **more):
    label = "angry" if anger else "neutral"
    emotion = Emotion(label=label, intensity=anger)
    signals = TurnSignals(text=text, language="zh-Hans", emotion=emotion, **more)
    return PastTurn(signals=signals, decided=decided, reasons=reasons)


def lived(*turns, policy=POLICY):
    """The conversation as the service would have decided it, turn by turn."""
    done = []
    for each in turns:
        decision = decide_or_ask_back(each.signals, History(turns=tuple(done)), policy)
        done.append(replace(each, decided=decision.kind.value, reasons=decision.codes))
        if decision.kind == "handoff":
            break
    [spell] = spells_of("c", done)
    return spell


class TestSpells:
    def test_a_conversation_is_cut_after_each_handoff(self):
        order = OrderSeen(number="7", total=2000, currency="CNY", state="late")
        first = turn("转人工", "handoff", ("asked_for_human",), order=order)

        one, two = spells_of("c", [turn(), first, turn("谢谢")])

        assert (len(one.steps), len(two.steps)) == (2, 1)
        assert recorded(one) == Course(handoff_at=1, reasons=("asked_for_human",))
        assert recorded(two) == Course()
        assert (one.settled_orders, two.settled_orders) == (frozenset(), {"7"})

    def test_the_present_policy_decides_as_it_did(self):
        spell = lived(turn(anger=0.5), turn(), turn(anger=0.7))

        assert redecide(spell, POLICY) == recorded(spell)
        assert recorded(spell).offers == (0,)

    def test_a_conversation_that_people_received_is_theirs_under_any_policy(self):
        received = turn("你好", "handoff", ("human_first",))
        [spell] = spells_of("c", [received])

        assert redecide(spell, POLICY) == recorded(spell)
        assert redecide(spell, POLICY).handoff_at == 0


class TestMoves:
    @pytest.mark.parametrize(
        ("angers", "threshold", "change"),
        [
            ((0.55, 0.7), 0.5, Change.EARLIER),
            ((0.65, 0.9), 0.8, Change.VANISHES),
            ((0.55,), 0.5, Change.APPEARS),
            ((0.7,), 0.65, None),
        ],
    )
    def test_a_threshold_moves_the_handoff(self, angers, threshold, change):
        spell = lived(*(turn(anger=anger) for anger in angers))
        policy = TriggerPolicy(anger_intensity=threshold)

        found = compare(
            [spell], [recorded(spell)], [redecide(spell, policy)], handling_minutes=5
        )

        assert [move.change for move in found.moves] == ([change] if change else [])

    def test_a_handoff_comes_later_where_the_record_goes_on(self):
        lax = TriggerPolicy(anger_intensity=0.4)
        [spell] = spells_of("c", [turn(anger=0.6), turn(anger=0.9)])

        early, late = (
            redecide(spell, lax),
            redecide(spell, TriggerPolicy(anger_intensity=0.8)),
        )

        assert compare([spell], [early], [late], handling_minutes=1).count(Change.LATER)

    def test_a_rule_that_is_switched_off_takes_its_handoffs_along(self):
        spell = lived(turn(anger=0.9))
        policy = TriggerPolicy(rules={**RULES, "angry": "off", "mild_emotion": "off"})

        assert redecide(spell, policy) == Course()

    def test_nobody_accepts_an_offer_that_was_never_made(self):
        spell = lived(turn(anger=0.5), turn("好的", offer_answer="accepted"))
        policy = TriggerPolicy(dissatisfied_offer=0.9)

        assert recorded(spell).reasons == ("shopper_accepted_offer",)
        assert redecide(spell, policy) == Course()


class TestToll:
    def test_agent_minutes_are_handoffs_times_what_one_takes(self):
        spell = lived(turn(anger=0.9))

        found = compare(
            [spell, spell], [recorded(spell)] * 2, [Course()] * 2, handling_minutes=6.5
        )

        assert (found.before.agent_minutes, found.after.agent_minutes) == (13.0, 0)

    @pytest.mark.parametrize(
        ("course", "left"),
        [
            (Course(), 3),
            (Course(handoff_at=0), 0),
            (Course(handoff_at=2), 2),
            (Course(offers=(1,)), 1),
            (Course(offers=(1,), handoff_at=2), 1),
        ],
    )
    def test_anger_counts_until_a_person_or_an_offer_comes(self, course, left):
        [spell] = spells_of("c", [turn(anger=ANGRY_FROM)] * 3)

        assert angry_and_alone(spell, course) == left

    def test_the_measure_of_anger_does_not_move_with_the_policy(self):
        [spell] = spells_of("c", [turn(anger=ANGRY_FROM - 0.01)])

        assert angry_and_alone(spell, Course()) == 0


class TestFiles:
    LINE: ClassVar = {
        "id": "h1",
        "language": "en",
        "turns": [
            {"text": "hello", "intent": "greet", "outcome": "smalltalk"},
            {
                "text": "this is a joke",
                "outcome": "abstain",
                "emotion": {"label": "angry", "intensity": 0.8},
            },
        ],
    }

    def test_people_may_write_conversations_by_hand(self):
        [spell] = stories.read_lines([json.dumps(self.LINE), ""])

        assert [each.turn.signals.search_outcome for each in spell.steps] == [
            None,
            "abstain",
        ]
        assert redecide(spell, POLICY).handoff_at == 1

    @pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', '{"turns": [{}]}', ""])
    def test_what_is_no_conversation_is_refused_with_its_line(self, line):
        with pytest.raises(stories.BadStories):
            stories.read_lines([line])

    def test_a_thousand_conversations_take_seconds(self):
        told = "我昨天下的单到现在还没有发货，你们到底什么时候发？" * 2
        vector = tuple(float(n % 7) for n in range(384))
        one = [turn(f"{told}{n}", vector=vector, anger=n / 20) for n in range(4)]
        started = time.perf_counter()
        spells = [spell for n in range(1000) for spell in spells_of(str(n), one)]
        for spell in spells:
            redecide(spell, TriggerPolicy(anger_intensity=0.9))

        assert time.perf_counter() - started < 15


def test_the_rooms_of_the_replay_touch_no_database():
    text = Path("handoff/replay.py").read_text("utf-8")
    assert "sqlalchemy" not in text
