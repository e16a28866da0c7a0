"""What agents' marks say about the thresholds, and when they say too little."""

from __future__ import annotations

from uuid import uuid4

import pytest

from handoff.decisions import TriggerPolicy
from handoff.fitting import (
    CHANCE,
    ENOUGH_MARKS,
    GRIDS,
    Marked,
    chance,
    fit,
    judge,
    still_missing,
)
from handoff.marks import Verdict
from handoff.replay import Course, spells_of
from handoff.signals import Emotion, PastTurn, TurnSignals

POLICY = TriggerPolicy()


def handed(anger):
    """A spell that anger of this strength ended, with a name for its handoff."""
    signals = TurnSignals(
        text="唉", emotion=Emotion(label="angry", intensity=anger), language="zh-Hans"
    )
    turns = [
        PastTurn(signals=TurnSignals(text="我的包裹")),
        PastTurn(signals=signals, decided="handoff", reasons=("angry",)),
    ]
    [spell] = spells_of(str(uuid4()), turns)
    return type(spell)(**{**spell.__dict__, "handoff_id": uuid4()})


def fitted(*groups):
    """Fit on groups of (number, anger, verdict)."""
    marked = [
        (handed(anger), verdict) for n, anger, verdict in groups for _ in range(n)
    ]
    verdicts = {spell.handoff_id: verdict for spell, verdict in marked}
    return fit([spell for spell, _ in marked], verdicts, POLICY, handling_minutes=6)


def curve(found, name="anger_intensity"):
    return next(one for one in found.curves if one.name == name)


class TestJudging:
    @pytest.mark.parametrize(
        ("verdict", "at", "judged"),
        [
            (Verdict.RIGHT, 1, "right"),
            (Verdict.RIGHT, 0, "early"),
            (Verdict.RIGHT, None, "late"),
            (Verdict.TOO_EARLY, 1, "early"),
            (Verdict.TOO_EARLY, 0, "early"),
            (Verdict.TOO_EARLY, None, "right"),
            (Verdict.TOO_LATE, 0, "right"),
            (Verdict.TOO_LATE, 1, "late"),
            (Verdict.TOO_LATE, None, "late"),
            (Verdict.BOT_COULD, None, "right"),
            (Verdict.BOT_COULD, 1, "early"),
        ],
    )
    def test_a_course_is_judged_by_the_mark(self, verdict, at, judged):
        marked = Marked(spell=handed(0.9), verdict=verdict)

        assert judge(marked, Course(handoff_at=at)) == judged


class TestProposals:
    def test_many_marks_that_agree_move_the_threshold_between_them(self):
        found = fitted((15, 0.62, Verdict.TOO_EARLY), (20, 0.9, Verdict.RIGHT))

        anger = curve(found)
        assert found.proposed == {"anger_intensity": 0.65}
        assert (anger.mended, anger.broken, anger.missing) == (15, 0, 0)

    def test_the_curve_shows_early_against_late_and_what_it_costs(self):
        found = fitted((15, 0.62, Verdict.TOO_EARLY), (20, 0.9, Verdict.RIGHT))
        points = {point.value: point for point in curve(found).points}

        assert (points[0.6].too_early, points[0.6].too_late) == (15, 0)
        assert (points[0.65].too_early, points[0.65].too_late) == (0, 0)
        assert (points[0.95].too_early, points[0.95].too_late) == (0, 20)
        assert (points[0.6].agent_minutes, points[0.65].agent_minutes) == (210, 120)
        # those of 0.62 are offered a person instead, so nobody is left alone
        assert points[0.65].angry_shoppers == 0

    def test_too_few_marks_propose_nothing_and_say_how_many_are_missing(self):
        found = fitted((9, 0.62, Verdict.TOO_EARLY), (1, 0.9, Verdict.RIGHT))

        assert found.proposed == {}
        assert found.missing_marks == ENOUGH_MARKS - 10

    def test_marks_that_disagree_propose_nothing(self):
        found = fitted((16, 0.62, Verdict.TOO_EARLY), (15, 0.62, Verdict.RIGHT))

        anger = curve(found)
        assert found.proposed == {}
        assert anger.missing > 0

    def test_handoffs_that_were_right_are_left_alone(self):
        found = fitted((40, 0.7, Verdict.RIGHT))

        assert found.proposed == {}
        assert curve(found).best == POLICY.anger_intensity

    def test_marks_whose_conversation_is_gone_are_told(self):
        found = fit([], {uuid4(): Verdict.RIGHT}, POLICY, handling_minutes=6)

        assert (found.lost, sum(found.marks.values())) == (1, 0)


class TestChance:
    def test_it_is_the_tail_of_a_fair_coin(self):
        assert chance(5, 0) == 1 / 32
        assert chance(3, 1) == 5 / 16

    def test_what_is_missing_is_just_enough(self):
        more = still_missing(2, 1)

        assert chance(2 + more, 1) <= CHANCE / len(GRIDS)
        assert chance(2 + more - 1, 1) > CHANCE / len(GRIDS)


def test_every_number_of_a_grid_is_one_of_the_policy():
    assert set(GRIDS) <= set(TriggerPolicy.__dataclass_fields__)
