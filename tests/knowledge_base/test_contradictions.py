"""Which articles say different figures of one thing, and which only look like it."""

from __future__ import annotations

import pytest

from knowledge_base.content import Content, Wording, from_row
from knowledge_base.contradictions import find, languages_apart, statements_of
from knowledge_base.languages import Language
from knowledge_base.starter import load_starter


def said(
    answer: str, question: str = "退货", language: Language = "zh-Hans"
) -> Content:
    return {language: Wording(question=question, answer=answer)}


def between(one: Content, other: Content) -> list[tuple[str, str]]:
    found = find(statements_of("one", one), statements_of("other", other))
    return [(each.mine.sentence.text, each.other.sentence.text) for each in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("签收后 7 天内可以无理由退货。", "签收后十五天内可以无理由退货。"),
        ("签收后 7 天内可以无理由退货。", "簽收後 **14 天**內可以無理由退貨。"),
        ("退货运费 8 元，由您承担。", "退货运费 12 元，由您承担。"),
        ("手续费是退款金额的 5%。", "手续费是退款金额的百分之三。"),
    ],
)
def test_two_figures_of_one_thing_are_told_with_both_sentences(one, other):
    [pair] = between(said(one), said(other))
    assert [text.replace(" ", "") for text in pair] == [
        text.replace("*", "").replace(" ", "") for text in (one, other)
    ]


def test_english_sentences_contradict_each_other_too():
    one = said("You can return an item within 7 days of delivery.", "Returns?", "en")
    other = said("Return an item within fourteen days of delivery.", "Returns?", "en")
    assert between(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("签收后 7 天内可以退货。", "签收后一周内可以退货。"),  # the same time
        ("签收后 7 天内可以退货。", "签收后 5–8 天内可以退货。"),  # it may be
        ("签收后 7 天内可以退货。", "签收后 7 个工作日内可以退货。"),  # not comparable
        ("签收后 7 天内可以退货。", "会员卡每年收取 30 天的费用。"),  # another subject
        ("国内 7 天、海外 30 天可以退货。", "海外 30 天可以退货。"),  # one in common
    ],
)
def test_what_may_both_be_true_is_left_alone(one, other):
    assert between(said(one), said(other)) == []


def test_the_starter_articles_hold_no_contradiction():
    known = {one["id"]: from_row(one["content"]) for one in load_starter()}
    read = {one: statements_of(one, content) for one, content in known.items()}
    assert sum(map(len, read.values())) > 100
    every = [statement for said in read.values() for statement in said]
    for one, mine in read.items():
        others = [each for each in every if each.article_id != one]
        found = [
            (each.mine.sentence.text, each.other.sentence.text)
            for each in find(mine, others)
        ]
        assert found == [], one


def test_languages_of_an_article_that_name_other_figures_are_told():
    content = said("签收后 7 天内退货。") | said(
        "Return within 10 days.", "Returns", "en"
    )
    [(one, mine, other, theirs)] = languages_apart(content)
    assert (one, mine.text) == ("zh-Hans", "签收后 7 天内退货。")
    assert (other, theirs.text) == ("en", "Return within 10 days.")


def test_a_figure_that_one_language_leaves_out_is_no_disagreement():
    content = said("7 天内退货。") | said("7 days. Or 5%.", "Returns", "en")
    assert languages_apart(content) == []
