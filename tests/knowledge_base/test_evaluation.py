from __future__ import annotations

import json

import pytest

from knowledge_base.embedding import HashEmbedder
from knowledge_base.errors import BadImport
from knowledge_base.evaluation import evaluate_questions
from knowledge_base.labelled import read_articles, read_lines, read_questions

ARTICLES = [
    {
        "id": "Returns_1",
        "language": "zh",
        "question": "退货期限是多久",
        "variants": ["几天内可以退"],
        "answer": "7 天",
    },
    {
        "id": "Returns_1",
        "language": "en",
        "question": "How long do I have to return it?",
    },
    {"id": "Shipping", "language": "zh-Hans", "question": "运费要多少钱"},
]
QUESTIONS = [
    {"text": "退貨期限是多久", "language": "zh-Hant", "article_ids": ["Returns_1"]},
    {"text": "运费要多少钱", "language": "zh", "article_ids": ["Shipping"]},
    {"text": "how long to return it", "language": "en", "article_ids": ["Returns_1"]},
    {"text": "运费要多少", "language": "zh", "article_ids": ["Returns_1"]},
    {"text": "qqq zzz", "language": "en", "article_ids": []},
]


def test_the_report_has_the_figures_of_the_contract(calibration):
    seen: list[tuple[int, int]] = []
    report = evaluate_questions(
        ARTICLES,
        QUESTIONS,
        HashEmbedder(),
        calibration=calibration,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert report["n"] == 5
    assert report["recall_at_1"] == 0.75  # the fourth is labelled wrong on purpose
    assert report["recall_at_5"] == 1.0
    assert report["mrr"] == pytest.approx(0.875)
    assert set(report["coverage_at_precision"]) == {"0.90", "0.95"}
    assert set(report["shipped"]) == {
        "coverage",
        "precision",
        "clarify_rate",
        "false_answer_rate",
    }
    assert report["shipped"]["false_answer_rate"] == 0
    assert report["abstain"] == {"auroc": 1.0, "false_accept_rate_at_95": 0.0}
    assert 0 <= report["expected_calibration_error"] <= 1
    assert seen == [(5, 5)]
    json.dumps(report)


def test_without_unanswerable_questions_doubt_is_not_judged(calibration):
    report = evaluate_questions(
        ARTICLES, QUESTIONS[:2], HashEmbedder(), calibration=calibration
    )
    assert report["abstain"] == {"auroc": None, "false_accept_rate_at_95": None}
    assert report["shipped"]["false_answer_rate"] is None
    assert report["coverage_at_precision"] == {"0.90": 1.0, "0.95": 1.0}


def test_nothing_asked_is_a_report_all_the_same(calibration):
    report = evaluate_questions(ARTICLES, [], HashEmbedder(), calibration=calibration)
    assert report["n"] == 0
    assert report["recall_at_1"] is None


def test_an_article_in_two_languages_is_one_and_wordings_add_up():
    found = read_articles([*ARTICLES, {**ARTICLES[2], "question": "邮费"}])
    assert [one.article_id for one in found] == ["Returns_1", "Shipping"]
    assert set(found[0].content) == {"zh-Hans", "en"}
    assert found[1].content["zh-Hans"].variants == ("邮费",)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({"language": "en", "article_ids": []}, "text"),
        ({"text": "a", "language": "fr"}, "fr"),
        ({"text": 5, "language": "en"}, "missing"),
        ({"text": "a", "language": "en", "article_ids": "a"}, "list"),
    ],
)
def test_a_bad_question_is_named_by_its_row(line, why):
    with pytest.raises(BadImport, match=f"row 2.*{why}"):
        read_questions([QUESTIONS[0], line])


def test_a_bad_article_is_named_by_its_row():
    with pytest.raises(BadImport, match=r"row 1.*question"):
        read_articles([{"id": "a", "language": "en"}])


def test_lines_that_are_no_objects_are_all_named(tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('\ufeff{"a": 1}\n\n[1]\n{\n', "utf-8")
    with pytest.raises(BadImport) as caught:
        read_lines(path)
    assert [one.row for one in caught.value.problems] == [3, 4]
