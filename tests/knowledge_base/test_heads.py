from __future__ import annotations

import numpy as np
import pytest

from knowledge_base import heads
from knowledge_base.embedding import unit


@pytest.fixture
def wordings():
    """Forty articles that differ in a little, with much in common that says nothing."""
    chance = np.random.default_rng(4)
    topics = chance.normal(size=(40, 32)).astype(np.float32)
    noise = chance.normal(size=(6, 32)).astype(np.float32) * 2

    def some(count):
        owner = np.repeat(np.arange(40), count)
        mixed = chance.normal(size=(len(owner), 6)).astype(np.float32) @ noise
        return unit(topics[owner] + mixed), owner

    return some(6), some(5)


def share(head, asked):
    vectors, owner = asked
    said = np.stack([head.score(one) for one in vectors])
    return float((said.argmax(axis=1) == owner).mean())


def test_both_heads_see_through_what_all_wordings_have_in_common(wordings):
    (vectors, owner), asked = wordings
    nearest = owner[(asked[0] @ vectors.T).argmax(axis=1)]
    beaten = float((nearest == asked[1]).mean())
    closed = heads.closed_form(vectors, owner, articles=40)
    fitted = heads.fitted(vectors, owner, articles=40)
    assert share(closed, asked) > beaten + 0.15
    assert share(fitted, asked) > beaten + 0.15
    assert fitted.is_fitted
    assert not closed.is_fitted


def test_a_fit_from_the_last_one_ends_where_one_from_nothing_does(wordings):
    (vectors, owner), asked = wordings
    first = heads.fitted(vectors, owner, articles=40)
    again = heads.fitted(vectors, owner, articles=40, start=first)
    assert np.abs(first.weights - again.weights).max() < 0.05
    assert share(first, asked) == pytest.approx(share(again, asked), abs=0.01)


def test_one_wording_an_article_is_compared_as_it_stands():
    vectors = unit(np.eye(3, 8, dtype=np.float32))
    head = heads.closed_form(vectors, np.arange(3), articles=3)
    assert head.score(vectors[1]).argmax() == 1


def test_no_article_makes_an_empty_head():
    nothing = np.empty((0, 8), dtype=np.float32)
    head = heads.closed_form(nothing, np.empty(0, dtype=np.intp), articles=0)
    assert head.score(np.ones(8, dtype=np.float32)).shape == (0,)


def test_a_changed_article_stands_out_as_far_as_its_neighbours(wordings):
    (vectors, owner), _ = wordings
    base = heads.fitted(vectors, owner, articles=40)
    small = heads.like(base, vectors[:6], owner[:6], articles=1)
    own = np.mean([small.score(one)[0] for one in vectors[:6]])
    assert own == pytest.approx(base.peak, rel=0.01)


def test_a_head_made_in_pieces_is_the_same(monkeypatch, wordings):
    (vectors, owner), _ = wordings
    whole = heads.closed_form(vectors, owner, articles=40)
    monkeypatch.setattr(heads, "_AT_ONCE", 7)
    pieces = heads.closed_form(vectors, owner, articles=40)
    assert np.allclose(whole.weights, pieces.weights, atol=1e-4)
    assert np.allclose(whole.bias, pieces.bias, atol=1e-4)


def test_some_articles_are_scored_as_among_all(wordings):
    (vectors, owner), (asked, _) = wordings
    head = heads.closed_form(vectors, owner, articles=40)
    rows = np.array([3, 17, 39])
    every = head.score(asked[0])
    by_hand = (head.weights @ asked[0] + head.bias) / head.scale
    assert np.allclose(every, by_hand, atol=1e-5)
    assert np.allclose(head.some(asked[0], rows), every[rows], atol=1e-6)
