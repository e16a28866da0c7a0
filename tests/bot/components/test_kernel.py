from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.components.kernel import Head, grams
from bot.components.training import Examples, thinned, train

RNG = np.random.default_rng(3)
WORDS = {"apple": "red apple pie", "boat": "a boat at sea", "cloud": "grey cloud sky"}


def examples(rows: int = 30) -> Examples:
    labels = tuple(list(WORDS)[i % 3] for i in range(rows))
    centres = {name: RNG.normal(size=8) for name in WORDS}
    return Examples(
        vectors=np.stack([centres[n] + 0.1 * RNG.normal(size=8) for n in labels]),
        folded=tuple(f"{WORDS[name]} {i}" for i, name in enumerate(labels)),
        labels=labels,
        cues=np.zeros((rows, 0)),
    )


def test_learns_what_it_was_shown_and_is_sure_of_it():
    shown = examples()
    head, left_out = train(shown)
    assert left_out.accuracy == 1.0
    for vector, folded, label in zip(
        shown.vectors, shown.folded, shown.labels, strict=False
    ):
        found = head.probabilities(vector, folded)
        assert head.labels[int(found.argmax())] == label
        assert found.sum() == pytest.approx(1.0)


def test_is_the_same_after_being_put_away(tmp_path: Path):
    shown = examples()
    head, _ = train(shown)
    head.save(tmp_path)
    again = Head.load(tmp_path)
    assert {path.suffix for path in tmp_path.iterdir()} == {".npz", ".json"}
    np.testing.assert_allclose(
        again.probabilities(shown.vectors[0], shown.folded[0]),
        head.probabilities(shown.vectors[0], shown.folded[0]),
        atol=2e-3,
    )


def test_text_never_seen_breaks_nothing():
    head, _ = train(examples())
    assert np.isfinite(head.probabilities(np.zeros(8), "")).all()


def test_scores_a_left_out_row_as_if_it_had_never_been_shown():
    shown = examples(60)
    _, left_out = train(shown)
    row = 5
    others = np.delete(np.arange(60), row)
    without, _ = train(shown.rows(others))
    expected = without.scores(shown.vectors[row], shown.folded[row])
    assert left_out.scores[row] == pytest.approx(expected, abs=0.1)
    assert left_out.scores[row].argmax() == expected.argmax()


def test_which_number_it_is_says_nothing():
    assert grams("order wl20261122001") == grams("order wl20261130999")
    assert grams("order 12") != grams("order no")


def test_too_many_examples_are_thinned_where_there_are_most():
    labels = ("many",) * 90 + ("few",) * 10
    kept = thinned(labels, most=50)
    assert len(kept) == 50
    assert sum(labels[row] == "few" for row in kept) == 10
