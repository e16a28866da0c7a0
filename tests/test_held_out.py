"""The held-out sets are the ones that were frozen, and are counted without their repetitions."""

from __future__ import annotations

import json

import pytest

from tests.held_out import FOLDER, FROZEN, collapse, digest, read

LOCKED = json.loads(FROZEN.read_text("utf-8"))


@pytest.mark.parametrize("name", sorted(LOCKED))
def test_a_held_out_set_is_the_one_that_was_frozen(name):
    assert digest(name) == LOCKED[name]


def test_the_sets_on_understanding_are_frozen():
    assert {
        "intents.jsonl",
        "people.jsonl",
        "handoff_conversations.jsonl",
    } <= set(LOCKED)


def test_the_readme_names_every_frozen_set():
    told = (FOLDER / "README.md").read_text("utf-8")
    assert [name for name in LOCKED if f"`{name}`" not in told] == []


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("where is my order 12345678", "Where is my order 99887766?", True),
        ("我要退那件蓝色的裙子", "我要退那件蓝色的外套", True),
        ("where is my parcel today", "where is my jacket today", True),
        ("我的包裹到哪了", "帮我取消订单", False),
        ("cancel my order", "change my address", False),
    ],
)
def test_the_same_sentence_with_another_slot_counts_once(one, other, is_one):
    assert (collapse([one, other], ["a", "a"]).effective == 1) is is_one


def test_lines_with_different_labels_are_never_one():
    assert collapse(["转人工", "转人工"], [True, False]).effective == 2


@pytest.mark.parametrize(("name", "least"), [("intents", 1000), ("people", 300)])
def test_a_set_stays_large_enough_without_its_repetitions(name, least):
    lines = read(name)
    key = "intent" if name == "intents" else "wants_person"
    found = collapse([line["text"] for line in lines], [line[key] for line in lines])
    assert found.effective >= least
