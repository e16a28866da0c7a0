"""Words that a shop would rather not have said."""

from __future__ import annotations

import pytest

from knowledge_base.content import Wording, from_row
from knowledge_base.languages import Language
from knowledge_base.starter import load_starter
from knowledge_base.wording import BANNED, CAREFUL, reading_seconds, spoken_words


def words(answer: str, language: Language = "zh-Hans", listed=BANNED + CAREFUL):
    said = Wording(question="?", answer=answer)
    return [one.word for one in spoken_words(said, language, listed)]


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ("我们保证三天送到。", "保证"),
        ("我們保證三天送到。", "保证"),
        ("全网最低价", "全网最低"),
        ("We **guarantee** delivery.", "guarantee"),
        ("Refunds arrive INSTANTLY.", "instantly"),
        ("It is 100% safe.", "100%"),
    ],
)
def test_a_promise_is_found_in_every_language_and_spelling(answer, word):
    assert words(answer) == [word]


@pytest.mark.parametrize(
    "answer",
    [
        "我们不能保证到货时间。",
        "无法保证当天送到。",
        "We cannot guarantee a date.",
        "We do not guarantee a date.",
        "The guaranteeing party",
    ],
)
def test_what_is_denied_or_part_of_another_word_is_no_promise(answer):
    assert words(answer) == []


def test_a_denial_of_something_else_excuses_nothing():
    assert words("We do not wait. We guarantee it.") == ["guarantee"]
    assert words("不用等，我们保证送到。") == ["保证"]


def test_the_list_is_the_shops():
    assert words("秒发货", listed=("秒发",)) == ["秒发"]
    assert words("我们保证", listed=()) == []


def test_the_starter_articles_say_nothing_banned():
    for one in load_starter():
        for language, said in from_row(one["content"]).items():
            assert list(spoken_words(said, language, BANNED)) == [], one["id"]


def test_reading_takes_as_long_as_the_text_is():
    assert reading_seconds("") == 0
    assert reading_seconds("字" * 300) == 60
    assert reading_seconds("word " * 200) == 60
    assert reading_seconds("[字](https://example.com/very/long/address)") == 0
