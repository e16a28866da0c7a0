"""What the rows of the line tell agents: the running promise, the head start, and in words."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from api.desk import Desk
from api.sla_watch import watch_sla
from handoff.models import AuditEntry, SlaMark
from tests.api.people import Member, Shopper, sign_in
from tests.fakes import Clock


async def rows(member: Member, which: str = "waiting") -> list[dict]:
    answer = await member.get("/queue")
    assert answer.status_code == 200, answer.text
    return answer.json()[which]


async def test_a_row_names_the_promise_that_runs_and_when_it_breaks(
    desk: Desk, sam: Shopper, alice: Member, clock: Clock
):
    await sam.say("I want to talk to a real person")

    [row] = await rows(alice)
    assert row["sla"]["clock"] == "first"
    assert row["sla"]["level"] == "fine"
    assert row["sla"]["left_seconds"] == pytest.approx(180, abs=1)
    clock.now += timedelta(seconds=150)
    [row] = await rows(alice)
    assert row["sla"]["level"] == "soon"
    clock.now += timedelta(seconds=60)
    [row] = await rows(alice)
    assert row["sla"]["level"] == "late"
    assert row["sla"]["left_seconds"] == pytest.approx(-30, abs=1)


async def test_a_row_explains_its_head_start(desk: Desk, sam: Shopper, alice: Member):
    await sam.say("I need it today, urgent! I want to talk to a real person")

    [row] = await rows(alice)
    assert row["priority"] == [{"code": "urgent", "minutes": 5}]


async def test_a_greeting_does_not_stop_the_clock_and_an_answer_does(
    desk: Desk, sam: Shopper, alice: Member, clock: Clock
):
    await sam.say("I want to talk to a real person")
    claimed = (await alice.post("/queue/claim")).json()

    async def reply(text: str) -> None:
        answer = await alice.post(
            f"/conversations/{sam.id}/agent-messages",
            {
                "client_id": f"m-{len(text)}-abcdefgh",
                "text": text,
                "assignment_version": claimed["assignment_version"],
            },
        )
        assert answer.status_code == 200, answer.text

    await reply("Hello, one moment please.")
    [row] = await rows(alice, "mine")
    assert row["sla"]["clock"] == "first"
    await reply("Your parcel is in Leipzig and arrives tomorrow.")
    [row] = await rows(alice, "mine")
    assert row["sla"] is None


async def test_warning_and_breach_are_noted_once_by_whoever_looks(
    desk: Desk, sam: Shopper, clock: Clock
):
    await sam.say("I want to talk to a real person")
    for _ in range(3):
        clock.now += timedelta(seconds=80)
        await watch_sla(desk)
        await watch_sla(desk)

    async with desk.database.reading() as session:
        marks = list(await session.scalars(select(SlaMark).order_by(SlaMark.at)))
        kinds = list(
            await session.scalars(
                select(AuditEntry.event).where(AuditEntry.event.like("sla.%"))
            )
        )
    assert [(mark.clock, mark.level) for mark in marks] == [
        ("first", "soon"),
        ("first", "late"),
    ]
    assert sorted(kinds) == ["sla.broken", "sla.near"]


async def test_out_of_hours_an_answer_is_promised_by_the_shoppers_clock_and_tracked(
    desk: Desk, http: httpx.AsyncClient, clock: Clock
):
    clock.now = clock.now.replace(hour=17)  # 01:00 in Shanghai; the desk opens at 09:00
    jo = await Shopper.open(http, language="en", timezone="Europe/Berlin")

    turn = await jo.say("I want to talk to a real person")

    told = turn["replies"][-1]["text"]
    assert "we open at Wed 03-04 02:00 (UTC+01)" in told
    assert "reply by Wed 03-04 04:00 (UTC+01)" in told
    alice = await sign_in(desk, http, "alice", "agent")
    [row] = await rows(alice)
    assert row["promised_by"] == "2026-03-04T03:00:00Z"
    assert row["sla"]["due_at"] == row["promised_by"]
    assert row["sla"]["level"] == "fine"


async def test_a_zone_that_does_not_exist_is_refused(http: httpx.AsyncClient):
    answer = await http.post("/api/v1/conversations", json={"timezone": "Mars/North"})

    assert answer.status_code == 422
