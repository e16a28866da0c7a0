"""Labelled questions are read under our names and those of public sets; a bad line is named."""

from __future__ import annotations

import pytest

from knowledge_base.errors import BadImport
from knowledge_base.labelled import read_articles, read_questions

OURS = {
    "id": "age",
    "language": "zh",
    "question": "你多大",
    "variants": ["几岁"],
    "answer": "三岁",
}
THEIRS = {
    "faq_id": "age",
    "lang": "zh",
    "question": "你多大",
    "similar": ["几岁"],
    "answer": "三岁",
}


def test_an_article_of_a_public_set_is_the_same_article():
    assert read_articles([THEIRS]) == read_articles([OURS])


def test_a_question_of_a_public_set_is_the_same_question():
    ours = {"text": "how old", "language": "en", "article_ids": ["age"]}
    theirs = {"query": "how old", "lang": "en-GB", "faq_id": "age"}
    assert read_questions([theirs]) == read_questions([ours])


def test_a_public_question_that_nothing_answers_has_no_article():
    (read,) = read_questions([{"query": "weather?", "lang": "en", "faq_id": None}])
    assert read.article_ids == frozenset()


def test_our_name_wins_over_the_other():
    (read,) = read_questions([{"text": "a", "query": "b", "language": "en"}])
    assert read.text == "a"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ({"lang": "en", "question": "?"}, "id"),
        ({"id": "a", "lang": "fr", "question": "?"}, "fr"),
        ({"id": "a", "lang": "en"}, "question"),
    ],
)
def test_a_bad_article_is_named_with_its_row(line, word):
    with pytest.raises(BadImport) as caught:
        read_articles([OURS, line])
    assert [(each.row, word in each.reason) for each in caught.value.problems] == [
        (2, True)
    ]
