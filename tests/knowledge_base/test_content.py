from __future__ import annotations

import pytest

from knowledge_base.content import as_json, check_article, from_row, read_content
from knowledge_base.errors import InvalidArticle
from tests.knowledge_base.makers import RETURNS, content


def problems(value: object, article_id: object = "a", topic: object = "t") -> set[str]:
    with pytest.raises(InvalidArticle) as caught:
        check_article(article_id, topic, value)
    return {one.field for one in caught.value.problems}


def test_a_good_article_reads_back_as_it_was_written():
    assert as_json(check_article(*RETURNS)) == RETURNS[2]
    assert from_row(as_json(read_content(RETURNS[2]))) == read_content(RETURNS[2])


@pytest.mark.parametrize("wanted", [0.5, 0.99, "0.97"])
def test_an_article_may_want_its_own_precision(wanted):
    found = read_content(content(answer_precision=wanted))
    assert found.answer_precision == float(wanted)
    assert list(found) == ["zh-Hans"]
    assert from_row(as_json(found)) == found != read_content(content())


@pytest.mark.parametrize("wanted", [0.49, 1, 95, "sure", True, float("nan"), [0.9]])
def test_a_precision_is_a_share_that_can_be_reached(wanted):
    assert problems(content(answer_precision=wanted)) == {"answer_precision"}


def test_a_precision_alone_is_no_article():
    assert problems({"answer_precision": 0.9}) == {"content"}


@pytest.mark.parametrize(
    "article_id", ["", "A", "a b", "-a", "a--b", "a" * 81, None, 7]
)
def test_an_id_is_a_readable_slug(article_id):
    assert problems(content(), article_id=article_id) == {"id"}


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("a\0b", "U\\+0000"),
        ("a\x1bb", "U\\+001B"),
        ("a\nb", "U\\+000A"),
        ("a\ud800b", "U\\+D800"),
        ("a\u202eb", "U\\+202E"),
        ("a" * 301, "301 characters"),
    ],
)
def test_a_question_is_one_printable_line(question, why):
    with pytest.raises(InvalidArticle, match=why):
        read_content(content(question))


def test_an_answer_may_have_lines_but_no_control_characters():
    read_content(content(answer="一\n\n二\t三"))
    with pytest.raises(InvalidArticle, match="answer"):
        read_content(content(answer="一\x00二"))
    with pytest.raises(InvalidArticle, match="8001"):
        read_content(content(answer="一" * 8001))


def test_everything_wrong_is_said_at_once():
    value = {
        "zh-Hans": {"question": "", "variants": ["好", ""], "answer": 5},
        "fr": {"question": "?", "variants": [], "answer": "!"},
        "en": {"question": "Why?", "answer": "So.", "html": "<b>"},
    }
    assert problems(value) == {
        "zh-Hans.question",
        "zh-Hans.variants[1]",
        "zh-Hans.answer",
        "fr",
        "en.html",
    }


@pytest.mark.parametrize("value", [None, {}, [], "text", {"en": None}, {"en": []}])
def test_an_article_without_words_is_refused(value):
    assert problems(value) <= {"content", "en"}


@pytest.mark.parametrize("variants", ["text", 7, {"a": 1}, ["x"] * 201])
def test_variants_are_a_list_of_questions(variants):
    value = {"en": {"question": "Why?", "variants": variants, "answer": "So."}}
    assert problems(value) == {"en.variants"}
