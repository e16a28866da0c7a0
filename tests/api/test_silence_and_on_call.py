"""An agent who says nothing, a desk where nobody is, and a request that goes to others."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api import on_call
from api.desk import Desk
from api.desk_settings import OnCall
from api.on_call import call_on_call
from api.silence import release_silent
from handoff.models import Assignment, Handoff
from tests.api.people import Member, Shopper, sign_in
from tests.fakes import Clock

PERSON = "I want to talk to a real person"


async def claim(member: Member) -> httpx.Response:
    return await member.post("/queue/claim")


async def reply(member: Member, sam: Shopper, text: str, *, version: int) -> int:
    answer = await member.post(
        f"/conversations/{sam.id}/agent-messages",
        {
            "client_id": f"m{len(text)}abcdefgh",
            "text": text,
            "assignment_version": version,
        },
    )
    return answer.status_code


class TestSilence:
    async def test_the_shopper_keeps_the_place_and_is_told(
        self, desk: Desk, sam: Shopper, alice: Member, bob: Member, clock: Clock
    ):
        await sam.say(PERSON)
        version = (await claim(alice)).json()["assignment_version"]
        asked = (await alice.get("/queue")).json()["mine"][0]["waiting_since"]

        clock.now += timedelta(seconds=299)
        await release_silent(desk)
        assert len((await alice.get("/queue")).json()["mine"]) == 1
        clock.now += timedelta(seconds=2)
        await release_silent(desk)

        [row] = (await alice.get("/queue")).json()["waiting"]
        assert row["waiting_since"] == asked
        told = (await sam.read())["messages"][-1]["text"]
        assert "did not answer in time" in told
        # Not to the silent one first; and what they write now is refused.
        assert (await claim(alice)).json()["code"] == "nobody_waiting"
        assert await reply(alice, sam, "Here I am", version=version) == 409
        assert (await claim(bob)).status_code == 200

    async def test_the_only_agent_gets_it_again_after_the_pause(
        self, desk: Desk, sam: Shopper, alice: Member, clock: Clock
    ):
        await sam.say(PERSON)
        await claim(alice)
        clock.now += timedelta(seconds=301)
        await release_silent(desk)

        clock.now += timedelta(seconds=121)
        assert (await claim(alice)).status_code == 200

    async def test_an_agent_who_answered_keeps_it(
        self, desk: Desk, sam: Shopper, alice: Member, clock: Clock
    ):
        await sam.say(PERSON)
        version = (await claim(alice)).json()["assignment_version"]
        assert await reply(alice, sam, "I am here.", version=version) == 200

        clock.now += timedelta(hours=1)
        await release_silent(desk)

        async with desk.database.reading() as session:
            spell = await session.scalar(select(Assignment))
        assert spell is not None
        assert spell.ended_at is None

    async def test_what_agents_write_to_others_is_no_word_to_this_shopper(
        self,
        *,
        desk: Desk,
        sam: Shopper,
        alice: Member,
        bob: Member,
        clock: Clock,
    ):
        jo = await Shopper.open(sam.http, language="en")
        await jo.say(PERSON)
        version = (await claim(bob)).json()["assignment_version"]
        await sam.say(PERSON)
        await claim(alice)
        for text in ("I am here.", "It is on its way.", "Until tomorrow then."):
            assert await reply(bob, jo, text, version=version) == 200

        clock.now += timedelta(seconds=301)
        for each in (alice, bob):
            await each.get("/queue")
        await release_silent(desk)

        assert (await alice.get("/queue")).json()["mine"] == []
        assert len((await bob.get("/queue")).json()["mine"]) == 1

    async def test_who_takes_over_late_has_the_whole_time(
        self, desk: Desk, sam: Shopper, alice: Member, clock: Clock
    ):
        await sam.say(PERSON)
        clock.now += timedelta(hours=2)
        await claim(alice)

        clock.now += timedelta(seconds=200)
        await release_silent(desk)

        assert len((await alice.get("/queue")).json()["mine"]) == 1


class TestPassingOn:
    async def test_to_a_supervisor_with_a_note_at_the_old_place(
        self,
        desk: Desk,
        http: httpx.AsyncClient,
        sam: Shopper,
        alice: Member,
        bob: Member,
    ):
        carol = await sign_in(desk, http, "carol", "supervisor")
        await sam.say(PERSON)
        version = (await claim(alice)).json()["assignment_version"]

        answer = await alice.post(
            f"/conversations/{sam.id}/pass-on",
            {
                "assignment_version": version,
                "skill": "supervisor",
                "note": "Wants 200 back, I may not.",
            },
        )

        assert answer.status_code == 200, answer.text
        assert (await claim(bob)).json()["code"] == "nobody_waiting"
        assert (await claim(carol)).status_code == 200
        seen = (await carol.get(f"/conversations/{sam.id}/desk")).json()["messages"]
        assert [each["text"] for each in seen if each["kind"] == "note"] == [
            "Wants 200 back, I may not."
        ]
        public = (await sam.read())["messages"]
        assert all("200" not in each["text"] for each in public)

    async def test_what_was_settled_is_noted_for_whoever_comes_next(
        self, desk: Desk, sam: Shopper, alice: Member
    ):
        await sam.say(PERSON)
        version = (await claim(alice)).json()["assignment_version"]

        answer = await alice.post(
            f"/conversations/{sam.id}/return-to-bot",
            {"assignment_version": version, "settled": "Refund promised for Friday."},
        )

        assert answer.json() == {"status": "bot"}
        await sam.say(PERSON)
        await claim(alice)
        seen = (await alice.get(f"/conversations/{sam.id}/desk")).json()["messages"]
        assert "Refund promised for Friday." in [each["text"] for each in seen]


class Hook:
    """A webhook that writes down what it hears, or is away."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.is_away = False

    def transport(self) -> httpx.MockTransport:
        def answer(request: httpx.Request) -> httpx.Response:
            if self.is_away:
                return httpx.Response(503)
            self.heard.append(json.loads(request.content))
            return httpx.Response(204)

        return httpx.MockTransport(answer)


@pytest.fixture
def hook(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Hook:
    made = Hook()
    called = OnCall(after_seconds=300, webhook="https://pager.example/hook")
    handoff = desk.settings.handoff.model_copy(update={"on_call": called})
    desk.settings = desk.settings.model_copy(update={"handoff": handoff})
    real = httpx.AsyncClient

    def client(**given: Any) -> httpx.AsyncClient:
        return real(transport=made.transport(), **given)

    monkeypatch.setattr(on_call.httpx, "AsyncClient", client)
    return made


class TestOnCall:
    async def test_they_hear_once_of_each_who_waits_with_nobody_there(
        self, desk: Desk, sam: Shopper, clock: Clock, hook: Hook
    ):
        await sam.say(PERSON)
        clock.now += timedelta(seconds=299)
        await call_on_call(desk)
        assert hook.heard == []

        clock.now += timedelta(seconds=2)
        await call_on_call(desk)
        await call_on_call(desk)

        [heard] = hook.heard
        assert heard["event"] == "nobody_available"
        assert heard["conversations"] == [sam.id]
        assert heard["longest_wait_seconds"] == pytest.approx(301, abs=1)

    async def test_they_are_left_alone_while_somebody_is_there(
        self, desk: Desk, sam: Shopper, alice: Member, clock: Clock, hook: Hook
    ):
        await sam.say(PERSON)
        clock.now += timedelta(seconds=400)
        await alice.get("/queue")

        await call_on_call(desk)

        assert hook.heard == []

    async def test_a_call_that_failed_is_made_again(
        self, desk: Desk, sam: Shopper, clock: Clock, hook: Hook
    ):
        await sam.say(PERSON)
        clock.now += timedelta(seconds=400)
        hook.is_away = True
        await call_on_call(desk)
        async with desk.database.reading() as session:
            waits = await session.scalar(select(Handoff))
        assert waits is not None
        assert waits.called_at is None

        hook.is_away = False
        await call_on_call(desk)
        assert len(hook.heard) == 1
