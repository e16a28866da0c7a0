from __future__ import annotations

import numpy as np
import pytest

from knowledge_base.calibration import shipped
from knowledge_base.centring import centres_of
from knowledge_base.embedding import Vectors, load_embedder, unit
from knowledge_base.gap_groups import ALIKE, central, group, pairs_found
from knowledge_base.languages import cloud
from tests.knowledge_base.gap_groups import HELD_OUT


def near(*rows: tuple[float, float]) -> Vectors:
    return unit(np.asarray(rows, dtype=np.float32))


def test_near_rows_are_together_and_the_largest_group_comes_first():
    vectors = near((0, 1), (1, 0), (1, 0.1), (1, -0.1))
    assert group(vectors, alike=0.9) == [[1, 2, 3], [0]]


def test_a_chain_of_neighbours_is_not_one_group():
    angles = np.linspace(0, np.pi, 7)
    chain = near(*zip(np.cos(angles), np.sin(angles), strict=True))
    assert len(group(chain, alike=0.8)) > 2


def test_nothing_to_group_makes_no_group():
    assert group(np.empty((0, 4), np.float32)) == []


def test_the_row_nearest_to_the_others_stands_for_them():
    vectors = near((1, 0.3), (1, 0), (1, -0.3))
    assert central([0, 1, 2], vectors) == 1


def test_pairs_are_counted_by_what_was_and_what_should_be_together():
    assert pairs_found([[0, 1], [2]], [7, 7, 7]) == (1.0, 1 / 3)


@pytest.mark.model
def test_questions_on_one_thing_are_together_across_languages():
    texts = [text for one in HELD_OUT for text in one]
    truth = [place for place, one in enumerate(HELD_OUT) for _ in one]
    clouds = [cloud(text) for text in texts]
    raw = load_embedder("bundled:e5").embed(texts, kind="question")
    vectors = centres_of(raw, clouds, prior=shipped().means).centred(raw, clouds)

    found = group(vectors, alike=ALIKE)

    precision, recall = pairs_found(found, truth)
    assert precision >= 0.95
    assert recall >= 0.70
    mixed = [rows for rows in found if len({clouds[row] for row in rows}) > 1]
    assert len(mixed) >= 10
