"""What the gate sees before shoppers do: every kind of harm, and that nothing is published by looking."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from knowledge_base import articles, gate, labelled_rows, publish
from knowledge_base.content import read_content
from knowledge_base.embedding import EmbeddedAs, HashEmbedder, Vectors
from knowledge_base.errors import IndexMoved
from knowledge_base.gate import GateMemory, WouldBe
from knowledge_base.gate_articles import GateRules
from knowledge_base.gate_findings import Report
from knowledge_base.models import IndexVersion, TextVector
from knowledge_base.publish import Passed
from knowledge_base.results import AnswerPolicy
from knowledge_base.search import Searcher
from tests.knowledge_base.makers import LATER, NOON, content

TEXTS: dict[str, tuple[str, list[str], str]] = {
    "own-returns": (
        "退货期限是多久",
        [
            "收到后几天内可以退",
            "多少天之内能退货",
            "退货有时间限制吗",
            "超过几天不能退",
        ],
        "签收后 **7 天**内可以无理由退货。",
    ),
    "own-shipping": (
        "运费要多少钱",
        ["邮费怎么算", "满多少包邮", "快递费是多少", "寄到家要付运费吗"],
        "满 99 元包邮，不满收 8 元运费。",
    ),
    "own-invoice": (
        "怎么开发票",
        ["发票在哪里申请", "能开增值税发票吗", "电子发票怎么下载", "发票抬头怎么填"],
        "订单里点 **申请发票**，24 小时内开好。",
    ),
}
ASKED = [
    ("邮费怎么算的呀", ["own-shipping"]),
    ("快递费大概是多少", ["own-shipping"]),
    ("多少天内能退货", ["own-returns"]),
    ("发票要在哪里申请", ["own-invoice"]),
    ("你们招聘仓库员工吗", []),
]


class Counting(HashEmbedder):
    """Says which texts it had to embed."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors:
        self.texts += texts
        return super().embed(texts, kind=kind)


class Shop:
    """A shop with three articles, five labelled questions, and its gate."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], searcher: Searcher):
        self.sessions, self.searcher = sessions, searcher
        self.memory, self.rules = GateMemory(), GateRules()

    def open(self) -> AbstractAsyncContextManager[AsyncSession]:
        return self.sessions.begin()

    async def fill(self) -> None:
        async with self.open() as session:
            for article_id, (question, variants, answer) in TEXTS.items():
                await articles.create(
                    session,
                    article_id=article_id,
                    topic="t",
                    content=wording(question, variants, answer),
                    author="mei",
                    now=NOON,
                )
            for text, ids in ASKED:
                await labelled_rows.keep(
                    session, text, language="zh-Hans", article_ids=ids, now=NOON
                )
            await publish.publish_many(session, list(TEXTS), now=NOON)
        await self.searcher.follow(self.open, self.open)

    async def look(self, article_id: str, said: dict[str, Any] | None) -> Report:
        wanted = WouldBe(
            article_id=article_id,
            revision_id="would-be",
            content=read_content(said) if said else None,
        )
        return await gate.examine(
            [wanted],
            reading=self.open,
            writing=self.open,
            searcher=self.searcher,
            memory=self.memory,
            rules=self.rules,
        )


def wording(question: str, variants: list[str], answer: str, **more: Any):
    said = {"question": question, "variants": variants, "answer": answer}
    return content() | {"zh-Hans": said} | more


def edited(article_id: str, *variants: str, answer: str | None = None, **more: Any):
    question, old, says = TEXTS[article_id]
    return wording(question, [*old, *variants], answer or says, **more)


@pytest.fixture
async def shop(sessions, calibration) -> Shop:
    searcher = Searcher(
        Counting(),
        AnswerPolicy(answer_precision=0.75, clarify_precision=0.4, clarify_margin=0.1),
        calibration=calibration,
    )
    made = Shop(sessions, searcher)
    await made.fill()
    return made


def kinds(report: Report) -> set[str]:
    return {one.kind for one in report.findings}


async def test_the_same_words_again_change_nothing(shop):
    report = await shop.look("own-shipping", edited("own-shipping"))
    assert (report.changes, report.findings) == ((), ())
    assert (report.questions, report.blocks) == (5, False)
    assert report.as_json()["verdict"] == "clear"


class TestQuestions:
    async def test_a_bar_that_silences_an_article_shows_its_questions_as_lost(
        self, shop
    ):
        raised = edited("own-shipping") | {"answer_precision": 0.99}
        # as though no answer of this index ever reached it
        shop.searcher.calibration = replace(
            shop.searcher.calibration, thresholds={"0.99": 1.0}
        )
        report = await shop.look("own-shipping", raised)
        assert report.changes
        assert {one.kind for one in report.changes} == {"lost"}

    async def test_a_question_stolen_from_another_article_blocks(self, shop):
        report = await shop.look(
            "own-returns",
            edited("own-returns", "邮费怎么算的呀", "邮费怎么算的呀？退货"),
        )
        [stolen] = [one for one in report.changes if one.kind == "stolen"]
        assert stolen.question == "邮费怎么算的呀"
        assert stolen.before.article_id == "own-shipping"
        assert stolen.after.article_id == "own-returns"
        assert stolen.after.probability > 0.5
        assert report.blocks

    async def test_without_the_stolen_wording_nothing_blocks(self, shop):
        report = await shop.look(
            "own-returns", edited("own-returns", "衣服不喜欢退回去")
        )
        assert not report.blocks

    async def test_a_question_that_nothing_answers_must_stay_unanswered(self, shop):
        report = await shop.look(
            "own-invoice", edited("own-invoice", "你们招聘仓库员工吗")
        )
        [wrong] = [one for one in report.changes if one.kind == "wrongly_answered"]
        assert (wrong.right, wrong.after.article_id) == ((), "own-invoice")
        assert report.blocks

    async def test_taking_an_article_away_loses_its_questions(self, shop):
        report = await shop.look("own-invoice", None)
        assert [one.question for one in report.changes] == ["发票要在哪里申请"]
        assert report.changes[0].kind in {"lost", "stolen"}

    async def test_losing_many_questions_blocks(self, shop):
        async with shop.open() as session:
            for text in (
                "电子发票怎么下载呀",
                "发票抬头怎么填写",
                "能不能开增值税发票",
            ):
                await labelled_rows.keep(
                    session,
                    text,
                    language="zh-Hans",
                    article_ids=["own-invoice"],
                    now=NOON,
                )
        report = await shop.look("own-invoice", wording("公司地址", [], "在杭州。"))
        lost = [one for one in report.changes if one.kind == "lost"]
        assert len(lost) >= 3
        assert {one.severity for one in lost} == {"block"}

    async def test_a_question_gained_is_told_and_does_no_harm(self, shop):
        async with shop.open() as session:
            await labelled_rows.keep(
                session,
                "衣服洗坏了怎么赔",
                language="zh-Hans",
                article_ids=["own-returns"],
                now=NOON,
            )
        report = await shop.look(
            "own-returns", edited("own-returns", "衣服洗坏了怎么赔")
        )
        assert [one.kind for one in report.changes] == ["gained"]
        assert not report.blocks


class TestWords:
    async def test_the_same_question_in_two_articles_blocks(self, shop):
        report = await shop.look("own-invoice", edited("own-invoice", "滿多少包郵"))
        [found] = [one for one in report.findings if one.kind == "duplicate"]
        assert (found.severity, found.text) == ("block", "滿多少包郵")
        assert (found.other_article_id, found.other_text) == (
            "own-shipping",
            "满多少包邮",
        )

    async def test_nor_does_it_where_nobody_gets_both(self, shop):
        old = {"ordered_until": "2026-06-30"}
        async with shop.open() as session:
            await articles.revise(
                session,
                "own-shipping",
                content=edited("own-shipping", **old),
                author="mei",
                expected_version=None,
                now=LATER,
            )
            await publish.publish(session, "own-shipping", now=LATER)
        await shop.searcher.follow(shop.open, shop.open)
        for day, kind in (("2026-07-01", set()), ("2026-06-30", {"duplicate"})):
            said = edited("own-shipping", answer="满 59 元包邮，不满收 8 元运费。")
            # what it has read is kept by revision, and these two are not the same
            shop.memory = GateMemory()
            report = await shop.look("new-rule", said | {"ordered_from": day})
            assert kinds(report) & {"duplicate"} == kind

    async def test_a_wording_too_near_another_article_warns(self, shop):
        report = await shop.look(
            "own-invoice", edited("own-invoice", "寄到家要付运费吗？")
        )
        [found] = [one for one in report.findings if one.kind == "confusable"]
        assert (found.severity, found.other_article_id) == ("warn", "own-shipping")
        assert found.other_text == "寄到家要付运费吗"
        assert found.value > 0.7

    async def test_other_figures_for_the_same_thing_warn_with_both_sentences(
        self, shop
    ):
        answer = "签收后十五天内可以无理由退货。发票另寄。"
        report = await shop.look("own-invoice", edited("own-invoice", answer=answer))
        [found] = [one for one in report.findings if one.kind == "contradiction"]
        assert found.text == "签收后十五天内可以无理由退货。"
        assert found.other_text.replace(" ", "") == "签收后7天内可以无理由退货。"

    async def test_languages_with_other_figures_warn(self, shop):
        english = {
            "question": "How long may I return?",
            "variants": ["a b c", "d e f", "g h i", "j k l"],
            "answer": "You have **10 days**.",
        }
        report = await shop.look("own-returns", edited("own-returns", en=english))
        assert "languages_disagree" in kinds(report)

    async def test_a_link_to_an_article_that_is_not_there_blocks(self, shop):
        answer = "看[这里](/help/articles/gone)和[这里](/help/articles/own-shipping)。"
        report = await shop.look("own-invoice", edited("own-invoice", answer=answer))
        dead = [one for one in report.findings if one.kind == "dead_link"]
        assert [one.other_article_id for one in dead] == ["gone"]
        assert report.blocks

    async def test_links_to_other_sites_are_not_ours_to_judge(self, shop):
        shop.rules = GateRules(public_url="https://desk.example")
        answer = (
            "看[一](https://else.example/help/articles/gone)、"
            "[二](https://desk.example/help/articles/away)。"
        )
        report = await shop.look("own-invoice", edited("own-invoice", answer=answer))
        dead = [one for one in report.findings if one.kind == "dead_link"]
        assert [one.other_article_id for one in dead] == ["away"]

    async def test_banned_words_block_and_promises_warn_by_the_shops_list(self, shop):
        answer = "包您满意，秒发货。"
        report = await shop.look("own-invoice", edited("own-invoice", answer=answer))
        assert kinds(report) == set()
        shop.rules = GateRules(banned_words=("包您满意",), careful_words=("秒发",))
        report = await shop.look("own-invoice", edited("own-invoice", answer=answer))
        found = {one.kind: one.severity for one in report.findings}
        assert found == {"banned_word": "block", "careful_word": "warn"}

    async def test_a_long_answer_and_few_wordings_are_noted(self, shop):
        report = await shop.look("own-invoice", wording("怎么开票", [], "开" * 900))
        assert {"long_answer", "few_wordings"} <= kinds(report)
        assert all(
            one.severity == "note"
            for one in report.findings
            if one.kind in {"long_answer", "few_wordings"}
        )


class TestCare:
    async def test_looking_publishes_nothing_and_leaves_the_searcher_alone(self, shop):
        await shop.look("own-invoice", edited("own-invoice", "邮费怎么算的呀"))
        async with shop.sessions() as session:
            assert await session.scalar(select(func.count(IndexVersion.id))) == 1
        vector = shop.searcher.embedder.embed(["邮费怎么算的呀"], kind="question")[0]
        found = shop.searcher.search(
            "邮费怎么算的呀", language="zh-Hans", vector=vector
        )
        assert found.hits[0].article_id == "own-shipping"

    async def test_only_new_texts_are_embedded_and_their_vectors_kept(self, shop):
        await shop.look("own-invoice", edited("own-invoice"))
        shop.searcher.embedder.texts.clear()
        await shop.look("own-invoice", edited("own-invoice", "新的问法一个"))
        assert shop.searcher.embedder.texts == ["新的问法一个"]
        shop.searcher.embedder.texts.clear()
        shop.memory = GateMemory()  # another process
        await shop.look("own-invoice", edited("own-invoice", "新的问法一个"))
        assert shop.searcher.embedder.texts == []
        async with shop.sessions() as session:
            kept = await session.scalar(select(func.count(TextVector.text_hash)))
        assert kept == sum(len(one[1]) + 2 for one in TEXTS.values()) + len(ASKED) + 1

    async def test_questions_are_embedded_ahead_a_few_at_a_time(self, shop):
        parts: dict[str, Any] = {
            "reading": shop.open,
            "writing": shop.open,
            "searcher": shop.searcher,
            "memory": shop.memory,
        }
        rounds = [await gate.prepare(**parts, most=2) for _ in range(4)]
        assert rounds == [True, True, True, False]

    async def test_the_second_model_reads_each_labelled_question_once(
        self, shop, sessions, calibration
    ):
        second = Counting()
        second.model_id = "second"

        def started() -> Searcher:
            return Searcher(Counting(), calibration=calibration, english=second)

        shop.searcher = started()
        async with shop.open() as session:
            await labelled_rows.keep(
                session, "who pays", language="en", article_ids=[], now=NOON
            )
        await shop.searcher.follow(shop.open, shop.open)
        await shop.look("own-invoice", edited("own-invoice"))
        await shop.look("own-invoice", edited("own-invoice", "新的问法一个"))
        shop.memory, shop.searcher = GateMemory(), started()  # another process
        await shop.searcher.follow(shop.open, shop.open)
        await shop.look("own-invoice", edited("own-invoice"))
        assert second.texts.count("who pays") == 1

    async def test_a_report_made_old_by_another_publisher_publishes_nothing(self, shop):
        report = await shop.look("own-invoice", edited("own-invoice"))
        async with shop.open() as session:
            await publish.retire(session, "own-shipping", now=LATER)
        passed = Passed(author="lin", index_version=report.index_version)
        with pytest.raises(IndexMoved):
            async with shop.open() as session:
                await publish.publish(session, "own-invoice", passed=passed, now=LATER)

    async def test_of_two_publishers_with_one_report_one_must_look_again(self, shop):
        report = await shop.look("own-invoice", edited("own-invoice"))
        passed = Passed(author="lin", index_version=report.index_version)

        async def publisher(article_id: str) -> bool:
            try:
                async with shop.open() as session:
                    await publish.publish(session, article_id, passed=passed, now=LATER)
            except IndexMoved:
                return False
            return True

        done = await asyncio.gather(publisher("own-invoice"), publisher("own-shipping"))
        assert sorted(done) == [False, True]

    async def test_who_published_over_what_is_kept(self, shop):
        passed = Passed(
            author="lin",
            report={"verdict": "block"},
            override_reason="Agreed with Mei.",
        )
        async with shop.open() as session:
            await publish.publish(session, "own-invoice", passed=passed, now=LATER)
        async with shop.sessions() as session:
            [kept] = await publish.publications(session, "own-invoice")
        assert (kept.author, kept.override_reason) == ("lin", "Agreed with Mei.")
        assert (kept.report, kept.at) == ({"verdict": "block"}, LATER)
