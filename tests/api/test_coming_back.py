"""A shopper who writes after the end: the same case, its agent, and no bot that starts over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx

from api.desk import Desk
from tests.api.people import Member, Shopper, sign_in
from tests.fakes import Clock, FakeBot

PERSON = "I want to talk to a real person"


async def settle(member: Member, sam: Shopper, *, summary: str = "") -> None:
    version = (await member.post("/queue/claim")).json()["assignment_version"]
    done = await member.post(
        f"/conversations/{sam.id}/resolve",
        {
            "assignment_version": version,
            "disposition": "refunded",
            "summary": summary,
        },
    )
    assert done.status_code == 200, done.text


async def be(member: Member, state: str) -> None:
    answer = await member.http.put(
        "/api/v1/presence", json={"state": state}, headers=member.headers
    )
    assert answer.status_code == 200, answer.text


async def card_of(member: Member, sam: Shopper) -> dict[str, Any]:
    return (await member.get(f"/conversations/{sam.id}/desk")).json()["card"]


class TestSameCase:
    async def test_who_settled_it_and_is_there_has_it_again(
        self, desk: Desk, sam: Shopper, alice: Member, bot: FakeBot, clock: Clock
    ):
        await sam.say(PERSON)
        await settle(alice, sam)
        asked = len(bot.asked)
        clock.now += timedelta(hours=3)
        await be(alice, "available")
        turn = await sam.say("The money has not arrived")

        assert turn["status"] == "assigned"
        assert len(bot.asked) == asked
        told = [each["text"] for each in (await sam.read())["messages"]]
        assert "Your earlier request is open again" in told[-2]
        assert told[-1].startswith("Alice has joined")
        assert "number" not in told[-2]

    async def test_with_the_agent_away_it_waits_ahead_of_newcomers(
        self, desk: Desk, sam: Shopper, http: httpx.AsyncClient, clock: Clock
    ):
        alice = await sign_in(desk, http, "alice", "agent")
        await sam.say(PERSON)
        await settle(alice, sam)
        clock.now += timedelta(hours=3)
        newcomer = await Shopper.open(http, language="en")
        await newcomer.say(PERSON)
        clock.now += timedelta(minutes=2)
        await be(alice, "away")
        turn = await sam.say("The money has not arrived")

        assert turn["status"] == "queued"
        assert turn["handoff"]["reasons"] == ["reopened"]
        assert turn["handoff"]["position"] == 1
        [first, _] = (await alice.get("/queue")).json()["waiting"]
        assert first["id"] == sam.id
        assert {"code": "repeated", "minutes": 5} in first["priority"]

    async def test_a_full_agent_is_not_given_more(
        self, desk: Desk, sam: Shopper, http: httpx.AsyncClient, alice: Member
    ):
        await sam.say(PERSON)
        await settle(alice, sam)
        await alice.http.put(
            "/api/v1/presence", json={"state": "available"}, headers=alice.headers
        )
        for _ in range(desk.settings.handoff.agent_capacity):
            other = await Shopper.open(http, language="en")
            await other.say(PERSON)
            assert (await alice.post("/queue/claim")).status_code == 200
        turn = await sam.say("The money has not arrived")

        assert turn["status"] == "queued"

    async def test_the_card_says_how_it_was_settled_and_what_is_wanted_now(
        self, desk: Desk, sam: Shopper, alice: Member, clock: Clock
    ):
        await sam.say(PERSON)
        await settle(alice, sam, summary="Refund of the kettle sent.")
        clock.now += timedelta(hours=3)
        await be(alice, "available")
        await sam.say("The money has not arrived")
        card = await card_of(alice, sam)

        assert card["settled"]["disposition"] == "refunded"
        assert card["settled"]["summary"] == "Refund of the kettle sent."
        assert card["reasons"][0]["evidence"] == {"times": 1, "disposition": "refunded"}
        quotes = [each["text"] for each in card["wants"]["own_words"]]
        assert quotes == ["The money has not arrived"]
        assert card["next_step"]["key"] == "go_on_from_settled"

    async def test_before_it_is_taken_nobody_reads_the_summary(
        self, desk: Desk, sam: Shopper, alice: Member, http: httpx.AsyncClient
    ):
        await sam.say(PERSON)
        await settle(alice, sam, summary="Refund of the kettle sent.")
        await be(alice, "away")
        await sam.say("The money has not arrived")
        bob = await sign_in(desk, http, "bob", "agent")
        card = await card_of(bob, sam)

        assert card["reasons"][0]["code"] == "reopened"
        assert "settled" not in card

    async def test_a_resend_is_no_second_coming_back(
        self, desk: Desk, sam: Shopper, alice: Member
    ):
        await sam.say(PERSON, client_id="first-word-00000001")
        await settle(alice, sam)
        answer = await sam.post({"client_id": "first-word-00000001", "text": PERSON})

        assert answer.status_code == 200
        assert answer.json()["status"] == "resolved"

    async def test_a_button_of_a_settled_case_opens_nothing(
        self, desk: Desk, sam: Shopper, alice: Member, bot: FakeBot
    ):
        turn = await sam.say("How long does delivery take?")
        buttons = [each for reply in turn["replies"] for each in reply["buttons"]]
        assert buttons
        await sam.say(PERSON)
        await settle(alice, sam)
        answer = await sam.post(
            {"client_id": uuid4().hex, "button_id": buttons[0]["id"]}
        )

        assert answer.status_code == 409
        assert (await sam.read())["status"] == "resolved"

    async def test_it_can_be_settled_and_come_back_again(
        self, desk: Desk, sam: Shopper, alice: Member
    ):
        await sam.say(PERSON)
        await settle(alice, sam)
        for times in (1, 2):
            await be(alice, "away")
            await sam.say(f"Once more {times}")
            card = await card_of(alice, sam)
            assert card["reasons"][0]["evidence"]["times"] == times
            await settle(alice, sam)


class TestTooLate:
    async def test_the_widget_is_told_until_when_the_case_can_go_on(
        self, desk: Desk, sam: Shopper, alice: Member, clock: Clock
    ):
        await sam.say(PERSON)
        assert (await sam.read())["reopens_until"] is None
        await settle(alice, sam)
        until = datetime.fromisoformat((await sam.read())["reopens_until"])

        assert abs(until - clock.now - timedelta(days=7)) < timedelta(seconds=1)
        clock.now += timedelta(days=8)
        assert (await sam.read())["reopens_until"] is None

    async def test_a_new_conversation_is_linked_to_the_one_before(
        self,
        desk: Desk,
        sam: Shopper,
        alice: Member,
        clock: Clock,
        http: httpx.AsyncClient,
    ):
        await sam.say(PERSON)
        await settle(alice, sam, summary="Refund of the kettle sent.")
        clock.now += timedelta(days=8)
        late = await sam.post({"client_id": uuid4().hex, "text": "Again"})
        assert late.json()["code"] == "conversation_ended"
        again = await Shopper.open(http, language="en", follows=sam.token)
        await again.say(PERSON)
        boss = await sign_in(desk, http, "boss", "supervisor")
        before = (await boss.get(f"/conversations/{again.id}/desk")).json()["before"]

        assert before["id"] == sam.id
        assert before["disposition"] == "refunded"
        assert before["summary"] == "Refund of the kettle sent."

    async def test_a_token_of_nobody_links_to_nothing(
        self, desk: Desk, http: httpx.AsyncClient
    ):
        again = await Shopper.open(http, language="en", follows="made-up")
        boss = await sign_in(desk, http, "boss", "supervisor")
        answer = await boss.get(f"/conversations/{again.id}/desk")

        assert answer.json()["before"] is None

    async def test_what_went_before_is_not_told_before_it_is_taken(
        self, desk: Desk, sam: Shopper, alice: Member, http: httpx.AsyncClient
    ):
        await sam.say(PERSON)
        await settle(alice, sam, summary="Refund of the kettle sent.")
        again = await Shopper.open(http, language="en", follows=sam.token)
        await again.say(PERSON)
        answer = await alice.get(f"/conversations/{again.id}/desk")

        assert answer.json()["before"] is None
