"""A draft on its way to the shoppers: looked at, planned, begun, ended; and a publisher that dies."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest

from knowledge_base import articles, publish, workflow
from knowledge_base.embedding import HashEmbedder
from knowledge_base.errors import BadTime
from knowledge_base.results import Outcome
from knowledge_base.search import Searcher
from knowledge_base.staleness import older_than_source
from tests.knowledge_base.makers import LATER, NOON, RETURNS, SHIPPING, content

ID = SHIPPING[0]


async def test_a_review_ends_with_a_new_revision_and_with_publication(shop):
    for step in ("revise", "publish"):
        await workflow.ask_for_review(shop, ID, by="mei", now=LATER)
        view = await articles.get(shop, ID)
        assert (view.review_asked_by, view.review_asked_at) == ("mei", LATER)
        if step == "revise":
            await articles.revise(
                shop,
                ID,
                content=content(),
                author="lin",
                expected_version=None,
                now=LATER,
            )
        else:
            await publish.publish(shop, ID, now=LATER)
        assert (await articles.get(shop, ID)).review_asked_by is None


async def test_a_plan_is_due_at_its_time_and_gone_once_it_was_carried_out(shop):
    at = NOON + timedelta(hours=2)
    await workflow.schedule(shop, ID, at=at, by="mei", now=NOON)
    assert await workflow.due(shop, now=at - timedelta(seconds=1)) == []
    assert [one.id for one in await workflow.due(shop, now=at)] == [ID]
    await publish.publish(shop, ID, now=at)
    assert await workflow.due(shop, now=LATER) == []


async def test_a_plan_names_the_revision_of_its_day(shop):
    first = (await articles.get(shop, ID)).revision_id
    await workflow.schedule(shop, ID, at=LATER, by="mei", now=NOON)
    await articles.revise(
        shop, ID, content=content(), author="lin", expected_version=None, now=NOON
    )
    [planned] = await workflow.due(shop, now=LATER)
    assert planned.schedule is not None
    assert planned.schedule["revision_id"] == str(first)


async def test_nothing_is_planned_for_the_past(shop):
    with pytest.raises(BadTime):
        await workflow.schedule(shop, ID, at=NOON, by="mei", now=NOON)


async def test_a_refused_plan_says_why_and_is_not_tried_again(shop):
    await workflow.schedule(shop, ID, at=LATER, by="mei", now=NOON)
    await workflow.refuse(shop, ID, why={"code": "gate_blocked"}, now=LATER)
    view = await articles.get(shop, ID)
    assert view.scheduled_at is None
    assert view.schedule is not None
    assert view.schedule["refused"]["code"] == "gate_blocked"
    assert await workflow.due(shop, now=LATER) == []


async def test_an_article_answers_only_between_its_instants(shop, calibration):
    now = [NOON]
    searcher = Searcher(HashEmbedder(), calibration=calibration, clock=lambda: now[0])
    begin, end = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
    await publish.set_validity(
        shop, ID, valid_from=begin, valid_until=end, author="mei", now=NOON
    )
    await searcher.refresh(shop)

    def found() -> tuple[bool, bool]:
        hits = searcher.search("运费要多少钱？", language="zh-Hans").hits
        said = searcher.answer(ID, language="zh-Hans")
        return ID in {hit.article_id for hit in hits}, said is not None

    seen = []
    for moment in (NOON, begin, end - timedelta(milliseconds=1), end):
        now[0] = moment
        seen.append(found())
    assert seen == [(False, False), (True, True), (True, True), (False, False)]


async def test_what_hides_does_not_make_the_rest_less_sure(shop, calibration):
    await articles.create(
        shop,
        article_id="shipping-cost-sale",
        topic="shipping",
        content=SHIPPING[2],
        author="mei",
        now=NOON,
    )
    await publish.publish(shop, "shipping-cost-sale", now=NOON)
    await publish.set_validity(
        shop,
        "shipping-cost-sale",
        valid_from=None,
        valid_until=LATER,
        author="mei",
        now=NOON,
    )
    now = [NOON]
    searcher = Searcher(HashEmbedder(), calibration=calibration, clock=lambda: now[0])
    await searcher.refresh(shop)
    twins = searcher.search("运费要多少钱？", language="zh-Hans")
    now[0] = LATER
    alone = searcher.search("运费要多少钱？", language="zh-Hans")
    assert (twins.outcome, alone.outcome) == (Outcome.CLARIFY, Outcome.ANSWER)
    assert alone.hits[0].article_id == ID


async def test_an_end_before_the_beginning_is_refused(shop):
    with pytest.raises(BadTime):
        await publish.set_validity(
            shop, ID, valid_from=LATER, valid_until=NOON, author="mei", now=NOON
        )


async def test_a_language_is_older_until_it_is_changed_or_confirmed(shop):
    article_id, _, both = RETURNS

    async def revise(words: dict[str, object], **more: object) -> frozenset[str]:
        await articles.revise(
            shop,
            article_id,
            content=words,
            author="lin",
            expected_version=None,
            now=LATER,
            **more,  # type: ignore[arg-type]
        )
        view = await articles.get(shop, article_id)
        return older_than_source(view.since, "zh-Hans")

    chinese = {**both, "zh-Hans": {**both["zh-Hans"], "answer": "八天。"}}
    assert await revise(both) == frozenset()
    assert await revise(chinese) == {"en"}
    assert await revise(chinese, confirmed=["en"]) == frozenset()
    again = {**chinese, "zh-Hans": {**both["zh-Hans"], "answer": "九天。"}}
    assert await revise(again) == {"en"}
    translated = {**again, "en": {**both["en"], "answer": "Nine days."}}
    assert await revise(translated) == frozenset()


DIES = """
import api.sqlite
import asyncio, os, sys
from datetime import UTC, datetime
from sqlalchemy.ext.asyncio import async_sessionmaker
from knowledge_base import publish
from tests.databases import open_engine

async def main():
    engine = open_engine(sys.argv[1])
    async with async_sessionmaker(engine).begin() as session:
        if sys.argv[2] == "retire":
            await publish.retire(session, "shipping-cost", now=datetime.now(UTC))
        else:
            await publish.publish(session, "shipping-cost", now=datetime.now(UTC))
        if sys.argv[3] == "before":
            os._exit(86)
    os._exit(86)

asyncio.run(main())
"""


@pytest.mark.parametrize("what", ["publish", "retire"])
async def test_a_publisher_killed_before_its_commit_leaves_the_old_version(
    sessions, database_url, what
):
    async with sessions.begin() as session:
        await articles.create(
            session,
            article_id=ID,
            topic="t",
            content=SHIPPING[2],
            author="mei",
            now=NOON,
        )
        await publish.publish(session, ID, now=NOON)

    async def state() -> tuple[int, str]:
        async with sessions() as session:
            view = await articles.get(session, ID)
            return await publish.newest_version(session), view.status

    before = await state()
    # the second death comes after the commit: that one is published
    for moment, is_old in (("before", True), ("after", False)):
        died = subprocess.run(  # noqa: ASYNC221, S603
            [sys.executable, "-c", DIES, database_url, what, moment],
            check=False,
            env={**os.environ, "PYTHONPATH": os.getcwd()},  # noqa: PTH109
        )
        assert died.returncode == 86
        assert (await state() == before) is is_old
