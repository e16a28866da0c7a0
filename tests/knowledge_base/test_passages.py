from __future__ import annotations

from knowledge_base.content import read_content
from knowledge_base.passages import MOST_ANSWER_TEXT, passages_of, plain
from tests.knowledge_base.makers import RETURNS


def test_one_passage_per_wording_and_one_for_the_answer():
    found = passages_of("a", revision_id="r", content=read_content(RETURNS[2]))
    assert [one.kind for one in found if one.language == "en"] == [
        "question",
        "variant",
        "variant",
        "answer",
    ]
    assert {one.embedded_as for one in found if one.kind != "answer"} == {"question"}


def test_a_wording_that_folds_to_another_is_dropped():
    value = {
        "zh-Hans": {
            "question": "退货？",
            "variants": ["退货？", "退貨?"],
            "answer": "能",
        },
        "zh-Hant": {"question": "退貨？", "variants": ["換貨"], "answer": "能"},
    }
    found = passages_of("a", revision_id="r", content=read_content(value))
    assert [one.folded for one in found] == ["退货?", "能", "换货"]


def test_an_answer_is_found_by_its_words_not_its_marks():
    assert plain("**7 days**\n\n1. [Portal](https://x.example/a)\n- go") == (
        "7 days Portal go"
    )
    value = {"en": {"question": "q", "variants": [], "answer": "word " * 1000}}
    found = passages_of("a", revision_id="r", content=read_content(value))
    assert len(found[-1].text) <= MOST_ANSWER_TEXT
