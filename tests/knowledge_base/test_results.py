from __future__ import annotations

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
