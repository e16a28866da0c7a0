"""Every visitor is met in a language they read."""

from __future__ import annotations

import pytest

from api.pages.translate import choose_language, match_language, translate


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh_TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("yue", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-TW", "zh-Hans"),
        ("ZH-hant", "zh-Hant"),
        ("en-GB", "en"),
        ("EN", "en"),
    ],
)
def test_a_tag_finds_the_language_that_its_speakers_read(tag, language):
    assert match_language(tag) == language


@pytest.mark.parametrize("tag", ["", "fr", "x", "-", "zhx-TW", "*", "12"])
def test_a_tag_of_no_language_of_ours_finds_none(tag):
    assert match_language(tag) is None


def choose(asked=None, remembered=None, accepted=None):
    return choose_language(
        asked=asked, remembered=remembered, accepted=accepted, default="zh-Hans"
    )


def test_what_is_asked_for_wins_over_what_was_chosen_and_that_over_the_browser():
    assert choose("en", "zh-Hant", "zh-CN") == "en"
    assert choose("klingon", "zh-Hant", "en") == "zh-Hant"
    assert choose(None, "junk", "en-US,en;q=0.9") == "en"


def test_the_browsers_weights_count_not_its_order():
    assert choose(accepted="en;q=0.4, zh-TW;q=0.9, fr") == "zh-Hant"
    assert choose(accepted="zh-CN;q=0, en") == "en"


@pytest.mark.parametrize(
    "accepted", ["", ";;;", "en;q=bad", "fr, de;q=0.8", "," * 9000]
)
def test_a_header_that_says_nothing_usable_leads_to_the_default(accepted):
    assert choose(accepted=accepted) == "zh-Hans"


def test_values_are_put_into_the_sentence():
    said = translate("zh-Hant", "You are number %(position)s in the line", position=3)
    assert said == "您排在第 3 位"


def test_an_unknown_sentence_is_said_as_it_is():
    assert translate("zh-Hans", "Nobody wrote this") == "Nobody wrote this"
