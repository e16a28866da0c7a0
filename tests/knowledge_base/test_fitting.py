from __future__ import annotations

import pytest

from knowledge_base import fitting
from knowledge_base.calibration import FEATURES
from knowledge_base.content import read_content
from knowledge_base.embedding import HashEmbedder
from knowledge_base.fitting import Asked, fit_on, in_proportion
from knowledge_base.labelled import Question
from knowledge_base.publish import Published

THINGS = (
    "退货",
    "运费",
    "发票",
    "尺码",
    "优惠券",
    "会员",
    "地址",
    "密码",
    "包装",
    "保修",
)
WORDINGS = ("{}怎么弄", "请问{}", "{}的规定", "关于{}的问题", "我想问{}呢", "{}？")


@pytest.fixture
def articles() -> list[Published]:
    return [
        Published(
            article_id=f"a{place}",
            revision_id="r",
            content=read_content(
                {
                    "zh-Hans": {
                        "question": WORDINGS[0].format(thing),
                        "variants": [one.format(thing) for one in WORDINGS[1:]],
                        "answer": f"{thing}在这里。",
                    }
                }
            ),
        )
        for place, thing in enumerate(THINGS)
    ]


def test_the_same_input_gives_the_same_fit(articles, monkeypatch):
    monkeypatch.setattr(fitting, "_ROUNDS", 3)
    first = fit_on(articles, (), HashEmbedder())
    again = fit_on(articles, (), HashEmbedder())
    assert (first.bias, first.weights) == (again.bias, again.weights)
    assert first.model_id == "hash"


def test_a_near_wording_counts_for_an_answer_and_progress_is_told(
    articles, monkeypatch
):
    monkeypatch.setattr(fitting, "_ROUNDS", 6)
    seen: list[tuple[int, int]] = []
    questions = [
        Question(text="退货咋办", language="zh-Hans", article_ids=frozenset({"a0"})),
        Question(text="今天天气", language="zh-Hans", article_ids=frozenset()),
    ]
    found = fit_on(
        articles,
        questions,
        HashEmbedder(),
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (6, 6)
    assert found.report["fitted_on"] > 50
    near = dict.fromkeys(FEATURES, 1.0)
    far = dict.fromkeys(FEATURES, 0.0) | {"dense": 0.1, "same_language": 1.0}
    surely, hardly = (found.chance([one[f] for f in FEATURES]) for one in (near, far))
    assert surely > 0.8 > hardly


def test_unanswerable_questions_count_no_more_than_shoppers_ask_them():
    vector = HashEmbedder().embed(["?"], kind="question")[0]

    def asked(text: str, *ids: str) -> Asked:
        return Asked(
            folded=text, vector=vector, english=None, article_ids=frozenset(ids)
        )

    answered = [asked(f"q{number}", "a0") for number in range(6)]
    nothing = [asked(f"n{number}") for number in range(20)]
    kept = in_proportion([*nothing, *answered])
    assert [one for one in kept if one.article_ids] == answered
    assert sum(not one.article_ids for one in kept) == 2  # a quarter of eight
    assert in_proportion([*answered, nothing[0]]) == [*answered, nothing[0]]
    again = in_proportion([*answered, *reversed(nothing)])
    assert {one.folded for one in again} == {one.folded for one in kept}
