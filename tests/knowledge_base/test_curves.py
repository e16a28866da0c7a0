from __future__ import annotations

import numpy as np

from knowledge_base.curves import Asked, at, curve
from knowledge_base.flat_map import flatten

SURE = Asked(probability=0.9, right=True, answerable=True)
UNSURE = Asked(probability=0.4, right=True, answerable=True)
WRONG = Asked(probability=0.6, right=False, answerable=True)
NEAR_MISS = Asked(probability=0.7, right=False, answerable=False)


def test_a_lower_threshold_answers_more_and_less_rightly():
    asked = [SURE, UNSURE, WRONG, NEAR_MISS]
    high, low = at(asked, 0.8), at(asked, 0.5)
    assert (high.coverage, high.precision, high.answered) == (1 / 3, 1.0, 1)
    assert (low.coverage, low.precision, low.answered) == (2 / 3, 1 / 3, 3)


def test_a_threshold_that_answers_nothing_has_no_precision():
    assert at([UNSURE], 0.8).precision is None


def test_coverage_only_falls_as_the_threshold_rises():
    shares = [point.coverage for point in curve([SURE, UNSURE, WRONG, NEAR_MISS])]
    assert shares == sorted(shares, reverse=True)
    assert (shares[0], shares[-1]) == (1.0, 0.0)


def test_what_is_near_is_drawn_near():
    rng = np.random.default_rng(3)
    first = rng.normal(0, 0.05, (20, 8)) + np.eye(8)[0]
    second = rng.normal(0, 0.05, (20, 8)) + np.eye(8)[1]
    rows = np.vstack([first, second]).astype(np.float32)
    found = flatten(rows)
    places = found.place(rows)
    middles = places[:20].mean(axis=0), places[20:].mean(axis=0)
    spread = places[:20].std(axis=0)
    assert np.linalg.norm(middles[0] - middles[1]) > 3 * spread[0]
    assert found.shown > 0.5
    assert ((places >= 0) & (places <= 1)).all()


def test_a_single_point_can_be_drawn():
    row = np.ones((1, 4), np.float32)
    assert flatten(row).place(row).tolist() == [[0.5, 0.5]]
    assert len(flatten(row).place(row[:0])) == 0
