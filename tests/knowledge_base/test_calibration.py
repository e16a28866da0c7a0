from __future__ import annotations

import json
import math
import random
from dataclasses import replace

import pytest

from knowledge_base import calibration
from knowledge_base.calibration import (
    FEATURES,
    SHIPPED,
    Calibration,
    expected_error,
    fit,
    load,
    reliability,
    save,
    thresholds,
)
from knowledge_base.errors import BadCalibration

OURS = Calibration(
    model_id="hash",
    bias=-1.0,
    weights=(1.0,) * len(FEATURES),
    means={"zh": calibration._mean([0.5, 0.25])},
    report={"held_out": 3},
)


class TestFit:
    def test_the_chances_behind_the_labels_are_found_again(self):
        chance = random.Random(6)  # noqa: S311  (repeatable on purpose)
        rows, right = [], []
        for _ in range(4000):
            row = (chance.uniform(-1, 1), chance.uniform(-1, 1))
            truth = 1 / (1 + math.exp(-(-0.5 + 3 * row[0])))
            rows.append(row)
            right.append(chance.random() < truth)
        bias, weights = fit(rows, right)
        assert bias == pytest.approx(-0.5, abs=0.2)
        assert weights[0] == pytest.approx(3, abs=0.3)
        assert weights[1] == pytest.approx(0, abs=0.2)
        said = [1 / (1 + math.exp(-(bias + weights[0] * one[0]))) for one in rows]
        assert expected_error(said, right) < 0.03
        assert expected_error([0.99] * len(right), right) > 0.3  # control

    def test_labels_that_one_number_parts_do_not_run_away(self):
        bias, weights = fit([(0.0,), (1.0,)] * 50, [False, True] * 50)
        assert math.isfinite(bias)
        assert 0 < weights[0] < 50

    def test_a_feature_that_never_changes_gets_no_say(self):
        _, weights = fit([(0.0, 1.0), (1.0, 1.0)] * 20, [False, True] * 20)
        assert weights[1] == pytest.approx(0, abs=1e-6)


class TestReliability:
    def test_each_tenth_says_what_was(self):
        table = reliability([0.05, 0.95, 0.95, 1.0], [False, True, True, False])
        assert [row["n"] for row in table] == [1, 3]
        assert table[1]["was"] == pytest.approx(2 / 3)

    def test_nothing_said_is_no_error(self):
        assert expected_error([], []) == 0


class TestFile:
    def test_a_file_reads_back_the_same(self, tmp_path):
        save(OURS, tmp_path / "a" / "calibration.json")
        back = load(tmp_path / "a" / "calibration.json")
        assert (back.bias, back.weights, back.report) == (
            OURS.bias,
            OURS.weights,
            OURS.report,
        )
        assert back.means["zh"].tolist() == [0.5, 0.25]
        assert [one.name for one in (tmp_path / "a").iterdir()] == ["calibration.json"]

    @pytest.mark.parametrize(
        "change",
        [
            {"format": 1},
            {"features": ["margin"]},
            {"features": ["smell", *FEATURES[1:]]},
            {"weights": ["x"]},
            {"bias": None},
            {"bias": float("nan")},
            {"means": {"zh": [[1]]}},
            {"model_id": ...},
            {"thresholds": {"0.90": "x"}},
            {"thresholds": {"0.90": float("inf")}},
        ],
    )
    def test_a_spoiled_file_is_refused(self, tmp_path, change):
        path = tmp_path / "calibration.json"
        save(OURS, path)
        raw = json.loads(path.read_text("utf-8")) | change
        raw = {key: value for key, value in raw.items() if value is not ...}
        path.write_text(json.dumps(raw), "utf-8")
        with pytest.raises(BadCalibration):
            load(path)

    def test_a_fit_from_before_a_number_was_looked_at_says_what_it_said(self, tmp_path):
        path = tmp_path / "calibration.json"
        save(OURS, path)
        raw = json.loads(path.read_text("utf-8"))
        at = raw["features"].index("worded")
        del raw["features"][at], raw["weights"][at]
        path.write_text(json.dumps(raw), "utf-8")
        back = load(path)
        assert len(back.weights) == len(FEATURES)
        assert dict(zip(FEATURES, back.weights, strict=True)) == {
            one: float(one != "worded") for one in FEATURES
        }

    def test_half_a_file_is_refused(self, tmp_path):
        path = tmp_path / "calibration.json"
        save(OURS, path)
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(BadCalibration):
            load(path)


class TestThresholds:
    def test_the_wanted_precision_is_reached_less_its_error(self):
        chance = random.Random(9)  # noqa: S311  (repeatable on purpose)
        said = [chance.random() for _ in range(2_000)]
        right = [chance.random() < one for one in said]
        found = thresholds(said, right)
        at = found["0.90"]
        above = [one for was, one in zip(said, right, strict=True) if was >= at]
        assert sum(above) / len(above) >= 0.90
        assert found["0.80"] < found["0.90"] < found["0.95"]
        # saying 0.8 and more is right nine times in ten: no need to wait for 0.9
        assert 0.75 < at < 0.9

    def test_a_handful_of_answers_proves_nothing(self):
        assert thresholds([0.9] * 20, [True] * 20) == {}

    def test_the_stricter_of_two_measured_precisions_counts(self):
        known = replace(OURS, thresholds={"0.9": 0.4, "0.95": 0.6})
        assert known.threshold(0.9) == 0.4
        assert known.threshold(0.92) == 0.6
        assert known.threshold(0.99) == 0.99
        assert OURS.threshold(0.8) == 0.8


def test_an_article_that_has_words_for_the_question_is_likelier():
    shipped = load(SHIPPED)
    said = dict(zip(FEATURES, shipped.weights, strict=True))
    # with five wordings and more it is another thing than the words of the nearest one
    for wordings in (5, 20):
        by_many = said["worded_by_many"] * math.log(wordings)
        own = said["worded"] + by_many + said["worded_in_own_language"]
        assert own > 0, wordings
    assert said["mentioned"] > 0


def test_the_shipped_file_is_honest_about_itself():
    shipped = load(SHIPPED)
    assert shipped.model_id == "bundled:e5"
    assert set(shipped.means) == {"zh", "en"}
    assert shipped.report["held_out"] > 400
    assert shipped.report["expected_calibration_error"] <= 0.05
