"""Breaks and shifts: colleagues see when somebody is back, shoppers never lose their place."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api.desk import Desk
from api.shifts import end_shifts
from handoff.models import Assignment
from handoff.presence import AgentState
from tests.api.people import PASSWORD, Member, Shopper, hire, sign_in
from tests.fakes import Clock

PERSON = "I want to talk to a real person"


async def put(member: Member, path: str, body: Any) -> httpx.Response:
    return await member.http.put(f"/api/v1{path}", json=body, headers=member.headers)


async def away_until(member: Member, at: datetime) -> httpx.Response:
    said = {"state": "away", "back_at": at.isoformat()}
    return await put(member, "/presence", said)


async def colleague(member: Member, name: str) -> dict[str, Any]:
    answer = await member.http.get("/console/colleagues", headers=member.headers)
    [found] = [one for one in answer.json()["colleagues"] if one["name"] == name]
    return dict(found)


class TestBreaks:
    async def test_colleagues_see_when_somebody_is_back(
        self, desk: Desk, alice: Member, bob: Member
    ):
        back = desk.clock() + timedelta(minutes=30)

        said = (await away_until(alice, back)).json()

        assert (said["state"], datetime.fromisoformat(said["back_at"])) == (
            "away",
            back,
        )
        seen = await colleague(bob, "Alice")
        assert seen["state"] == "away"
        assert datetime.fromisoformat(seen["back_at"]) == back

    async def test_a_page_that_opens_during_the_break_keeps_it(
        self, desk: Desk, alice: Member
    ):
        await away_until(alice, desk.clock() + timedelta(minutes=30))

        again = (await put(alice, "/presence", {"state": "away"})).json()

        assert again["back_at"] is not None

    async def test_coming_back_ends_it(self, desk: Desk, alice: Member):
        await away_until(alice, desk.clock() + timedelta(minutes=30))

        back = (await put(alice, "/presence", {"state": "available"})).json()
        away = (await put(alice, "/presence", {"state": "away"})).json()

        assert (back["state"], back["back_at"], away["back_at"]) == (
            "available",
            None,
            None,
        )

    @pytest.mark.parametrize("minutes", [-1, 0, 12 * 60 + 1])
    async def test_a_break_ends_within_twelve_hours(
        self, desk: Desk, alice: Member, minutes: int
    ):
        answer = await away_until(alice, desk.clock() + timedelta(minutes=minutes))

        assert answer.status_code == 422

    async def test_nobody_is_available_and_on_a_break(self, desk: Desk, alice: Member):
        back = (desk.clock() + timedelta(minutes=5)).isoformat()
        said = {"state": "available", "back_at": back}

        assert (await put(alice, "/presence", said)).status_code == 422

    async def test_the_board_says_until_when_and_who_is_late(
        self, desk: Desk, http: httpx.AsyncClient, alice: Member, clock: Clock
    ):
        await hire(desk, "sue", "supervisor")
        await http.post("/api/v1/login", json={"login": "sue", "password": PASSWORD})
        await desk.presence.beat(
            await id_of(alice),
            now=clock.now,
            lease=timedelta(hours=1),
            state=AgentState.AWAY,
            back_at=clock.now + timedelta(minutes=10),
        )

        before = (await http.get("/board")).text
        clock.now += timedelta(minutes=11)
        after = (await http.get("/board")).text

        assert "Away until " in before
        assert "Away, expected back at " in after


async def id_of(member: Member) -> Any:
    from uuid import UUID  # noqa: PLC0415

    return UUID((await member.get("/me")).json()["id"])


class TestTheEndOfAShift:
    async def test_conversations_go_back_to_their_place_and_shoppers_are_told(
        self, desk: Desk, sam: Shopper, alice: Member, bob: Member, clock: Clock
    ):
        await put(alice, "/presence", {"state": "available"})
        await sam.say(PERSON)
        await alice.post("/queue/claim")
        asked = (await alice.get("/queue")).json()["mine"][0]["waiting_since"]
        ends = clock.now + timedelta(minutes=5)
        planned = await put(alice, "/presence/shift", {"ends_at": ends.isoformat()})

        await end_shifts(desk)
        assert len((await alice.get("/queue")).json()["mine"]) == 1
        clock.now = ends
        await end_shifts(desk)

        view = (await alice.get("/queue")).json()
        assert datetime.fromisoformat(planned.json()["shift_ends_at"]) == ends
        assert view["mine"] == []
        assert view["waiting"][0]["waiting_since"] == asked
        assert (view["me"]["state"], view["me"]["shift_ends_at"]) == ("away", None)
        told = (await sam.read())["messages"][-1]["text"]
        assert "shift has ended" in told
        assert (await bob.post("/queue/claim")).status_code == 200
        async with desk.database.reading() as session:
            ways = list(await session.scalars(select(Assignment.ended_how)))
        assert "shift_over" in ways

    async def test_it_can_be_ended_at_once(
        self, desk: Desk, sam: Shopper, alice: Member
    ):
        await sam.say(PERSON)
        await alice.post("/queue/claim")

        now = desk.clock().isoformat()
        over = await put(alice, "/presence/shift", {"ends_at": now})

        assert over.json()["state"] == "away"
        assert (await alice.get("/queue")).json()["mine"] == []

    async def test_whoever_closed_the_console_before_is_not_caught_when_they_are_back(
        self, desk: Desk, alice: Member, clock: Clock
    ):
        ends = clock.now + timedelta(hours=1)
        await put(alice, "/presence/shift", {"ends_at": ends.isoformat()})
        clock.now += timedelta(hours=3)
        await end_shifts(desk)

        again = await put(alice, "/presence", {"state": "available"})
        await end_shifts(desk)

        assert again.json()["shift_ends_at"] is None
        assert (await alice.get("/queue")).json()["me"]["state"] == "available"

    async def test_a_planned_end_can_be_taken_back(
        self, desk: Desk, alice: Member, clock: Clock
    ):
        ends = clock.now + timedelta(minutes=5)
        await put(alice, "/presence/shift", {"ends_at": ends.isoformat()})

        open_end = await put(alice, "/presence/shift", {"ends_at": None})

        assert open_end.json()["shift_ends_at"] is None

    async def test_a_shift_ends_within_a_day(self, desk: Desk, alice: Member):
        ends = (desk.clock() + timedelta(hours=25)).isoformat()

        answer = await put(alice, "/presence/shift", {"ends_at": ends})

        assert answer.status_code == 422


class TestTheWeek:
    """Shifts planned for every week; the clock of the tests says Tuesday noon in Shanghai."""

    @pytest.fixture
    async def planned(self, desk: Desk, http: httpx.AsyncClient, alice: Member) -> None:
        lin = await sign_in(desk, http, "lin", "supervisor")
        [alice_id] = [
            one["id"]
            for one in (await lin.get("/staff")).json()
            if one["login"] == "alice"
        ]
        week = {"tue": ["09:00-18:00"], "wed": ["13:00-18:00"]}
        answer = await put(lin, f"/staff/{alice_id}/skills", {"shifts": week})
        assert answer.status_code == 204, answer.text
        [kept] = [
            one["shifts"]
            for one in (await lin.get("/staff")).json()
            if one["login"] == "alice"
        ]
        assert kept == week

    async def be(self, member: Member, state: str) -> str | None:
        answer = await put(member, "/presence", {"state": state})
        return (answer.json()["shift_ends_at"] or "").replace("+00:00", "Z") or None

    async def back(self, http: httpx.AsyncClient) -> Member:
        """Alice has signed in again, the day after."""
        said = {"login": "alice", "password": PASSWORD}
        answer = await http.post("/api/v1/login", json=said)
        http.cookies.clear()
        return Member(http=http, token=answer.json()["token"], name="Alice")

    async def test_who_sits_down_within_a_shift_works_until_its_end(
        self, planned: None, alice: Member
    ):
        assert await self.be(alice, "available") == "2026-03-03T10:00:00Z"

    async def test_so_does_who_comes_a_little_early(
        self, planned: None, clock: Clock, http: httpx.AsyncClient
    ):
        clock.now += timedelta(hours=23, minutes=30)  # Wednesday, 11:30
        assert (
            await self.be(await self.back(http), "available") == "2026-03-04T10:00:00Z"
        )

    async def test_much_earlier_or_on_another_day_the_end_is_open(
        self, planned: None, clock: Clock, http: httpx.AsyncClient
    ):
        for hours in (20, 48):  # Wednesday and Friday, 08:00
            clock.now += timedelta(hours=hours)
            assert await self.be(await self.back(http), "available") is None

    async def test_at_its_end_what_they_have_goes_back(
        self, planned: None, desk: Desk, clock: Clock, sam: Shopper, alice: Member
    ):
        await self.be(alice, "available")
        await sam.say(PERSON)
        await alice.post("/queue/claim")
        clock.now += timedelta(hours=6, minutes=1)
        await end_shifts(desk)
        assert (await sam.read())["status"] == "queued"
        assert await self.be(alice, "available") is None

    async def test_an_end_that_was_taken_back_does_not_come_again(
        self, planned: None, alice: Member
    ):
        await self.be(alice, "available")
        await put(alice, "/presence/shift", {"ends_at": None})
        assert await self.be(alice, "available") is None

    @pytest.mark.parametrize(
        "week", [{"tue": ["9-18"]}, {"someday": []}, {"tue": ["09:00-10:00"] * 5}]
    )
    async def test_what_is_no_week_is_refused(
        self, desk: Desk, http: httpx.AsyncClient, week: dict[str, list[str]]
    ):
        lin = await sign_in(desk, http, "lin", "supervisor")
        [own] = [one["id"] for one in (await lin.get("/staff")).json()]
        answer = await put(lin, f"/staff/{own}/skills", {"shifts": week})
        assert answer.status_code == 422
