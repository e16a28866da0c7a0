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
    (line,) = read(tmp_path, {"text": "where is my parcel", **given})
    assert line.language == language


def test_only_what_the_shopper_said_is_asked(tmp_path):
    turns = [{"role": "agent", "text": "Hello"}, {"role": "user", "text": "退货"}, "好"]
    (line,) = read(tmp_path, {"turns": turns})
    assert line.turns == ("退货", "好")
    assert line.language == "zh-Hans"


@pytest.mark.parametrize(
    "line", [{"text": ""}, {"turns": []}, {}, {"text": "a", "lang": "fr"}]
)
def test_a_bad_line_is_named(tmp_path, line):
    with pytest.raises(ValueError, match=r"messages\.jsonl, line 2: "):
        read(tmp_path, {"text": "hello"}, line)
