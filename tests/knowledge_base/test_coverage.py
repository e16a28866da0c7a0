from __future__ import annotations

import numpy as np
import pytest

from knowledge_base import shelf
from knowledge_base.content import read_content
from knowledge_base.coverage import coverage
from knowledge_base.embedding import HashEmbedder
from knowledge_base.folding import fold
from knowledge_base.passages import passages_of
from knowledge_base.snapshot import build

ARTICLES = {
    "lend": ("Do you lend tents?", ["tent rental", "borrow a tent"], "By the week."),
    "sell": ("Do you sell tents?", ["tents for sale"], "Yes, with a telescope bag."),
    "运费": ("运费多少", ["邮费怎么算"], "满 99 元包邮。"),
}


def snapshot(**changed):
    passages = [
        passage
        for article_id, (question, variants, answer) in (ARTICLES | changed).items()
        for passage in passages_of(
            article_id,
            revision_id="r",
            content=read_content(
                {
                    "en" if question.isascii() else "zh-Hans": {
                        "question": question,
                        "variants": variants,
                        "answer": answer,
                    }
                }
            ),
        )
    ]
    embedder = HashEmbedder()
    rows = np.stack(
        [embedder.embed([one.folded], kind="question")[0] for one in passages]
    )
    return build(passages, rows, prior={}), embedder


def covered(text):
    (one,) = snapshot()[0].shelves
    # in the order of the ids: lend, sell, 运费
    return coverage(fold(text), np.arange(3), asked=one.asked, answers=one.answers)


def test_words_of_several_wordings_count_together():
    seen = covered("lend borrow rental")
    assert seen.worded == pytest.approx([1, 0, 0], abs=0.02)  # pieces meet by chance
    assert seen.wordings.tolist() == [3, 2, 2]


def test_the_answer_counts_for_whole_words_and_pieces_do_not():
    seen = covered("telescope")
    assert seen.mentioned == pytest.approx([0, 1, 0])
    assert seen.worded[1] < 0.02  # a piece that stands in another word
    pieces = covered("tenting")
    assert 0 < pieces.worded[0] < 1
    assert pieces.mentioned == pytest.approx([0, 0, 0])


def test_a_rare_word_that_is_missing_weighs_more_than_a_usual_one():
    assert covered("do you zebra").worded[0] < covered("lend you tents").worded[0]
    assert covered("邮费 zebra").worded[2] < covered("邮费 怎么").worded[2]


def test_a_question_of_signs_misses_nothing():
    assert covered("?!").worded == pytest.approx([1, 1, 1])


def test_who_words_the_whole_question_comes_first(monkeypatch):
    twins = {
        "a": ("red tent", ["tent red"], "One."),
        "b": ("red tent", ["tent red", "with a lamp"], "Two."),
    }
    shop, embedder = snapshot(**twins)
    vector = embedder.embed(["red tent lamp"], kind="question")[0]

    def lead():
        found = {
            one.article_id: one.score
            for one in shop.rank("red tent lamp", vector, most=5)
        }
        return found["b"] - found["a"]

    now = lead()
    monkeypatch.setattr(shelf, "WORDED", 0.0)
    assert now > lead()


def test_however_many_are_wanted_the_order_is_the_same():
    many = {
        f"x{at}": (f"tent number {at}", [f"the {at} tent"], "So.") for at in range(30)
    }
    shop, embedder = snapshot(**many)
    vector = embedder.embed(["which tent is number 7"], kind="question")[0]
    few = shop.rank("which tent is number 7", vector, most=3)
    all_ = shop.rank("which tent is number 7", vector, most=33)
    assert [one.article_id for one in all_[:3]] == [one.article_id for one in few]
    scores = [one.score for one in all_]
    assert scores == sorted(scores, reverse=True)
