from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge_base.parts import leans, parts_of, two_of, worth_parting
from knowledge_base.results import Hit, Outcome, SearchResult
from tests.knowledge_base.compound_lines import ALIKE, COMPOUND


@pytest.mark.parametrize(("text", "parts"), COMPOUND)
def test_two_questions_are_told_apart(text, parts):
    assert parts_of(text) == parts


@pytest.mark.parametrize("text", ALIKE)
def test_what_only_looks_like_two_questions_stays_whole(text):
    assert parts_of(text) == ()


def test_there_are_sixty_lines_and_more_in_three_scripts():
    assert len(COMPOUND) >= 30
    assert len(ALIKE) >= 50


@pytest.mark.parametrize(
    "text", ["", "???", "how? how? how?", "how are you? " * 9, "a" * 5000]
)
def test_odd_messages_stay_whole(text):
    assert parts_of(text) == ()


@pytest.mark.parametrize(
    ("text", "halves"),
    [
        (
            "where is my parcel and can I still return it?",
            ("where is my parcel", "can I still return it"),
        ),
        (
            "I want to return my shoes. How long does a refund take?",
            ("I want to return my shoes", "How long does a refund take"),
        ),
        ("我要退货，运费谁出？", ("我要退货", "运费谁出")),
        ("退貨運費誰出？幫我查一下快遞", ("退貨運費誰出", "幫我查一下快遞")),
        (
            "帮我查下WL20261101001的物流，还有你们支持花呗吗",
            ("帮我查下WL20261101001的物流", "你们支持花呗吗"),
        ),
        # a greeting is no half, two sentences without a question are no halves
        ("你好，请问怎么退货", None),
        ("hi, how do I return this", None),
        ("I want to return my shoes. They are too small.", None),
        ("我的订单什么时候发货，急用", None),
        ("how long can I return something", None),
        ("where is my parcel? " * 20, None),
    ],
)
def test_a_wish_beside_a_question_is_the_other_half(text, halves):
    assert two_of(text) == halves


def test_a_part_that_says_it_leans_on_the_other():
    assert leans("can I still return it")
    assert leans("这个可以退吗")
    assert not leans("how much is shipping")


def found(article: str, outcome: Outcome = Outcome.ANSWER) -> SearchResult:
    hit = Hit(
        article_id=article,
        revision_id="r1",
        title=article,
        language="en",
        score=1.0,
        probability=0.95,
        matched_text=article,
        matched_kind="question",
        dense=0.9,
        words=0.5,
    )
    return SearchResult(
        outcome=outcome, hits=(hit,), probability=0.95, index_version=1, took_ms=0.1
    )


UNSURE = Outcome.ABSTAIN
TWO = ("how much is shipping", "how do I pay")


class TestWhetherToPart:
    def test_two_articles_beat_one_of_them(self):
        assert worth_parting(found("fee"), TWO, [found("fee"), found("pay")])

    def test_two_articles_beat_none(self):
        whole = found("fee", UNSURE)
        assert worth_parting(whole, TWO, [found("fee"), found("pay")])

    def test_one_article_for_both_is_one_question(self):
        assert not worth_parting(found("fee"), TWO, [found("fee"), found("fee")])

    def test_an_article_about_both_at_once_is_better(self):
        assert not worth_parting(found("both"), TWO, [found("fee"), found("pay")])

    def test_nothing_is_parted_when_no_part_is_answered(self):
        parts = [found("fee", UNSURE), found("pay", UNSURE)]
        assert not worth_parting(found("fee"), TWO, parts)

    def test_a_strange_part_is_told_beside_the_answer(self):
        parts = [found("fee"), found("else", UNSURE)]
        assert worth_parting(found("fee"), TWO, parts)

    def test_a_part_near_the_answer_is_no_second_question(self):
        parts = [found("fee"), found("fee", UNSURE)]
        assert not worth_parting(found("fee"), TWO, parts)

    def test_a_part_that_leans_is_never_called_not_understood(self):
        parts = [found("fee"), found("else", UNSURE)]
        texts = ("how much is shipping", "can I return it")
        assert not worth_parting(found("fee"), texts, parts)

    def test_a_part_without_any_hit_is_strange(self):
        nothing = replace(found("x", UNSURE), hits=())
        assert worth_parting(found("fee"), TWO, [found("fee"), nothing])
