from __future__ import annotations

import numpy as np
import pytest

from knowledge_base import index
from knowledge_base.embedding import unit
from knowledge_base.index import DenseIndex


def vectors(count: int, *, seed: int = 1):
    rows = np.random.default_rng(seed).standard_normal((count, 32)).astype(np.float32)
    return unit(rows)


def test_few_vectors_are_all_compared():
    rows = vectors(500)
    scan = DenseIndex(rows)
    for asked in vectors(40, seed=2):
        found = scan.nearest(asked, most=10)
        exact = rows @ asked
        # half precision may swap two that differ in the fourth digit, nothing else
        assert np.allclose(found.scores, np.sort(exact)[::-1][:10], atol=1e-3)
        assert np.allclose(found.scores, exact[found.rows], atol=1e-3)
    assert scan.nearest(rows[7], most=1).rows.tolist() == [7]


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


def test_an_index_says_what_it_takes_in_memory(monkeypatch):
    assert DenseIndex(vectors(200)).bytes == 200 * 32 * 2
    monkeypatch.setattr(index, "MOST_EXACT", 100)
    graph = DenseIndex(vectors(200))
    written = index.faiss.serialize_index(graph._index).nbytes
    # a file holds the same and a few bytes about itself
    assert graph.bytes == pytest.approx(written, rel=0.05)
