from __future__ import annotations

import json
from dataclasses import replace

import pytest

from knowledge_base import fits
from knowledge_base.calibration import shipped
from knowledge_base.errors import BadCalibration


@pytest.fixture
def ours(calibration):
    return calibration


def test_before_any_fit_the_shipped_one_answers(tmp_path):
    found = fits.newest(tmp_path / "none", model_id="hash")
    assert found.weights == shipped().weights
    assert fits.back(tmp_path / "none") is None


def test_the_newest_fit_answers_and_one_step_goes_back(tmp_path, ours):
    assert fits.keep(ours, tmp_path) == 1
    assert fits.keep(replace(ours, bias=-3.0), tmp_path) == 2
    assert fits.newest(tmp_path, model_id="hash").bias == -3.0
    assert fits.back(tmp_path) == 1
    assert fits.newest(tmp_path, model_id="hash").bias == ours.bias
    assert fits.back(tmp_path) == 0
    assert fits.newest(tmp_path, model_id="hash").model_id == "bundled:e5"


def test_a_fit_for_another_model_is_left_alone(tmp_path, ours):
    fits.keep(ours, tmp_path)
    assert fits.newest(tmp_path, model_id="bundled:e5").model_id == "bundled:e5"


def test_a_fit_of_an_earlier_version_steps_aside(tmp_path, ours):
    fits.keep(ours, tmp_path)
    path = tmp_path / "calibration-1.json"
    raw = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(raw | {"format": 2}), "utf-8")
    assert fits.newest(tmp_path, model_id="hash").weights == shipped().weights
    path.write_text("{}", "utf-8")
    with pytest.raises(BadCalibration):
        fits.newest(tmp_path, model_id="hash")
