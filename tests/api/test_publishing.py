"""Publishing over HTTP: the gate in the way, a reason that opens it, a time to come, and colleagues who see it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.chores import publish_due
from api.desk import Desk
from api.publishing import prepare_gate
from api.turn_driver import Driving
from knowledge_base import articles, labelled_rows, publish
from tests.api.searching import real_searcher
from tests.api.test_pages_console import signed_in

STOLEN = "邮费怎么算的呀"


def said(question: str, *variants: str, answer: str = "见订单。") -> dict[str, Any]:
    return {"zh-Hans": {"question": question, "variants": variants, "answer": answer}}


RETURNS = said("退货期限是多久", "收到后几天内可以退", "多少天之内能退货")
SHIPPING = said("运费要多少钱", "邮费怎么算", "快递费是多少")
HARMFUL = said(
    "退货期限是多久", "收到后几天内可以退", STOLEN, f"{STOLEN}？", f"{STOLEN}退货"
)


@pytest.fixture
async def eve(desk: Desk, http: httpx.AsyncClient) -> httpx.AsyncClient:
    """Eve is an editor of a shop with two published articles and one labelled question."""
    client = await signed_in(desk, http, "editor", name="Eve")
    desk.searcher = real_searcher(desk)
    async with desk.database.writing() as session:
        for article_id, content in (("returns", RETURNS), ("shipping", SHIPPING)):
            await articles.create(
                session,
                article_id=article_id,
                topic="t",
                content=content,
                author="Eve",
                now=desk.clock(),
            )
        await publish.publish_many(session, ["returns", "shipping"], now=desk.clock())
        await labelled_rows.keep(
            session,
            STOLEN,
            language="zh-Hans",
            article_ids=["shipping"],
            now=desk.clock(),
        )
    await desk.searcher.follow(desk.database.reading, desk.database.writing)
    return client


async def edit(
    client: httpx.AsyncClient, article_id: str, content: dict[str, Any]
) -> None:
    tag = (await client.get(f"/api/v1/articles/{article_id}")).headers["etag"]
    done = await client.put(
        f"/api/v1/articles/{article_id}",
        json={"content": content},
        headers={"If-Match": tag},
    )
    assert done.status_code == 200, done.text


async def published_number(desk: Desk, article_id: str) -> int | None:
    async with desk.database.reading() as session:
        view = await articles.get(session, article_id)
        found = await articles.revisions(session, article_id)
    return next(
        (one.number for one in found if one.id == view.published_revision_id), None
    )


def asked(desk: Desk, text: str) -> str:
    return desk.searcher.search(text, language="zh-Hans").hits[0].article_id


class TestGate:
    async def test_a_harmful_edit_is_refused_with_the_report(self, desk, eve):
        await edit(eve, "returns", HARMFUL)
        refused = await eve.post("/api/v1/articles/returns/publish")
        problem = refused.json()
        assert (refused.status_code, problem["code"]) == (409, "gate_blocked")
        [stolen] = problem["report"]["changes"]
        assert (stolen["kind"], stolen["question"]) == ("stolen", STOLEN)
        assert stolen["before"]["article_id"] == "shipping"
        assert stolen["after"]["article_id"] == "returns"
        assert await published_number(desk, "returns") == 1
        assert asked(desk, STOLEN) == "shipping"

    async def test_a_reason_opens_the_gate_and_is_kept_with_its_author(self, desk, eve):
        await edit(eve, "returns", HARMFUL)
        done = await eve.post(
            "/api/v1/articles/returns/publish",
            json={"override_reason": "Agreed with Mei"},
        )
        assert done.status_code == 200
        assert asked(desk, STOLEN) == "returns"
        kept = (await eve.get("/api/v1/articles/returns/publications")).json()["items"]
        assert [(one["author"], one["override_reason"]) for one in kept] == [
            ("Eve", "Agreed with Mei")
        ]
        assert kept[0]["report"]["changed"] == {"stolen": 1}
        page = (await eve.get("/editor/articles/returns/revisions")).text
        assert "Agreed with Mei" in page

    async def test_a_reason_that_says_nothing_is_none(self, eve):
        await edit(eve, "returns", HARMFUL)
        for reason in ("", "  ", "   \n "):
            refused = await eve.post(
                "/api/v1/articles/returns/publish", json={"override_reason": reason}
            )
            assert refused.status_code in {409, 422}

    async def test_a_harmless_edit_passes_and_needs_no_reason(self, desk, eve):
        await edit(eve, "returns", said("退货期限是多久", "想把衣服退回去"))
        done = await eve.post("/api/v1/articles/returns/publish")
        assert done.status_code == 200
        kept = (await eve.get("/api/v1/articles/returns/publications")).json()["items"]
        assert kept[0]["override_reason"] is None

    async def test_checking_tells_the_same_and_publishes_nothing(self, desk, eve):
        await edit(eve, "returns", HARMFUL)
        report = (await eve.post("/api/v1/articles/returns/check")).json()
        assert report["verdict"] == "block"
        assert await published_number(desk, "returns") == 1
        gone = await eve.post("/api/v1/articles/shipping/check", json={"retire": True})
        assert gone.json()["changes"][0]["question"] == STOLEN

    async def test_a_roll_back_goes_through_the_gate(self, desk, eve):
        await edit(eve, "returns", HARMFUL)
        await edit(eve, "returns", RETURNS)
        revisions = (await eve.get("/api/v1/articles/returns/revisions")).json()
        harmful = next(one for one in revisions["items"] if one["number"] == 2)
        body = {"revision_id": harmful["id"]}
        refused = await eve.post("/api/v1/articles/returns/rollback", json=body)
        assert refused.status_code == 409
        assert await published_number(desk, "returns") == 1
        done = await eve.post(
            "/api/v1/articles/returns/rollback",
            json=body | {"override_reason": "On purpose"},
        )
        assert done.status_code == 200

    async def test_many_at_once_go_through_the_gate_together(self, desk, eve):
        await edit(eve, "returns", HARMFUL)
        await edit(eve, "shipping", said("运费要多少钱", "邮费怎么算", "寄费"))
        body = {"ids": ["returns", "shipping"]}
        refused = await eve.post("/api/v1/articles/publish", json=body)
        assert refused.status_code == 409
        assert await published_number(desk, "shipping") == 1

    async def test_two_publishers_at_once_both_get_their_words_out(self, desk, eve):
        await edit(eve, "returns", said("退货期限是多久", "想把衣服退回去"))
        await edit(eve, "shipping", said("运费要多少钱", "邮费怎么算", "寄费"))
        done = await asyncio.gather(
            eve.post("/api/v1/articles/returns/publish"),
            eve.post("/api/v1/articles/shipping/publish"),
        )
        assert [one.status_code for one in done] == [200, 200]
        assert await published_number(desk, "returns") == 2
        assert await published_number(desk, "shipping") == 2

    async def test_what_is_wrong_can_be_retired_without_asking(self, desk, eve):
        done = await eve.post("/api/v1/articles/shipping/retire")
        assert done.status_code == 200
        assert asked(desk, STOLEN) == "returns"
        kept = (await eve.get("/api/v1/articles/shipping/publications")).json()["items"]
        assert [one["how"] for one in kept] == ["retire"]

    async def test_agents_may_not_publish_check_or_plan(self, desk, http):
        await signed_in(desk, http, "agent")
        for step in ("publish", "check"):
            assert (
                await http.post(f"/api/v1/articles/returns/{step}")
            ).status_code == 403

    async def test_the_questions_are_prepared_ahead(self, desk, eve):
        await prepare_gate(desk)
        await prepare_gate(desk)
        assert desk.gate_memory.is_ready

    async def test_shoppers_go_before_the_questions(self, desk, eve):
        desk.driving[uuid4()] = Driving()
        await prepare_gate(desk)
        await prepare_gate(desk)
        assert not desk.gate_memory.is_ready
        assert desk.gate_memory.ahead is None


class TestPlan:
    async def plan(self, desk: Desk, client: httpx.AsyncClient, **more: Any) -> None:
        done = await client.put(
            "/api/v1/articles/returns/schedule",
            json={"at": (desk.clock() + timedelta(hours=1)).isoformat(), **more},
        )
        assert done.status_code == 200, done.text

    async def test_planned_words_are_published_at_their_time_and_once(
        self, desk, clock, eve
    ):
        await edit(eve, "returns", said("退货期限是多久", "想把衣服退回去"))
        await self.plan(desk, eve)
        await publish_due(desk)
        assert await published_number(desk, "returns") == 1
        clock.forward(hours=1)
        await asyncio.gather(publish_due(desk), publish_due(desk))
        await publish_due(desk)
        assert await published_number(desk, "returns") == 2
        kept = (await eve.get("/api/v1/articles/returns/publications")).json()["items"]
        assert [(one["how"], one["author"]) for one in kept] == [("schedule", "Eve")]

    async def test_the_gate_looks_when_it_is_planned(self, eve, desk):
        await edit(eve, "returns", HARMFUL)
        at = (desk.clock() + timedelta(hours=1)).isoformat()
        refused = await eve.put("/api/v1/articles/returns/schedule", json={"at": at})
        assert refused.status_code == 409

    async def test_the_gate_looks_again_at_the_time_and_refuses(self, desk, clock, eve):
        await edit(eve, "returns", said("退货期限是多久", "满百包邮吗"))
        await self.plan(desk, eve)
        await edit(eve, "shipping", said("运费要多少钱", "邮费怎么算", "满百包邮吗"))
        published = await eve.post(
            "/api/v1/articles/shipping/publish", json={"override_reason": "test"}
        )
        assert published.status_code == 200
        clock.forward(hours=1)
        await publish_due(desk)
        assert await published_number(desk, "returns") == 1
        view = (await eve.get("/api/v1/articles/returns")).json()
        assert view["scheduled_at"] is None
        assert view["schedule"]["refused"]["code"] == "gate_blocked"
        assert "Was not published at its time" in (await eve.get("/editor")).text

    async def test_a_plan_that_was_dropped_is_not_carried_out(self, desk, clock, eve):
        await edit(eve, "returns", said("退货期限是多久", "想把衣服退回去"))
        await self.plan(desk, eve)
        await eve.delete("/api/v1/articles/returns/schedule")
        clock.forward(hours=1)
        await publish_due(desk)
        assert await published_number(desk, "returns") == 1

    async def test_the_past_cannot_be_planned(self, desk, eve):
        at = (desk.clock() - timedelta(hours=1)).isoformat()
        refused = await eve.put("/api/v1/articles/returns/schedule", json={"at": at})
        assert (refused.status_code, refused.json()["code"]) == (422, "bad_time")


class TestDates:
    async def test_an_end_is_announced_and_then_the_bot_is_silent_at_once(
        self, desk, clock, eve
    ):
        until = (desk.clock() + timedelta(hours=3)).isoformat()
        done = await eve.put(
            "/api/v1/articles/shipping/validity", json={"valid_until": until}
        )
        assert done.status_code == 200
        listed = (await eve.get("/editor", params={"status": "ending"})).text
        assert "/editor/articles/shipping" in listed
        assert "/editor/articles/returns" not in listed
        assert asked(desk, STOLEN) == "shipping"
        clock.forward(hours=3, seconds=1)
        assert asked(desk, STOLEN) == "returns"
        assert desk.searcher.answer("shipping", language="zh-Hans") is None
        assert "Over since" in (await eve.get("/editor")).text

    async def test_a_review_is_seen_in_the_list_and_by_the_filter(self, eve):
        assert (await eve.put("/api/v1/articles/returns/review")).status_code == 200
        listed = (await eve.get("/editor", params={"status": "review"})).text
        assert "Eve asks for a review" in listed
        assert "/editor/articles/shipping" not in listed
        await eve.delete("/api/v1/articles/returns/review")
        assert "asks for a review" not in (await eve.get("/editor")).text

    async def test_an_older_language_is_marked_until_somebody_says_it_holds(
        self, desk, eve
    ):
        english = {"en": {"question": "How long?", "variants": [], "answer": "Look."}}
        await edit(eve, "returns", RETURNS | english)
        await edit(eve, "returns", said("退货多久", "多久") | english)
        page = (await eve.get("/editor/articles/returns")).text
        assert 'data-confirm="en"' in page
        assert "older than the source" in (await eve.get("/editor")).text
        tag = (await eve.get("/api/v1/articles/returns")).headers["etag"]
        await eve.put(
            "/api/v1/articles/returns",
            json={"content": said("退货多久", "多久") | english, "confirmed": ["en"]},
            headers={"If-Match": tag},
        )
        assert "data-confirm" not in (await eve.get("/editor/articles/returns")).text
