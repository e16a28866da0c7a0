"""A first start: what is made, and what need not be computed."""

from __future__ import annotations

from sqlalchemy import func, select

from api.processes import prepare
from knowledge_base.models import TextVector


async def test_the_vectors_of_the_starter_articles_come_with_them(desk):
    told = await prepare.seed_articles(desk.settings, desk.database)
    assert told.endswith("starter articles added")
    async with desk.database.reading() as session:
        kept = await session.scalar(select(func.count()).select_from(TextVector))
    assert kept > 8_000


async def test_a_second_start_adds_nothing(desk):
    await prepare.seed_articles(desk.settings, desk.database)
    assert (await prepare.seed_articles(desk.settings, desk.database)).endswith("here")
