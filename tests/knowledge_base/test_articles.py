from __future__ import annotations

import pytest

from knowledge_base import articles, publish
from knowledge_base.errors import (
    ArticleExists,
    InvalidArticle,
    NoSuchArticle,
    NoSuchRevision,
    StaleEdit,
)
from tests.knowledge_base.makers import LATER, NOON, RETURNS, SHIPPING, content


async def draft(session, article_id="hours", value=None, **others):
    return await articles.create(
        session,
        article_id=article_id,
        topic="contact",
        content=value or content(),
        author="mei",
        now=NOON,
        **others,
    )


class TestCreate:
    async def test_a_new_article_is_a_draft_that_nobody_gets(self, session):
        await draft(session)
        view = await articles.get(session, "hours")
        assert (view.status, view.version, view.revision_number) == ("draft", 1, 1)
        assert view.published_revision_id is None
        assert view.has_draft

    async def test_an_id_is_taken_once(self, session):
        await draft(session)
        with pytest.raises(ArticleExists, match="hours"):
            await draft(session)

    async def test_a_bad_article_leaves_nothing_behind(self, session):
        with pytest.raises(InvalidArticle):
            await draft(session, value=content(""))
        assert await articles.list_articles(session) == []


class TestRevise:
    async def test_every_change_is_a_new_revision(self, session):
        await draft(session)
        await articles.revise(
            session,
            "hours",
            content=content(answer="十点。"),
            topic="contact-hours",
            author="lin",
            note="later",
            expected_version=1,
            now=LATER,
        )
        view = await articles.get(session, "hours")
        assert view.content["zh-Hans"].answer == "十点。"
        assert (view.version, view.topic, view.author) == (2, "contact-hours", "lin")
        history = await articles.revisions(session, "hours")
        assert [one.number for one in history] == [2, 1]
        assert history[1].content == content()

    async def test_an_edit_of_an_older_version_is_refused(self, session):
        await draft(session)
        for version, fails in ((1, False), (1, True), (2, False)):
            change = articles.revise(
                session,
                "hours",
                content=content(),
                author="lin",
                expected_version=version,
                now=LATER,
            )
            if fails:
                with pytest.raises(StaleEdit, match="load it again"):
                    await change
            else:
                await change
        assert len(await articles.revisions(session, "hours")) == 3

    async def test_an_unknown_article_is_said_to_be_unknown(self, session):
        with pytest.raises(NoSuchArticle, match="nowhere"):
            await articles.revise(
                session,
                "nowhere",
                content=content(),
                author="lin",
                expected_version=1,
                now=LATER,
            )

    async def test_an_edited_starter_article_is_the_shops_own(self, session):
        await draft(session, starter=True)
        assert (await articles.get(session, "hours")).starter
        await articles.revise(
            session,
            "hours",
            content=content(),
            author="lin",
            expected_version=None,
            now=LATER,
        )
        assert not (await articles.get(session, "hours")).starter

    async def test_starter_marks_can_be_taken_away(self, session):
        await draft(session, starter=True)
        await articles.clear_starter_marks(session)
        assert not (await articles.get(session, "hours")).starter


class TestList:
    async def test_articles_are_found_by_status_topic_and_words(self, shop):
        await draft(shop)
        by = articles.list_articles
        assert [one.id for one in await by(shop, status="draft")] == ["hours"]
        assert [one.id for one in await by(shop, topic="returns")] == [RETURNS[0]]
        assert [one.id for one in await by(shop, text="運費")] == [SHIPPING[0]]
        assert [one.id for one in await by(shop, text="7 DAYS")] == [RETURNS[0]]
        assert await by(shop, text="nothing like it") == []
        assert len(await by(shop, text="  ")) == 3


class TestRevision:
    async def test_a_revision_of_another_article_is_not_this_ones(self, shop):
        other = (await articles.get(shop, SHIPPING[0])).revision_id
        with pytest.raises(NoSuchRevision):
            await publish.publish(shop, RETURNS[0], revision_id=other, now=LATER)
