"""Articles and a searcher that need no model."""

from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import articles, publish
from knowledge_base.calibration import FEATURES, Calibration
from knowledge_base.embedding import HashEmbedder
from knowledge_base.search import Searcher
from tests.knowledge_base.makers import NOON, RETURNS, SHIPPING


@pytest.fixture
def calibration() -> Calibration:
    """A margin and a close wording make an answer likely."""
    weight = {"small_margin": 4.0, "dense": 8.0, "words": 2.0, "exact": 4.0}
    return Calibration(
        model_id="hash",
        bias=-6.0,
        weights=tuple(weight.get(one, 0.0) for one in FEATURES),
    )


@pytest.fixture
def searcher(calibration: Calibration) -> Searcher:
    return Searcher(HashEmbedder(), calibration=calibration)


@pytest.fixture
async def shop(session: AsyncSession) -> AsyncSession:
    """A session with two published articles."""
    for article_id, topic, content in (RETURNS, SHIPPING):
        await articles.create(
            session,
            article_id=article_id,
            topic=topic,
            content=content,
            author="mei",
            now=NOON,
        )
    await publish.publish_many(session, [RETURNS[0], SHIPPING[0]], now=NOON)
    return session
