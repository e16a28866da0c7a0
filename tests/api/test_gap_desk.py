"""What editors make of gaps over HTTP, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from api.desk import Desk
from api.settings import Settings
from handoff import conversations
from handoff.care_models import PastAnswer
from knowledge_base import articles, gaps
from knowledge_base.models import Gap
from tests import databases
from tests.api.conftest import settings_for
from tests.api.people import Member, sign_in

WATCHES = "Do you repair watches?"
WATCH_CONTENT = {
    "en": {"question": "Repairs", "variants": ["Fixing things"], "answer": "No."},
    "zh-Hans": {"question": "维修", "variants": [], "answer": "不修。"},
}


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The same on both databases."""
    if request.param == "sqlite":
        yield settings_for(tmp_path, request.getfixturevalue("sqlite_database"))
        return
    url = request.getfixturevalue("postgres_url")
    yield settings_for(tmp_path, url)
    databases.empty_tables(url)


@pytest.fixture
async def eve(desk: Desk, http: Any) -> Member:
    return await sign_in(desk, http, "eve", "editor")


async def leave(desk: Desk, text: str, *, language: str = "en", **more: Any) -> str:
    async with desk.database.writing() as session:
        await gaps.note_gap(
            session,
            text=text,
            language=language,  # type: ignore[arg-type]
            kind="abstained",
            nearest_article_id=None,
            now=desk.clock(),
            **more,
        )
        [gap] = [gap for gap in await gaps.list_gaps(session) if gap.text == text]
        return str(gap.id)


async def write(desk: Desk) -> None:
    async with desk.database.writing() as session:
        await articles.create(
            session,
            article_id="repairs",
            topic="returns",
            content=WATCH_CONTENT,
            author="Eve",
            now=desk.clock(),
        )


async def settle(desk: Desk, question: str, answer: str) -> str:
    """A conversation in which an agent settled this."""
    now = desk.clock()
    async with desk.database.writing() as session:
        conversation = await conversations.open_conversation(
            session,
            conversation_id=uuid4(),
            token_hash=uuid4().hex,
            language="en",
            shopper={},
            now=now,
        )
        row = PastAnswer(
            conversation_id=conversation.id,
            answer_seq=3,
            question=question,
            answer=answer,
            language="en",
            model_id=desk.embedder.model_id,
            vector=desk.embedder.embed([question], kind="question")[0].tobytes(),
            answered_at=now,
        )
        session.add(row)
        await session.flush()
        return str(row.id)


class TestGroups:
    async def test_questions_on_one_thing_are_one_item_with_their_sum(
        self, desk: Desk, eve: Member
    ):
        await leave(desk, WATCHES)
        await leave(desk, "do you repair watches ???", handed_over=True)
        await leave(desk, "送货师傅能搬上五楼吗", language="zh-Hans")
        items = (await eve.get("/gaps/groups")).json()["items"]
        sizes = [(len(one["gaps"]), one["times"], one["handovers"]) for one in items]
        assert sizes == [(2, 2, 1), (1, 1, 0)]
        assert items[0]["cost"] == 2 + gaps.HANDOVER_COST

    async def test_a_group_like_one_that_is_not_ours_comes_last_and_says_so(
        self, desk: Desk, eve: Member
    ):
        closed = await leave(desk, WATCHES)
        await eve.post(f"/gaps/{closed}/close", {"how": "not_ours"})
        for _ in range(3):
            await leave(desk, "do you repair watches ???")
        await leave(desk, "送货师傅能搬上五楼吗", language="zh-Hans")
        items = (await eve.get("/gaps/groups")).json()["items"]
        assert [one["is_like_not_ours"] for one in items] == [False, True]

    async def test_no_gap_makes_no_group(self, eve: Member):
        assert (await eve.get("/gaps/groups")).json() == {"items": []}

    async def test_agents_see_no_gaps(self, desk: Desk, http: Any):
        sue = await sign_in(desk, http, "sue", "agent")
        assert (await sue.get("/gaps/groups")).status_code == 403


class TestClose:
    async def test_a_group_is_closed_whole_with_who_and_when(
        self, desk: Desk, eve: Member
    ):
        ids = [await leave(desk, WATCHES), await leave(desk, "watch repair")]
        done = await eve.post("/gaps/close", {"ids": ids, "how": "not_ours"})
        assert [one["closed_by"] for one in done.json()["items"]] == [eve.name] * 2
        assert all(one["closed_at"] for one in done.json()["items"])
        assert (await eve.get("/gaps")).json()["items"] == []

    async def test_an_unknown_gap_closes_none(self, desk: Desk, eve: Member):
        known = await leave(desk, WATCHES)
        body = {"ids": [known, str(uuid4())], "how": "not_ours"}
        assert (await eve.post("/gaps/close", body)).status_code == 404
        assert len((await eve.get("/gaps")).json()["items"]) == 1


class TestVariants:
    async def test_questions_become_wordings_of_a_draft_and_are_closed(
        self, desk: Desk, eve: Member
    ):
        await write(desk)
        ids = [
            await leave(desk, WATCHES),
            await leave(desk, "手錶可以修嗎", language="zh-Hant"),
        ]
        done = await eve.post("/gaps/variants", {"ids": ids, "article_id": "repairs"})
        assert done.json() == {"added": 2, "left": []}
        article = (await eve.get("/articles/repairs")).json()
        assert article["content"]["en"]["variants"] == ["Fixing things", WATCHES]
        assert article["content"]["zh-Hans"]["variants"] == ["手錶可以修嗎"]
        assert (article["status"], article["revision_number"]) == ("draft", 2)
        assert (await eve.get("/gaps")).json()["items"] == []

    async def test_a_question_in_a_language_the_article_lacks_stays_open(
        self, desk: Desk, eve: Member
    ):
        content = {"en": WATCH_CONTENT["en"]}
        async with desk.database.writing() as session:
            await articles.create(
                session,
                article_id="only-english",
                topic="returns",
                content=content,
                author="Eve",
                now=desk.clock(),
            )
        gap = await leave(desk, "能修手表吗", language="zh-Hans")
        done = await eve.post(
            "/gaps/variants", {"ids": [gap], "article_id": "only-english"}
        )
        assert (done.json()["added"], len(done.json()["left"])) == (0, 1)
        assert len((await eve.get("/gaps")).json()["items"]) == 1
        article = (await eve.get("/articles/only-english")).json()
        assert article["revision_number"] == 1

    async def test_an_unknown_article_closes_nothing(self, desk: Desk, eve: Member):
        gap = await leave(desk, WATCHES)
        done = await eve.post("/gaps/variants", {"ids": [gap], "article_id": "nothing"})
        assert done.status_code == 404
        assert len((await eve.get("/gaps")).json()["items"]) == 1


class TestAgentsAnswers:
    async def test_the_likest_settled_question_is_told_and_a_strange_one_is_not(
        self, desk: Desk, eve: Member
    ):
        near = await settle(desk, "do you repair watches", "We do, at the desk.")
        await settle(desk, "送货师傅能搬上五楼吗", "可以。")
        gap = await leave(desk, WATCHES)
        items = (await eve.get(f"/gaps/{gap}/answers")).json()["items"]
        assert [(one["id"], one["answer"]) for one in items] == [
            (near, "We do, at the desk.")
        ]

    async def test_an_answer_becomes_a_draft_with_the_question_filled_in(
        self, desk: Desk, eve: Member
    ):
        answer = await settle(desk, "Can you mend my watch?", "We do, at the desk.")
        gap = await leave(desk, WATCHES)
        made = await eve.post(
            "/gaps/article",
            {
                "id": "watch-repair",
                "topic": "returns",
                "answer_id": answer,
                "gap_ids": [gap],
            },
        )
        assert made.status_code == 201
        article = (await eve.get("/articles/watch-repair")).json()
        assert article["status"] == "draft"
        assert article["content"] == {
            "en": {
                "question": "Can you mend my watch?",
                "variants": [WATCHES],
                "answer": "We do, at the desk.",
            }
        }

    async def test_an_unknown_answer_makes_nothing(self, eve: Member):
        made = await eve.post(
            "/gaps/article",
            {"id": "nothing", "topic": "returns", "answer_id": str(uuid4())},
        )
        assert made.status_code == 404
        assert (await eve.get("/articles/nothing")).status_code == 404

    async def test_an_agent_may_not_make_articles(self, desk: Desk, http: Any):
        answer = await settle(desk, "Can you mend my watch?", "We do.")
        sue = await sign_in(desk, http, "sue", "agent")
        body = {"id": "mending", "topic": "returns", "answer_id": answer}
        assert (await sue.post("/gaps/article", body)).status_code == 403


class TestLabelled:
    async def test_a_question_is_kept_once_with_its_newest_label(
        self, desk: Desk, eve: Member
    ):
        await write(desk)
        question = {"text": "Mend it?", "language": "en", "article_ids": []}
        await eve.post("/labelled-questions", question)
        again = question | {"text": " mend it? ", "article_ids": ["repairs"]}
        kept = await eve.post("/labelled-questions", again)
        assert kept.status_code == 201
        items = (await eve.get("/labelled-questions")).json()["items"]
        assert [(one["text"], one["article_ids"]) for one in items] == [
            ("mend it?", ["repairs"])
        ]

    async def test_an_article_that_is_not_there_is_refused(self, eve: Member):
        body = {"text": "Mend it?", "language": "en", "article_ids": ["nothing"]}
        assert (await eve.post("/labelled-questions", body)).status_code == 422

    async def test_one_can_be_taken_out_again(self, desk: Desk, eve: Member):
        body = {"text": "Mend it?", "language": "en", "article_ids": []}
        kept = (await eve.post("/labelled-questions", body)).json()
        path = f"/api/v1/labelled-questions/{kept['id']}"
        assert (await eve.http.delete(path, headers=eve.headers)).status_code == 204
        assert (await eve.http.delete(path, headers=eve.headers)).status_code == 404


async def test_a_vector_is_kept_and_never_computed_twice(desk: Desk, eve: Member):
    await leave(desk, WATCHES)
    await eve.get("/gaps/groups")
    before = len(desk.embedder.texts)  # type: ignore[attr-defined]
    await eve.get("/gaps/groups")
    assert len(desk.embedder.texts) == before  # type: ignore[attr-defined]


def test_a_new_article_has_one_question_a_language_and_the_rest_as_wordings():
    from api.gap_desk import begun_article  # noqa: PLC0415

    found = [
        Gap(text=text, language=language)
        for text, language in (
            ("One?", "en"),
            ("Two?", "en"),
            ("one ?", "en"),
            ("一？", "zh-Hans"),
        )
    ]
    content = begun_article(found)
    assert content["en"]["question"] == "One?"
    assert content["en"]["variants"][:1] == ["Two?"]
    assert content["zh-Hans"]["question"] == "一？"
