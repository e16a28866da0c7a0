"""Help while writing: suggestions, ready replies, the look before sending, scripts, the wrap-up."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from api.desk import Desk
from api.writing.learning import learn_answers
from handoff.care_models import PastAnswer
from tests.api.people import Member, sign_in
from tests.api.test_agents import claim, waiting
from tests.fakes import FakeBot


async def served(
    http: httpx.AsyncClient, bot: FakeBot, member: Member, text: str = "Help?"
) -> Any:
    shopper: Any = await waiting(http, bot, text)
    shopper.version = await claim(member, shopper)
    return shopper


async def say(member: Member, shopper: Any, text: str) -> None:
    answer = await member.post(
        f"/conversations/{shopper.id}/agent-messages",
        {
            "client_id": uuid4().hex,
            "text": text,
            "assignment_version": shopper.version,
        },
    )
    assert answer.status_code == 200, answer.text


async def resolve(member: Member, shopper: Any, **body: Any) -> httpx.Response:
    return await member.post(
        f"/conversations/{shopper.id}/resolve",
        {"assignment_version": shopper.version, "disposition": "solved", **body},
    )


async def write(member: Member, path: str, body: Any) -> httpx.Response:
    return await member.http.put(
        f"/api/v1/canned-replies/{path}", json=body, headers=member.headers
    )


async def replies(member: Member, more: str = "") -> dict[str, dict[str, Any]]:
    answer = await member.get(f"/canned-replies{more}")
    assert answer.status_code == 200, answer.text
    return {one["shortcut"]: one for one in answer.json()["replies"]}


class TestSuggestions:
    async def test_articles_and_fitting_words_are_offered_and_nothing_is_sent(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await served(http, bot, alice, "How long can I return this?")
        before = (await sam.read())["head"]
        found = (await alice.get(f"/conversations/{sam.id}/suggestions")).json()

        assert found["question"] == "How long can I return this?"
        assert found["articles"][0]["article_id"] == "return-time-limit"
        assert "**" not in found["articles"][0]["text"]
        assert found["openings"]
        assert found["closings"]
        assert (await sam.read())["head"] == before

    async def test_a_stranger_gets_no_suggestion(
        self, desk: Desk, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await served(http, bot, alice)
        bob = await sign_in(desk, http, "bob", "agent")
        answer = await bob.get(f"/conversations/{sam.id}/suggestions")
        assert answer.status_code == 403

    async def test_what_settled_the_same_before_is_offered_masked(
        self,
        desk: Desk,
        http: httpx.AsyncClient,
        bot: FakeBot,
        alice: Member,
        clock: Any,
    ):
        question = "My blender WL20260301 came without its lid, please help"
        sam = await served(http, bot, alice, question)
        await say(
            alice,
            sam,
            "Hello Ms Smith, mail lids@example.com and the lid comes by post.",
        )
        assert (await resolve(alice, sam)).status_code == 200
        clock.forward(minutes=11)
        assert await learn_answers(desk) == 1
        assert await learn_answers(desk) == 0

        tom = await served(http, bot, alice, question)
        found = (await alice.get(f"/conversations/{tom.id}/suggestions")).json()

        [past] = found["past"]
        assert past["text"] == "[name], mail [email] and the lid comes by post."
        assert "WL20260301" not in past["question"]

    @pytest.mark.parametrize("how", ["spam", "badly rated", "too fresh"])
    async def test_what_settled_nothing_is_not_kept(  # noqa: PLR0917
        self,
        desk: Desk,
        http: httpx.AsyncClient,
        bot: FakeBot,
        alice: Member,
        clock: Any,
        how: str,
    ):
        sam = await served(http, bot, alice)
        await say(alice, sam, "The lid was forgotten, we send one today.")
        code = "spam" if how == "spam" else "solved"
        assert (await resolve(alice, sam, disposition=code)).status_code == 200
        if how == "badly rated":
            await http.post(
                f"{sam.path}/rating", json={"stars": 2}, headers=sam.headers
            )
        clock.forward(minutes=1 if how == "too fresh" else 11)
        await learn_answers(desk)

        async with desk.database.reading() as session:
            assert list(await session.scalars(select(PastAnswer))) == []


class TestReplyCheck:
    async def test_it_lists_what_to_look_at_and_what_would_be_promised(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await served(http, bot, alice, "When does it arrive?")
        answer = await alice.post(
            f"/conversations/{sam.id}/reply-check",
            {"text": "We guarantee it. I'll call you tomorrow before noon."},
        )
        assert answer.status_code == 200
        assert [one["code"] for one in answer.json()["findings"]] == ["over_promise"]
        [promised] = answer.json()["promises"]
        assert promised["words"] == "I'll call you tomorrow before noon."

    async def test_it_stops_nothing(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await served(http, bot, alice)
        await say(alice, sam, "We guarantee it.")
        assert (await sam.read())["messages"][-1]["text"] == "We guarantee it."


class TestCannedReplies:
    async def test_the_starters_are_there_filled_in_for_the_open_conversation(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await served(http, bot, alice)
        found = await replies(alice, f"?conversation_id={sam.id}")

        assert found["hello"]["text"].startswith("Hello, this is Alice.")
        assert found["checking"]["missing"] == ["order_number"]
        assert "{order_number}" in found["checking"]["text"]

    async def test_ones_own_hides_the_shops_and_gives_way_again(
        self, desk: Desk, http: httpx.AsyncClient, alice: Member
    ):
        bob = await sign_in(desk, http, "bob", "agent")
        body = {"title": "My hello", "texts": {"en": "Hi, {agent_name} here."}}
        assert (await write(alice, "mine/hello", body)).status_code == 200

        assert (await replies(alice))["hello"]["scope"] == "mine"
        assert (await replies(bob))["hello"]["is_starter"]

        gone = await http.delete(
            "/api/v1/canned-replies/mine/hello", headers=alice.headers
        )
        assert gone.status_code == 204
        assert (await replies(alice))["hello"]["is_starter"]

    async def test_a_supervisor_changes_the_shops_and_takes_a_starter_away(
        self, http: httpx.AsyncClient, alice: Member, sue: Member
    ):
        body = {"title": "大促", "texts": {"zh-Hans": "活动已经结束了。"}}
        assert (await write(alice, "shop/sale", body)).status_code == 403
        assert (await write(sue, "shop/sale", body)).status_code == 200
        await http.delete("/api/v1/canned-replies/shop/late", headers=sue.headers)

        found = await replies(alice)
        assert found["sale"]["title"] == "大促"
        assert "late" not in found

    async def test_a_variable_that_means_nothing_is_refused(self, alice: Member):
        body = {"title": "x", "texts": {"en": "Dear {shoper_name}"}}
        answer = await write(alice, "mine/x", body)
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/texts/en"

    @pytest.mark.parametrize("path", ["mine/Bad Name", "mine/../x", "theirs/hello"])
    async def test_no_odd_names(self, alice: Member, path: str):
        answer = await write(alice, path, {"title": "x", "texts": {"en": "y"}})
        assert answer.status_code in {404, 405, 422}


async def test_a_script_is_converted_with_one_press(alice: Member):
    async def convert(text: str, to: str) -> str:
        answer = await alice.post("/convert", {"text": text, "to": to})
        return answer.json()["text"]

    assert await convert("您的订单已经发出", "zh-Hant") == "您的訂單已經發出"
    assert await convert("您的訂單已經發出", "zh-Hans") == "您的订单已经发出"


class TestWrapUp:
    async def test_the_draft_is_made_of_what_was_said(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await served(http, bot, alice, "My lid is missing")
        await say(alice, sam, "Hello, nice to meet you! We have sent a new lid today.")
        found = (await alice.get(f"/conversations/{sam.id}/wrap-up-draft")).json()

        assert "My lid is missing" in found["summary"]
        assert "We have sent a new lid today." in found["summary"]
        assert "nice to meet you" not in found["summary"]
        assert "full_refund" in found["details"]["refunded"]

    async def test_what_the_agent_corrected_is_kept_with_its_branch(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member, sue: Member
    ):
        sam = await served(http, bot, alice)
        done = await resolve(
            alice,
            sam,
            disposition="replaced",
            detail="missing_part",
            summary="Lid sent.",
            is_corrected=True,
        )
        assert done.status_code == 200
        kept = (await sue.get(f"/conversations/{sam.id}/wrap-up")).json()
        assert kept == {
            "disposition": "replaced",
            "detail": "missing_part",
            "summary": "Lid sent.",
        }

    async def test_a_branch_of_another_disposition_ends_nothing(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await served(http, bot, alice)
        refused = await resolve(alice, sam, disposition="solved", detail="full_refund")
        assert (refused.status_code, refused.json()["code"]) == (422, "unknown_detail")
        assert (await sam.read())["status"] == "assigned"
