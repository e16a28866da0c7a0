"""The comparison measures every way alike, is written where the document says, and is no part of the product."""

from __future__ import annotations

import re

import pytest

from tests.bench import compared_text
from tests.bench.compared import DOCUMENT, PLOT
from tests.bench.sure_of import Answers, figures, threshold_for, with_threshold
from tests.running import ROOT

QUESTIONS = [
    *({"text": f"{n}", "article_ids": ["a"]} for n in range(20)),
    *({"text": f"{n}", "article_ids": []} for n in range(4)),
]


def test_a_right_answer_that_is_surer_than_the_doubtful_ones_counts():
    said = Answers(["a"] * 20 + ["b"] * 4, [0.9] * 20 + [0.95, 0.9, 0.5, 0.1], 3.0)
    found = figures(said, QUESTIONS)
    assert found == {"first": 100.0, "covered": 0.0, "false": 50.0, "ms": 3.0}


def test_scores_that_are_equal_are_answered_together_or_not_at_all():
    said = Answers(["a"] * 20 + ["b"] * 4, [0.9] * 20 + [0.5] * 4, 3.0)
    assert figures(said, QUESTIONS)["covered"] == 100.0
    assert threshold_for(said, QUESTIONS) == 0.9


def test_a_way_that_is_never_right_enough_answers_nothing():
    said = Answers(["b"] * 24, [0.9] * 24, 3.0)
    assert figures(said, QUESTIONS)["covered"] == 0.0
    carried = with_threshold(said, QUESTIONS, threshold_for(said, QUESTIONS))
    assert carried == {"answered": 0.0, "right": None, "false": 0.0}


def test_a_set_without_questions_out_of_scope_has_no_figure_for_them():
    said = Answers(["a"] * 20, [0.9] * 20, 3.0)
    assert figures(said, QUESTIONS[:20])["false"] is None


def test_the_document_keeps_what_stands_around_the_tables():
    before = f"one\n{compared_text.START}\nold\n{compared_text.END}\ntwo\n"
    assert compared_text.written_into(before, "new\n") == before.replace("old", "new")


def test_the_document_names_the_command_that_writes_it():
    told = DOCUMENT.read_text("utf-8")
    command = "-m tests.bench.compared ../shared/data --write"
    assert f"`.venv/bin/python {command}`" in told
    assert command in (ROOT / "Makefile").read_text("utf-8")
    assert f"]({PLOT.name})" in told
    assert compared_text.START in told.split(compared_text.END)[0]


@pytest.mark.parametrize("way", ["BM25", "dense", "Rasa", "Haystack", "Warmline"])
def test_the_document_and_the_plot_show_every_way(way: str):
    table = DOCUMENT.read_text("utf-8").split(compared_text.START)[1]
    assert f" {way} |" in table.split(compared_text.END)[0]
    assert f">{way}<" in PLOT.read_text("utf-8")


def test_the_framework_is_locked_apart_from_the_product():
    locked = (ROOT / "tests/bench/compare.txt").read_text("utf-8")
    packages = re.findall(
        r"^([\w.-]+)==\S+.*((?:\\\n    --hash=\S+ ?)+)", locked, re.MULTILINE
    )
    named = re.findall(r"^[\w.-]+==", locked, re.MULTILINE)
    assert "haystack-ai" in dict(packages)
    assert len(packages) == len(named)
    for product in ("pyproject.toml", "uv.lock", "bot/pyproject.toml", "bot/uv.lock"):
        assert "haystack" not in (ROOT / product).read_text("utf-8")
