from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge_base.results import AnswerPolicy, Hit, Outcome, decide

POLICY = AnswerPolicy(
    answer_precision=0.9, clarify_precision=0.55, clarify_margin=0.15, max_choices=3
)


def hits(*probabilities: float) -> list[Hit]:
    return [
        Hit(
            article_id=f"a{place}",
            revision_id="r",
            title="t",
            language="en",
            score=1.0,
            probability=probability,
            matched_text="t",
            matched_kind="question",
            dense=1.0,
            words=1.0,
        )
        for place, probability in enumerate(probabilities)
    ]


@pytest.mark.parametrize(
    ("probabilities", "outcome", "shown"),
    [
        ((), Outcome.ABSTAIN, 0),
        ((0.95, 0.1, 0.1), Outcome.ANSWER, 3),
        ((0.90,), Outcome.ANSWER, 1),
        ((0.89, 0.1, 0.1), Outcome.CLARIFY, 2),
        ((0.95, 0.85, 0.1), Outcome.CLARIFY, 2),
        ((0.7, 0.65, 0.6, 0.58), Outcome.CLARIFY, 3),
        ((0.56,), Outcome.CLARIFY, 1),
        ((0.3, 0.28, 0.1), Outcome.CLARIFY, 2),
        ((0.3, 0.1, 0.1), Outcome.ABSTAIN, 3),
        ((0.05, 0.04, 0.04), Outcome.ABSTAIN, 3),
    ],
)
def test_the_outcome_follows_the_probabilities(probabilities, outcome, shown):
    found = decide(hits(*probabilities), POLICY, limit=5)
    assert found[0] is outcome
    assert len(found[1]) == shown


@pytest.mark.parametrize(
    ("likely", "own", "outcome"),
    [
        (0.95, None, Outcome.ANSWER),
        (0.95, 0.97, Outcome.CLARIFY),
        (0.7, None, Outcome.CLARIFY),
        (0.7, 0.65, Outcome.ANSWER),
        # below the bar of asking back, too
        (0.5, None, Outcome.ABSTAIN),
        (0.5, 0.45, Outcome.ANSWER),
    ],
)
def test_an_article_with_a_bar_of_its_own_goes_by_that(likely, own, outcome):
    best, other = hits(likely, 0.02)
    best = replace(best, own_bar=own)
    assert decide([best, other], POLICY, limit=5)[0] is outcome


def test_the_bar_of_the_second_article_does_not_count():
    best, other = hits(0.95, 0.1)
    other = replace(other, own_bar=0.05)
    assert decide([best, other], POLICY, limit=5)[0] is Outcome.ANSWER
