from __future__ import annotations

import numpy as np
import pytest

from knowledge_base import index
from knowledge_base.embedding import unit
from knowledge_base.index import DenseIndex


def vectors(count: int, *, seed: int = 1):
    rows = np.random.default_rng(seed).standard_normal((count, 32)).astype(np.float32)
    return unit(rows)


def test_few_vectors_are_searched_exactly():
    rows = vectors(500)
    found = DenseIndex(rows).nearest(rows[7], most=10)
    assert found.rows.tolist() == np.argsort(-(rows @ rows[7]))[:10].tolist()
    assert found.scores[0] == pytest.approx(1, abs=1e-5)


def test_there_may_be_fewer_than_asked_for_or_none():
    assert len(DenseIndex(vectors(3)).nearest(vectors(1)[0], most=10).rows) == 3
    assert len(DenseIndex(vectors(0)).nearest(vectors(1)[0], most=10).rows) == 0


def test_many_vectors_are_found_through_a_graph(monkeypatch):
    monkeypatch.setattr(index, "MOST_EXACT", 100)
    rows = vectors(2000)
    graph = DenseIndex(rows)
    asked = vectors(50, seed=2)
    kept = [
        len(set(graph.nearest(one, most=10).rows) & set(np.argsort(-(rows @ one))[:10]))
        for one in asked
    ]
    assert np.mean(kept) / 10 > 0.95
