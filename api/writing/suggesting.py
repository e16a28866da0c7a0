"""Decides what an agent is offered to take over: articles and what settled the same before."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

import numpy as np
from pydantic import BaseModel, ConfigDict

from api.desk import Desk
from api.markdown import to_text
from api.settings import Language
from api.writing.canned import in_script
from api.writing.case import Case
from api.writing.tones import tones
from handoff import past_answers
from handoff.care_models import PastAnswer
from knowledge_base.errors import NoIndex
from knowledge_base.languages import cloud

MOST_ARTICLES = 3
MOST_PAST = 3
#: how many past answers are compared, newest first
MOST_COMPARED = 4000
#: cosine below which a past question is another question, without what all have in common
LEAST_LIKE = 0.5
#: fewer past questions than this have no centre worth the name
ENOUGH_TO_CENTRE = 20
LONGEST_QUESTION = 600


class ArticleSuggestion(BaseModel):
    model_config = ConfigDict(frozen=True)

    article_id: str
    title: str
    text: str
    probability: float


class PastSuggestion(BaseModel):
    model_config = ConfigDict(frozen=True)

    conversation_id: UUID
    question: str
    text: str
    likeness: float
    answered_at: datetime


class Suggestions(BaseModel):
    model_config = ConfigDict(frozen=True)

    #: what was searched for; empty when the shopper waits for nothing
    question: str
    articles: list[ArticleSuggestion]
    past: list[PastSuggestion]
    openings: list[str]
    closings: list[str]


async def suggest(desk: Desk, case: Case) -> Suggestions:
    """What fits the shopper's last words; nothing of it is sent by itself."""
    question = "\n".join(case.unanswered or case.said[-1:])[-LONGEST_QUESTION:].strip()
    fitting = tones(case)
    articles: list[ArticleSuggestion] = []
    past: list[PastSuggestion] = []
    if question:
        async with desk.database.reading() as session:
            rows = await past_answers.newest(
                session, model_id=desk.embedder.model_id, limit=MOST_COMPARED
            )
        articles, past = await asyncio.to_thread(_find, desk, case, question, rows)
    return Suggestions(
        question=question,
        articles=articles,
        past=past,
        openings=fitting["opening"],
        closings=fitting["closing"],
    )


def _find(
    desk: Desk, case: Case, question: str, rows: list[PastAnswer]
) -> tuple[list[ArticleSuggestion], list[PastSuggestion]]:
    vector = desk.embedder.embed([question], kind="question")[0]
    try:
        found = desk.searcher.search(
            question, language=case.language, vector=vector, limit=MOST_ARTICLES
        )
    except NoIndex:
        articles = []
    else:
        articles = [
            ArticleSuggestion(
                article_id=hit.article_id,
                title=text.title,
                text=to_text(text.answer_markdown),
                probability=round(hit.probability, 3),
            )
            for hit in found.hits[:MOST_ARTICLES]
            if (text := desk.searcher.answer(hit.article_id, language=case.language))
        ]
    return articles, _like(desk, case, vector, rows)


def _like(
    desk: Desk, case: Case, vector: np.ndarray, rows: list[PastAnswer]
) -> list[PastSuggestion]:
    """The nearest past questions in the reader's language, each answer once."""
    mine = [
        row
        for row in rows
        if cloud(row.answer) == ("en" if case.language == "en" else "zh")
        and row.conversation_id != case.conversation.id
    ]
    if not mine:
        return []
    matrix = np.stack([np.frombuffer(row.vector, "<f4") for row in mine])
    likeness = _cosines(matrix, vector, middle=_middle(desk, case.language, matrix))
    suggestions: list[PastSuggestion] = []
    for place in np.argsort(-likeness, kind="stable"):
        row, like = mine[int(place)], float(likeness[place])
        if like < LEAST_LIKE or len(suggestions) == MOST_PAST:
            break
        text = in_script(row.answer, case.language, desk)
        if any(text == one.text for one in suggestions):
            continue
        suggestions.append(
            PastSuggestion(
                conversation_id=row.conversation_id,
                question=row.question,
                text=text,
                likeness=round(like, 3),
                answered_at=row.answered_at,
            )
        )
    return suggestions


def _middle(desk: Desk, language: Language, matrix: np.ndarray) -> np.ndarray:
    """What all questions of a language have in common: without it everything looks alike."""
    if len(matrix) >= ENOUGH_TO_CENTRE:
        middle: np.ndarray = matrix.mean(axis=0)
        return middle
    known = desk.searcher.calibration
    means = known.means if known.model_id == desk.embedder.model_id else {}
    return means.get("en" if language == "en" else "zh", np.zeros(matrix.shape[1]))


def _cosines(
    matrix: np.ndarray, vector: np.ndarray, *, middle: np.ndarray
) -> np.ndarray:
    rows, one = matrix - middle, vector - middle
    lengths = np.linalg.norm(rows, axis=1) * np.linalg.norm(one)
    cosines: np.ndarray = (rows @ one) / np.maximum(lengths, 1e-9)
    return cosines
