from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pytest

from knowledge_base import articles, publish, search, vectors
from knowledge_base.embedding import HashEmbedder
from knowledge_base.errors import NoIndex
from knowledge_base.search import Outcome, Searcher
from tests.knowledge_base.makers import LATER, NOON, RETURNS, SHIPPING, content


class TestSearch:
    async def test_a_wording_of_an_article_is_answered(self, shop, searcher):
        await searcher.refresh(shop)
        found = searcher.search("收到后几天内可以退?", language="zh-Hans")
        assert found.outcome is Outcome.ANSWER
        assert found.hits[0].article_id == RETURNS[0]
        assert found.hits[0].matched_kind == "variant"
        assert found.hits[0].matched_text == "收到后几天内可以退"
        assert found.hits[0].matched_words == ("收到后几天内可以退",)
        assert found.probability == found.hits[0].probability > 0.9

    async def test_every_article_is_one_hit(self, shop, searcher):
        await searcher.refresh(shop)
        hits = searcher.search("退货 运费", language="zh-Hans", limit=10).hits
        ids = [one.article_id for one in hits]
        assert sorted(ids) == sorted(set(ids))

    async def test_traditional_finds_what_simplified_finds(self, shop, searcher):
        await searcher.refresh(shop)
        simplified = searcher.search("多少天之内能退货", language="zh-Hans")
        traditional = searcher.search("多少天之內能退貨", language="zh-Hant")
        assert traditional.probability == pytest.approx(simplified.probability)
        assert traditional.hits[0].title == "退貨期限是多久？"

    async def test_a_foreign_question_is_not_answered(self, shop, searcher):
        await searcher.refresh(shop)
        found = searcher.search("zzz qqq xxx", language="en")
        assert found.outcome is Outcome.ABSTAIN
        assert found.hits  # the nearest topics all the same

    @pytest.mark.parametrize("text", ["", "   ", "\n", "\u3000"])
    async def test_an_empty_question_finds_nothing(self, shop, searcher, text):
        await searcher.refresh(shop)
        found = searcher.search(text, language="en")
        assert (found.outcome, found.hits) == (Outcome.ABSTAIN, ())

    async def test_odd_questions_are_survived(self, shop, searcher):
        await searcher.refresh(shop)
        for text in ("😀", "?" * 2000, "退" * 2000, "\0", "'; DROP TABLE article; --"):
            assert searcher.search(text, language="en").outcome in Outcome

    async def test_a_ready_vector_is_used_and_nothing_is_embedded(self, shop, searcher):
        await searcher.refresh(shop)
        vector = searcher.embedder.embed(["运费要多少钱"], kind="question")[0]

        def refuse(*_args, **_kwargs):
            raise AssertionError

        searcher.embedder.embed = refuse
        found = searcher.search("运费要多少钱", language="zh-Hans", vector=vector)
        assert found.hits[0].article_id == SHIPPING[0]
        with pytest.raises(AssertionError):
            searcher.search("运费要多少钱", language="zh-Hans")

    def test_before_the_first_version_it_says_so(self, searcher):
        with pytest.raises(NoIndex, match="not been indexed"):
            searcher.search("退货", language="zh-Hans")

    async def test_an_empty_shop_abstains(self, session, searcher):
        assert await searcher.refresh(session) == 0
        found = searcher.search("退货", language="zh-Hans")
        assert (found.outcome, found.hits) == (Outcome.ABSTAIN, ())


class TestAnswer:
    async def test_traditional_is_derived_and_says_so(self, shop, searcher):
        await searcher.refresh(shop)
        told = searcher.answer(SHIPPING[0], language="zh-Hant")
        assert told is not None
        assert (told.language, told.derived) == ("zh-Hant", True)
        assert told.answer_markdown == "滿 99 元包郵，軟體裡可以看到。"

    async def test_the_editors_own_traditional_wins(self, shop, searcher):
        written = content() | {
            "zh-Hant": {"question": "幾點？", "variants": [], "answer": "朝九。"}
        }
        await articles.create(
            shop, article_id="hours", topic="t", content=written, author="m", now=NOON
        )
        await publish.publish(shop, "hours", now=NOON)
        await searcher.refresh(shop)
        told = searcher.answer("hours", language="zh-Hant")
        assert told is not None
        assert (told.answer_markdown, told.derived) == ("朝九。", False)

    async def test_another_language_is_told_as_what_it_is(self, shop, searcher):
        await searcher.refresh(shop)
        told = searcher.answer(SHIPPING[0], language="en")
        assert told is not None
        assert (told.language, told.derived) == ("zh-Hans", False)

    async def test_what_is_not_published_has_no_answer(self, shop, searcher):
        await searcher.refresh(shop)
        assert searcher.answer("nowhere", language="en") is None


class TestRefresh:
    async def test_a_retired_article_is_gone(self, shop, searcher):
        await searcher.refresh(shop)
        version = await publish.retire(shop, RETURNS[0], now=LATER)
        before = searcher.search("退货期限是多久", language="zh-Hans")
        assert before.hits[0].article_id == RETURNS[0]
        assert await searcher.refresh(shop) == version.id
        after = searcher.search("退货期限是多久", language="zh-Hans")
        assert RETURNS[0] not in {one.article_id for one in after.hits}
        assert searcher.answer(RETURNS[0], language="en") is None

    async def test_an_unchanged_version_is_not_built_again(self, shop, searcher):
        await searcher.refresh(shop)
        assert await searcher.read(shop) is None

    async def test_only_new_texts_are_embedded_even_by_another_process(
        self, shop, searcher, calibration
    ):
        await searcher.refresh(shop)
        assert await searcher.save_vectors(shop) > 0
        assert await searcher.save_vectors(shop) == 0
        await articles.create(
            shop, article_id="hours", topic="t", content=content(), author="m", now=NOON
        )
        await publish.publish(shop, "hours", now=NOON)
        other = Searcher(HashEmbedder(), calibration=calibration)
        await other.refresh(shop)
        assert await other.save_vectors(shop) == 2  # the question and the answer

    async def test_no_transaction_is_open_while_texts_are_embedded(
        self, shop, searcher
    ):
        open_now: list[str] = []

        @asynccontextmanager
        async def reading():
            open_now.append("open")
            yield shop
            open_now.pop()

        embed = searcher.embedder.embed

        def watched(texts, *, kind):
            assert not open_now
            return embed(texts, kind=kind)

        searcher.embedder.embed = watched
        version = await searcher.follow(reading, reading)
        assert version == await publish.newest_version(shop)
        keys = set(searcher._vectors)
        assert keys == set(await vectors.load(shop, keys, embedder=searcher.embedder))

    async def test_the_list_of_articles_is_read_only_when_it_has_changed(
        self, shop, searcher, monkeypatch
    ):
        await searcher.refresh(shop)

        async def read_all(*_, **__):
            raise AssertionError("the whole list was read")

        with monkeypatch.context() as patched:
            patched.setattr(search, "published_articles", read_all)
            assert await searcher.read(shop) is None
        await publish.retire(shop, SHIPPING[0], now=LATER)
        assert (await searcher.read(shop)).version > searcher.version

    async def test_readers_see_one_version_whole_while_others_are_swapped_in(
        self, shop, searcher
    ):
        await searcher.refresh(shop)
        first = await searcher.read(shop)
        assert first is None
        old = searcher._version
        await publish.retire(shop, SHIPPING[0], now=LATER)
        await searcher.refresh(shop)
        new = searcher._version
        versions = {old.number: 2, new.number: 1}

        def ask(_: int) -> bool:
            found = searcher.search("退货", language="zh-Hans", limit=10)
            return len(found.hits) <= versions[found.index_version]

        def swap(turn: int) -> None:
            searcher._version = (old, new)[turn % 2]

        with ThreadPoolExecutor(4) as pool:
            asked = [pool.submit(ask, one) for one in range(200)]
            swapped = [pool.submit(swap, one) for one in range(200)]
            assert all(one.result() for one in asked)
            assert not any(one.result() for one in swapped)

    async def test_an_older_version_never_replaces_a_newer(self, shop, searcher):
        old = await searcher.read(shop)
        await publish.retire(shop, SHIPPING[0], now=LATER)
        new = await searcher.read(shop)
        await asyncio.gather(searcher.build(new), searcher.build(old))
        assert searcher.version == new.version


async def test_the_same_question_gives_the_same_hits(shop, searcher):
    await searcher.refresh(shop)
    runs = [searcher.search("退货 多少钱", language="zh-Hans").hits for _ in range(3)]
    assert runs[0] == runs[1] == runs[2]
    assert np.isfinite([one.score for one in runs[0]]).all()


class TestTheBarOfAnArticle:
    """A wanted precision is told as a probability by the same calibration as the shop's."""

    async def _published(self, shop, wanted):
        said = RETURNS[2] | ({} if wanted is None else {"answer_precision": wanted})
        await articles.revise(
            shop,
            RETURNS[0],
            content=said,
            author="mei",
            expected_version=None,
            now=LATER,
        )
        await publish.publish(shop, RETURNS[0], now=LATER)

    async def _outcome(self, shop, calibration, wanted, *, measured):
        await self._published(shop, wanted)
        known = replace(calibration, thresholds=measured)
        searcher = Searcher(HashEmbedder(), calibration=known)
        await searcher.refresh(shop)
        return searcher.search("收到后几天内可以退?", language="zh-Hans")

    async def test_a_higher_bar_asks_back_where_it_would_have_answered(
        self, shop, calibration
    ):
        measured = {"0.9": 0.5, "0.99": 0.99999}
        usual = await self._outcome(shop, calibration, None, measured=measured)
        strict = await self._outcome(shop, calibration, 0.99, measured=measured)
        assert (usual.outcome, strict.outcome) == (Outcome.ANSWER, Outcome.CLARIFY)
        assert usual.hits[0].own_bar is None
        # the probability that reaches the precision, not the precision
        assert strict.hits[0].own_bar == 0.99999

    async def test_a_lower_bar_answers_earlier(self, shop, calibration):
        measured = {"0.8": 0.3, "0.9": 0.99999}
        usual = await self._outcome(shop, calibration, None, measured=measured)
        easy = await self._outcome(shop, calibration, 0.75, measured=measured)
        assert (usual.outcome, easy.outcome) == (Outcome.CLARIFY, Outcome.ANSWER)

    async def test_it_belongs_to_the_revision_and_comes_back_with_it(
        self, shop, searcher
    ):
        await self._published(shop, 0.99)
        old = (await articles.revisions(shop, RETURNS[0]))[0]
        await self._published(shop, None)
        assert old.content["answer_precision"] == 0.99
        assert (await articles.get(shop, RETURNS[0])).content.answer_precision is None
        await publish.roll_back(
            shop, RETURNS[0], revision_id=old.id, author="mei", now=LATER
        )
        await searcher.refresh(shop)
        found = searcher.search("收到后几天内可以退?", language="zh-Hans")
        assert found.hits[0].own_bar == searcher.calibration.threshold(0.99)
