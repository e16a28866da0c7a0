"""Labelled messages are read line by line, whatever their language is called, and a bad one is named."""

from __future__ import annotations

import json

import pytest

from api.commands import evaluate_messages


def read(tmp_path, *lines):
    path = tmp_path / "messages.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return evaluate_messages.read(path)


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ({"language": "zh-Hant"}, "zh-Hant"),
        ({"lang": "zh-TW"}, "zh-Hant"),
        ({"lang": "zh"}, "zh-Hans"),
        ({"lang": "en_US"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_the_named_one_or_the_one_that_shows(tmp_path, given, language):
    (line,) = read(
        tmp_path, {"text": "where is my parcel", "intent": "track_order", **given}
    )
    assert line.language == language


def test_only_what_the_shopper_said_is_asked(tmp_path):
    turns = [{"role": "agent", "text": "Hello"}, {"role": "user", "text": "退货"}, "好"]
    (line,) = read(tmp_path, {"turns": turns, "handoff": True})
    assert line.turns == ("退货", "好")
    assert line.language == "zh-Hans"


@pytest.mark.parametrize(
    "line", [{"text": ""}, {"turns": []}, {}, {"text": "a", "lang": "fr"}]
)
def test_a_bad_line_is_named(tmp_path, line):
    with pytest.raises(ValueError, match=r"messages\.jsonl, line 2: "):
        read(tmp_path, {"text": "hello"}, line)


def test_a_feeling_may_be_called_label(tmp_path):
    (line,) = read(tmp_path, {"text": "我特别愤怒了", "label": "angry", "lang": "zh"})
    assert line.emotion == "angry"


def test_a_set_that_labels_nothing_is_refused_before_anything_starts(tmp_path):
    with pytest.raises(ValueError, match="labels nothing"):
        read(tmp_path, {"text": "hello"}, {"text": "bye", "topic": "x"})


def test_feelings_of_other_names_count_against_ours_and_are_no_class():
    def line(emotion):
        return evaluate_messages.Labelled(
            turns=("a",), language="en", intent=None, emotion=emotion, handoff=None
        )

    def found(emotion):
        return evaluate_messages.Understood(intent=None, emotion=emotion, handoff=False)

    report = evaluate_messages.report(
        [line("angry"), line("other"), line("other")],
        [found("angry"), found("angry"), found("neutral")],
    )
    assert report["emotion"]["per_class"].keys() == {"angry"}
    assert report["emotion"]["per_class"]["angry"]["precision"] == 0.5
    alone = evaluate_messages.report([line("other")], [found("angry")])
    assert alone["emotion"] == {"macro_f1": None, "per_class": {}}
