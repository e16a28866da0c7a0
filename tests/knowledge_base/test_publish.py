from __future__ import annotations

import asyncio

from sqlalchemy import select

from knowledge_base import articles, publish
from knowledge_base.models import IndexVersion
from tests.knowledge_base.makers import LATER, NOON, RETURNS, SHIPPING, content


async def test_nothing_published_is_version_nought(session):
    assert await publish.published_articles(session) == (0, ())
    assert await publish.newest_version(session) == 0


async def test_a_draft_is_never_part_of_a_version(shop):
    await articles.revise(
        shop,
        SHIPPING[0],
        content=content("草稿"),
        author="lin",
        expected_version=None,
        now=LATER,
    )
    version = await publish.publish(shop, RETURNS[0], now=LATER)
    _, found = await publish.published_articles(shop)
    words = {one.article_id: one.content["zh-Hans"].question for one in found}
    assert words == {RETURNS[0]: "退货期限是多久？", SHIPPING[0]: "运费要多少钱？"}
    assert await publish.newest_version(shop) == version.id


async def test_a_retired_article_leaves_the_version_and_keeps_its_revisions(shop):
    version = await publish.retire(shop, SHIPPING[0], now=LATER)
    assert set(version.manifest) == {RETURNS[0]}
    view = await articles.get(shop, SHIPPING[0])
    assert (view.status, view.published_revision_id) == ("retired", None)
    assert len(await articles.revisions(shop, SHIPPING[0])) == 1


async def test_going_back_is_a_new_revision_that_says_so(shop):
    first = (await articles.get(shop, SHIPPING[0])).revision_id
    await articles.revise(
        shop,
        SHIPPING[0],
        content=content("新的"),
        author="lin",
        expected_version=None,
        now=LATER,
    )
    await publish.publish(shop, SHIPPING[0], now=LATER)
    version = await publish.roll_back(
        shop, SHIPPING[0], revision_id=first, author="mei", now=LATER
    )
    view = await articles.get(shop, SHIPPING[0])
    assert view.content["zh-Hans"].question == "运费要多少钱？"
    assert (view.revision_number, view.note) == (3, "Back to revision 1.")
    assert version.manifest[SHIPPING[0]] == str(view.revision_id)
    assert version.reason == "rollback"


async def test_every_change_makes_a_new_etag(shop):
    before = (await articles.get(shop, SHIPPING[0])).version
    await publish.retire(shop, SHIPPING[0], now=LATER)
    assert (await articles.get(shop, SHIPPING[0])).version == before + 1


async def test_two_publishers_at_once_lose_nothing(sessions):
    async with sessions.begin() as session:
        for number in range(6):
            await articles.create(
                session,
                article_id=f"a-{number}",
                topic="t",
                content=content(f"问题 {number}"),
                author="mei",
                now=NOON,
            )

    async def one(number: int) -> None:
        async with sessions.begin() as session:
            await publish.publish(session, f"a-{number}", now=LATER)

    await asyncio.gather(*(one(number) for number in range(6)))
    async with sessions() as session:
        version, found = await publish.published_articles(session)
        newest = await session.scalar(
            select(IndexVersion.manifest).where(IndexVersion.id == version)
        )
    assert len(found) == 6
    assert set(newest or {}) == {f"a-{number}" for number in range(6)}
