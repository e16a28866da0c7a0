"""Decides what is told of the articles' quality: the labelled questions asked of the index that answers now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import anyio.to_thread

from api import gap_desk
from api.desk import Desk
from api.knowledge import load_calibration
from knowledge_base import articles, curves, labelled_rows
from knowledge_base.calibration import expected_error, reliability
from knowledge_base.curves import Asked, Point
from knowledge_base.embedding import Vectors
from knowledge_base.errors import BadCalibration
from knowledge_base.folding import fold
from knowledge_base.labelled import Question
from knowledge_base.results import AnswerPolicy

#: the newest labelled questions; more would make the page wait
MOST_QUESTIONS = 500


@dataclass(frozen=True, kw_only=True)
class Quality:
    """How well the index does on the shop's own labelled questions."""

    questions: int
    #: left out, for they stand word for word in an article
    known_by_heart: int
    curve: tuple[Point, ...]
    answer: Point
    clarify: Point
    reliability: tuple[dict[str, float], ...]
    expected_error: float
    #: what the fit of the calibration said about questions held out from it
    fitted: dict[str, Any]


async def measure(desk: Desk) -> Quality | None:
    """Ask them all; None when there is none to ask."""
    async with desk.database.reading() as session:
        rows = await labelled_rows.everything(session)
        views = await articles.list_articles(session)
    by_heart = {
        fold(text)
        for view in views
        for wording in view.content.values()
        for text in (wording.question, *wording.variants)
    }
    known = {view.id for view in views if view.published_revision_id is not None}
    questions = [
        one
        for one in labelled_rows.as_questions(rows[:MOST_QUESTIONS])
        if not one.article_ids or one.article_ids & known
    ]
    fresh = [one for one in questions if fold(one.text) not in by_heart]
    if not fresh:
        return None
    vectors = await gap_desk.vectors_of(desk, [one.text for one in fresh])
    asked = await anyio.to_thread.run_sync(lambda: _ask(desk, fresh, vectors))
    return _summed(desk, asked, known_by_heart=len(questions) - len(fresh))


def _ask(desk: Desk, questions: Sequence[Question], vectors: Vectors) -> list[Asked]:
    made = []
    for one, vector in zip(questions, vectors, strict=True):
        found = desk.searcher.search(
            one.text, language=one.language, vector=vector, limit=3
        )
        best = found.hits[0].article_id if found.hits else None
        made.append(
            Asked(
                probability=found.probability,
                right=best in one.article_ids,
                answerable=bool(one.article_ids),
            )
        )
    return made


def _summed(desk: Desk, asked: Sequence[Asked], *, known_by_heart: int) -> Quality:
    policy = policy_of(desk)
    said = [one.probability for one in asked]
    right = [one.right for one in asked]
    return Quality(
        questions=len(asked),
        known_by_heart=known_by_heart,
        curve=tuple(curves.curve(asked)),
        answer=curves.at(asked, policy.answer_precision),
        clarify=curves.at(asked, policy.clarify_precision),
        reliability=tuple(reliability(said, right)),
        expected_error=expected_error(said, right),
        fitted=fitted_report(desk),
    )


def fitted_report(desk: Desk) -> dict[str, Any]:
    """What the calibration says about itself; empty when it cannot be read."""
    try:
        found = load_calibration(desk.settings, model_id=desk.embedder.model_id)
    except BadCalibration:
        return {}
    return dict(found.report)


def policy_of(desk: Desk) -> AnswerPolicy:
    """How sure the bot is now: the wanted precision as the probability that reaches it."""
    policy = desk.settings.search_policy()
    try:
        found = load_calibration(desk.settings, model_id=desk.embedder.model_id)
    except BadCalibration:
        return policy
    return replace(policy, answer_precision=found.threshold(policy.answer_precision))
