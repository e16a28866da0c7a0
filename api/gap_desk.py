"""Decides how gaps become groups to work on, and what an editor makes of a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import anyio.to_thread
import numpy as np
import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.desk import Desk
from api.knowledge import load_calibration
from handoff.care_models import PastAnswer
from knowledge_base import articles, gap_groups, gaps, text_places
from knowledge_base.content import MOST_QUESTION, MOST_VARIANTS, as_json
from knowledge_base.embedding import Vectors
from knowledge_base.errors import BadCalibration, NoIndex
from knowledge_base.folding import fold
from knowledge_base.gap_board import GapGroup, arrange
from knowledge_base.languages import LANGUAGES, Cloud, Language, is_language
from knowledge_base.models import Gap
from knowledge_base.results import SearchResult

log = structlog.get_logger(__name__)

#: agents' answers looked through for one that fits a gap
LOOKED_THROUGH = 500
SHOWN_ANSWERS = 5
MOST_AROUND = 300
#: the cosine from which a settled question is told beside a gap
_NEAR = 0.30


@dataclass(frozen=True, kw_only=True)
class NearAnswer:
    """What an agent said to a question like the gap's, masked."""

    id: UUID
    question: str
    answer: str
    language: str
    likeness: float


async def groups(desk: Desk) -> list[GapGroup]:
    """The open gaps in groups, with what the bot would do about each now."""
    async with desk.database.reading() as session:
        open_ones = await gaps.list_gaps(session, limit=gap_groups.MOST)
        others = await gaps.not_ours(session)
        around = [] if known_means(desk) else await _article_questions(session)
    texts = [gap.text for gap in (*open_ones, *others)] + around
    vectors = await vectors_of(desk, texts)
    count = len(texts) - len(around)
    return await anyio.to_thread.run_sync(
        lambda: arrange(
            open_ones,
            others,
            vectors[:count],
            centred=_centred(desk, texts, vectors)[:count],
            ask_now=lambda gap, vector: _ask_now(desk, gap, vector),
        )
    )


async def _article_questions(session: AsyncSession) -> list[str]:
    """What the mean of a language is taken from where no calibration tells it."""
    views = await articles.list_articles(session)
    asked = [wording.question for view in views for wording in view.content.values()]
    return asked[:MOST_AROUND]


async def vectors_of(desk: Desk, texts: Sequence[str]) -> Vectors:
    return await text_places.vectors_of(
        texts,
        embedder=desk.embedder,
        reading=desk.database.reading,
        writing=desk.database.writing,
    )


def _centred(desk: Desk, texts: Sequence[str], vectors: Vectors) -> Vectors:
    return text_places.centred(texts, vectors, means=known_means(desk))


def known_means(desk: Desk) -> Mapping[Cloud, Vectors]:
    """The mean questions of each language; without a calibration that fits, the texts' own do."""
    model_id = desk.embedder.model_id
    try:
        calibration = load_calibration(desk.settings, model_id=model_id)
    except BadCalibration:
        log.warning("no means to group by", action="gaps", exc_info=True)
        return {}
    return calibration.means if calibration.model_id == model_id else {}


def _ask_now(desk: Desk, gap: Gap, vector: Vectors) -> SearchResult | None:
    language = gap.language if is_language(gap.language) else "en"
    try:
        return desk.searcher.search(gap.text, language=language, vector=vector, limit=3)
    except NoIndex:
        return None


async def near_answers(desk: Desk, gap_id: UUID) -> list[NearAnswer]:
    """What agents answered to questions like this one, the likest first."""
    async with desk.database.reading() as session:
        [gap] = await gaps.get(session, [gap_id])
        rows = await session.scalars(
            select(PastAnswer)
            .where(PastAnswer.model_id == desk.embedder.model_id)
            .order_by(PastAnswer.answered_at.desc())
            .limit(LOOKED_THROUGH)
        )
        past = [row for row in rows if len(row.vector) == 4 * desk.embedder.dim]
    if not past:
        return []
    own = await vectors_of(desk, [gap.text])
    return await anyio.to_thread.run_sync(lambda: _nearest(desk, gap, own, past))


def _nearest(
    desk: Desk, gap: Gap, own: Vectors, past: Sequence[PastAnswer]
) -> list[NearAnswer]:
    rows = [np.frombuffer(row.vector, dtype="<f4").astype(np.float32) for row in past]
    texts = [gap.text, *(row.question for row in past)]
    places = _centred(desk, texts, np.stack([own[0], *rows]))
    likeness = places[1:] @ places[0]
    best = [int(at) for at in np.argsort(-likeness) if likeness[at] >= _NEAR]
    return [
        NearAnswer(
            id=past[at].id,
            question=past[at].question,
            answer=past[at].answer,
            language=past[at].language,
            likeness=float(likeness[at]),
        )
        for at in best[:SHOWN_ANSWERS]
    ]


async def past_answer(session: AsyncSession, answer_id: UUID) -> PastAnswer | None:
    """One agent's answer, masked."""
    return await session.get(PastAnswer, answer_id)


def begun_article(
    found: Sequence[Gap], *, answer: PastAnswer | None = None
) -> dict[str, Any]:
    """The content of a new article: the first question of each language asks, the rest vary it."""
    content: dict[str, Any] = {}
    if answer is not None and is_language(answer.language):
        # The agent's own words answer; the shopper's question is filled in beside them.
        content[answer.language] = {
            "question": answer.question[:MOST_QUESTION],
            "variants": [],
            "answer": answer.answer,
        }
    for gap in found:
        if not is_language(gap.language):
            continue
        text = gap.text[:MOST_QUESTION]
        wording = content.setdefault(
            gap.language, {"question": text, "variants": [], "answer": ""}
        )
        told = {fold(one) for one in (wording["question"], *wording["variants"])}
        if fold(text) not in told and len(wording["variants"]) < MOST_VARIANTS:
            wording["variants"].append(text)
    return content


def with_variants(
    content: dict[str, Any], found: Sequence[Gap]
) -> tuple[dict[str, Any], list[Gap]]:
    """The content with these wordings in, and the gaps whose language the article lacks."""
    told = {
        fold(text)
        for language in LANGUAGES
        if (wording := content.get(language))
        for text in (wording["question"], *wording["variants"])
    }
    left: list[Gap] = []
    for gap in found:
        place = _place(content, gap.language)
        if place is None or len(content[place]["variants"]) >= MOST_VARIANTS:
            left.append(gap)
        elif fold(gap.text) not in told:
            content[place]["variants"].append(gap.text[:MOST_QUESTION])
            told.add(fold(gap.text))
    return content, left


def _place(content: dict[str, Any], language: str) -> str | None:
    """Both scripts are searched as one: a wording may stand in either."""
    if language in content:
        return language
    other: dict[str, Language] = {"zh-Hans": "zh-Hant", "zh-Hant": "zh-Hans"}
    twin = other.get(language)
    return twin if twin in content else None


async def add_variants(
    session: AsyncSession,
    found: Sequence[Gap],
    *,
    article_id: str,
    author: str,
    desk: Desk,
) -> tuple[int, list[Gap]]:
    """Write a draft revision with the wordings; return how many fitted and which did not."""
    view = await articles.get(session, article_id)
    content, left = with_variants(as_json(view.content), found)
    if content != as_json(view.content):
        await articles.revise(
            session,
            article_id,
            content=content,
            author=author,
            note="From what shoppers asked",
            expected_version=view.version,
            now=desk.clock(),
        )
    return len(found) - len(left), left
