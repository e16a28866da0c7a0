"""Push mode, whole: conversations come to agents, and go on when nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from api.desk import Desk
from api.pushing import give_out
from api.silence import release_silent
from tests.api.people import Member, Shopper
from tests.fakes import Clock

PERSON = "I want to talk to a real person"


@pytest.fixture
def push(desk: Desk) -> None:
    handoff = desk.settings.handoff.model_copy(update={"mode": "push"})
    desk.settings = desk.settings.model_copy(update={"handoff": handoff})


async def is_here(member: Member, state: str = "available", **more: Any) -> None:
    answer = await member.http.put(
        "/api/v1/presence", json={"state": state, **more}, headers=member.headers
    )
    assert answer.status_code == 200, answer.text


async def held(member: Member) -> list[str]:
    return [row["id"] for row in (await member.get("/queue")).json()["mine"]]


async def test_in_pull_mode_nobody_is_given_anything(
    desk: Desk, sam: Shopper, alice: Member
):
    await is_here(alice)
    await sam.say(PERSON)

    assert await give_out(desk) == 0
    assert await held(alice) == []


@pytest.mark.usefixtures("push")
async def test_whoever_waits_is_given_to_an_available_agent_and_told(
    desk: Desk, sam: Shopper, alice: Member, bob: Member, heard: Callable[[], list[str]]
):
    await is_here(alice, "away")
    await is_here(bob)
    await sam.say(PERSON)
    await give_out(desk)

    assert (await held(alice), await held(bob)) == ([], [sam.id])
    assert (
        heard().count("queue") >= 2
    )  # they waited; they were given: the console looks
    assert (await sam.read())["messages"][-1]["text"].startswith("Bob has joined")

    await give_out(desk)
    notices = [each["text"] for each in (await sam.read())["messages"]]
    assert sum("has joined" in text for text in notices) == 1


@pytest.fixture
def heard(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """What rang since one last asked."""
    rings: list[str] = []
    ring = desk.hub.ring
    monkeypatch.setattr(
        desk.hub, "ring", lambda one: (rings.append(one.kind), ring(one))
    )

    def take() -> list[str]:
        found, rings[:] = rings[:], []
        return found

    return take


@pytest.mark.usefixtures("push")
async def test_what_an_agent_says_they_can_hold_is_not_exceeded(
    desk: Desk, http, alice: Member
):
    await is_here(alice, capacity=1)
    for _ in range(2):
        shopper = await Shopper.open(http, language="en")
        await shopper.say(PERSON)

    await give_out(desk)

    assert len(await held(alice)) == 1


@pytest.mark.usefixtures("push")
async def test_a_silent_agent_is_set_away_and_given_nothing_more(
    desk: Desk, sam: Shopper, alice: Member, clock: Clock
):
    await is_here(alice)
    await sam.say(PERSON)
    await give_out(desk)

    clock.now += timedelta(seconds=301)
    await is_here(alice)  # the console is open, but nobody sits there
    await release_silent(desk)
    clock.now += timedelta(seconds=121)  # the pause is over
    await alice.get("/queue")

    await give_out(desk)
    assert await held(alice) == []
    assert (await alice.get("/queue")).json()["me"]["state"] == "away"
    await is_here(alice)
    await give_out(desk)
    assert await held(alice) == [sam.id]


async def test_in_pull_mode_a_silent_agent_stays_as_they_said(
    desk: Desk, sam: Shopper, alice: Member, clock: Clock
):
    await is_here(alice)
    await sam.say(PERSON)
    await alice.post("/queue/claim")

    clock.now += timedelta(seconds=301)
    await release_silent(desk)

    assert (await alice.get("/queue")).json()["me"]["state"] == "available"
