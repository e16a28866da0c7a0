"""The labelled questions that editors keep: what the publish gate and the calibration are checked with."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import uuid_utils
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.folding import fold
from knowledge_base.labelled import Question
from knowledge_base.languages import Language, is_language
from knowledge_base.models import Article, LabelledQuestion


async def keep(
    session: AsyncSession,
    text: str,
    *,
    language: Language,
    article_ids: Collection[str],
    now: datetime,
) -> LabelledQuestion:
    """Keep the question; the same words again take the place of what was said before."""
    folded = fold(text)
    rows = await session.scalars(select(LabelledQuestion))
    kept = next((row for row in rows if fold(row.text) == folded), None)
    if kept is None:
        kept = LabelledQuestion(id=UUID(str(uuid_utils.uuid7())))
        session.add(kept)
    kept.text, kept.language = text.strip(), language
    kept.article_ids, kept.created_at = sorted(set(article_ids)), now
    await session.flush()
    return kept


async def unknown(session: AsyncSession, article_ids: Collection[str]) -> list[str]:
    """Which of the ids are no article of the shop."""
    known = await session.scalars(
        select(Article.id).where(Article.id.in_(set(article_ids)))
    )
    return sorted(set(article_ids) - set(known))


async def find(session: AsyncSession, text: str) -> LabelledQuestion | None:
    """What was said about these very words."""
    folded = fold(text)
    rows = await session.scalars(select(LabelledQuestion))
    return next((row for row in rows if fold(row.text) == folded), None)


async def everything(session: AsyncSession) -> list[LabelledQuestion]:
    """All rows, the newest first."""
    found = await session.scalars(
        select(LabelledQuestion).order_by(
            LabelledQuestion.created_at.desc(), LabelledQuestion.id
        )
    )
    return list(found)


async def forget(session: AsyncSession, question_id: UUID) -> bool:
    """Drop one; False when there is none."""
    row = await session.get(LabelledQuestion, question_id)
    if row is None:
        return False
    await session.delete(row)
    await session.flush()
    return True


def as_questions(rows: Collection[LabelledQuestion]) -> list[Question]:
    """The rows as an evaluation asks them."""
    return [
        Question(
            text=row.text,
            language=row.language,
            article_ids=frozenset(map(str, row.article_ids)),
        )
        for row in rows
        if is_language(row.language)
    ]
