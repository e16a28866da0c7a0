from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge_base import snapshot
from knowledge_base.content import Content, Wording
from knowledge_base.embedding import HashEmbedder
from knowledge_base.publish import Published
from knowledge_base.search import Searcher
from knowledge_base.sources import Sources

TOPICS = (
    "parcel",
    "refund",
    "invoice",
    "coupon",
    "password",
    "size",
    "colour",
    "points",
)


def article(name: str, *, revision: str = "1", said: str = "") -> Published:
    asked = tuple(f"{said or name} {how}" for how in ("where", "when", "how much"))
    wording = Wording(question=asked[0], variants=asked[1:], answer=f"About {name}.")
    return Published(
        article_id=name,
        revision_id=f"{name}-{revision}",
        content=Content({"en": wording}),
    )


class Counting(HashEmbedder):
    """Counts the texts it is given."""

    embedded = 0

    def embed(self, texts, *, kind):
        self.embedded += len(texts)
        return super().embed(texts, kind=kind)


@pytest.fixture
def shop(monkeypatch, calibration):
    """A searcher for which eight articles are a large shop."""
    monkeypatch.setattr(snapshot, "LEAST_FOR_CHANGES", 10)
    monkeypatch.setattr("knowledge_base.building.LEAST_FOR_CHANGES", 10)
    monkeypatch.setattr(snapshot, "_MOST_CHANGED", 0.4)
    searcher = Searcher(Counting(), calibration=calibration)
    searcher.swap(Sources(version=1, articles=tuple(map(article, TOPICS)), vectors={}))
    return searcher


def first(searcher: Searcher, text: str) -> str:
    return searcher.search(text, language="en").hits[0].article_id


def test_a_published_article_answers_beside_what_stands(shop):
    large = shop._version.built.snapshot.shelves[0]
    before = shop.embedder.embedded
    articles = (*map(article, TOPICS), article("warranty"))
    shop.swap(Sources(version=2, articles=articles, vectors={}))
    now = shop._version.built.snapshot
    assert now.shelves[0] is large  # nothing of it was built again
    assert shop.embedder.embedded - before == 4
    assert first(shop, "warranty where") == "warranty"
    assert first(shop, "refund when") == "refund"
    assert shop.size == len(articles)


def test_a_changed_article_answers_by_its_new_words_alone(shop):
    changed = article("refund", revision="2", said="zebra giraffe")
    articles = tuple(changed if one == "refund" else article(one) for one in TOPICS)
    shop.swap(Sources(version=2, articles=articles, vectors={}))
    assert first(shop, "zebra giraffe when") == "refund"
    texts = [hit.matched_text for hit in shop.search("refund when", language="en").hits]
    assert "refund when" not in texts
    assert shop.size == len(TOPICS)


def test_a_retired_article_is_gone_and_a_second_change_keeps_the_first(shop):
    left = tuple(article(one) for one in TOPICS if one != "coupon")
    shop.swap(Sources(version=2, articles=left, vectors={}))
    assert "coupon" not in shop._version.built.snapshot.article_ids
    shop.swap(Sources(version=3, articles=(*left, article("warranty")), vectors={}))
    ids = shop._version.built.snapshot.article_ids
    assert "coupon" not in ids
    assert "warranty" in ids
    hits = shop.search("coupon where", language="en", limit=10).hits
    assert "coupon" not in {hit.article_id for hit in hits}


def test_with_much_changed_everything_is_built_again(shop):
    large = shop._version.built.snapshot.shelves[0]
    other = tuple(
        replace(article(one, revision="2", said=f"{one} please")) for one in TOPICS
    )
    shop.swap(Sources(version=2, articles=other, vectors={}))
    now = shop._version.built.snapshot
    assert now.shelves[0] is not large
    assert len(now.shelves) == 1


class TestApart:
    def ranked(self, shop, names):
        shop.swap(Sources(version=2, articles=tuple(map(article, names)), vectors={}))
        text = "refund when"
        vector = shop.embedder.embed([text], kind="question")[0]
        return shop._version.built.snapshot.rank(text, vector, most=5)

    def test_it_is_told_how_far_it_stands_above_the_best_other(self, shop):
        first, second, third, *_ = self.ranked(shop, TOPICS)
        assert first.margin == first.score - second.score
        assert second.margin == second.score - first.score
        assert third.margin == third.score - first.score

    def test_alone_it_stands_far_above_nobody(self, shop):
        (alone,) = self.ranked(shop, TOPICS[1:2])
        assert alone.margin == 1.0

    def test_a_hidden_article_is_nobodys_neighbour(self, shop):
        first, second, third, *_ = found = self.ranked(shop, TOPICS)
        left = snapshot.without(found, {second.article_id}, most=3)
        assert left[0].article_id == first.article_id
        assert left[0].margin == first.score - third.score

    def test_nobody_takes_the_place_of_one_that_answers_far_better(self, shop):
        first, second, *_ = found = self.ranked(shop, TOPICS)
        assert first.score - second.score > snapshot.SAME_MATTER
        left = snapshot.without(found, {first.article_id}, most=3)
        assert left[0].article_id == second.article_id
        assert left[0].margin == second.score - first.score

    def test_the_same_rule_for_others_takes_its_place(self, shop):
        one = article(TOPICS[0])
        other = replace(one, article_id="for-others")
        shop.swap(Sources(version=2, articles=(one, other), vectors={}))
        text = "refund when"
        vector = shop.embedder.embed([text], kind="question")[0]
        found = shop._version.built.snapshot.rank(text, vector, most=5)
        (left,) = snapshot.without(found, {"for-others"}, most=3)
        assert left.article_id == one.article_id
        assert left.margin == 1.0
