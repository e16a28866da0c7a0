"""The page of waits: what shoppers were told against what came."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest

from api.pages.waits_drawing import DRAWN, drawing, hour_bars
from handoff import conversations, queue
from handoff.calibration import ToldWait, summed
from tests.api.people import PASSWORD, hire
from tests.people import NOON


@pytest.fixture
async def alice(desk, http):
    await hire(desk, "alice", "supervisor")
    await http.post("/api/v1/login", json={"login": "alice", "password": PASSWORD})
    return http


async def told(desk, *, waited, low=60, high=180, skill=None, language="en"):
    """Told this interval yesterday at this time, and taken after so many seconds."""
    at = desk.clock() - timedelta(days=1)
    async with desk.database.writing() as session:
        row = await conversations.open_conversation(
            session,
            conversation_id=uuid4(),
            token_hash=uuid4().hex,
            language=language,
            now=at,
        )
        needs = queue.Needs(skill=skill)
        asked = await queue.join(
            session, row.id, reasons=[], card={}, needs=needs, now=at
        )
        asked.said_low, asked.said_high = low, high
        await queue.claim(
            session,
            row.id,
            agent_id=uuid4(),
            capacity=5,
            now=at + timedelta(seconds=waited),
        )


def a_wait(waited, *, low=60, high=180, joined=NOON):
    return ToldWait(joined=joined, low=low, high=high, waited=waited, skill=None)


async def test_only_who_sees_all_conversations_sees_waits(desk, http):
    await hire(desk, "bob", "agent")
    await http.post("/api/v1/login", json={"login": "bob", "password": PASSWORD})

    answers = [
        await http.get(path)
        for path in (
            "/console/waits",
            "/api/v1/forecast/calibration",
            "/api/v1/forecast/calibration.csv",
        )
    ]

    assert [each.status_code for each in answers] == [403, 403, 403]


async def test_the_page_says_how_many_came_true_and_draws_each(desk, alice):
    for waited in (100, 120, 150, 400):
        await told(desk, waited=waited)

    page = (await alice.get("/console/waits")).text

    assert "75 %" in page
    assert "3 of 4 · As wanted" in page
    assert page.count('class="waits-said"') == 4 + 1  # and one in the key
    assert page.count('<g class="waits-later">') == 1
    assert "waited: 6 min 40 s" in page


async def test_too_few_come_true_is_said_in_words(desk, alice):
    await told(desk, waited=10)
    await told(desk, waited=600)

    page = (await alice.get("/console/waits")).text

    assert "Too often wrong" in page
    assert "waits-bar-off" in page


async def test_nobody_told_is_said_instead_of_noughts(alice):
    page = (await alice.get("/console/waits")).text

    assert "Nobody who was told a wait was served in this period." in page
    assert "<svg viewBox" not in page


async def test_the_filters_stand_in_the_address_and_choose_the_waits(desk, alice):
    await told(desk, waited=100, skill="refunds")
    await told(desk, waited=600)
    hour = (desk.clock() - timedelta(days=1)).astimezone().hour
    address = "/console/waits?days=28&skill=refunds&language=en"

    page = (await alice.get(address)).text
    nobody = await alice.get("/api/v1/forecast/calibration?language=zh-Hant")
    refunds = await alice.get("/api/v1/forecast/calibration?skill=refunds&until=")
    hours = [
        (await alice.get(f"/api/v1/forecast/calibration?hour={hour}")).json()["rows"]
        for hour in range(24)
    ]

    assert '<option value="refunds" selected>' in page
    assert "calibration.csv?days=28&amp;language=en&amp;skill=refunds" in page
    assert nobody.json()["rows"] == []
    assert refunds.json()["rows"][0]["told"] == 1
    assert sum(1 for rows in hours if rows) == 1, hour


@pytest.mark.parametrize("query", ["hour=24", "hour=-1", "hour=x", "days=0"])
async def test_a_filter_that_means_nothing_is_refused(alice, query):
    answer = await alice.get(f"/api/v1/forecast/calibration?{query}")

    assert answer.status_code == 422


async def test_the_file_holds_the_groups_and_every_wait(desk, alice):
    await told(desk, waited=100, skill="refunds")
    await told(desk, waited=600)

    answer = await alice.get("/api/v1/forecast/calibration.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert [row["table"] for row in rows] == ["all", "hours", "skills", *["waits"] * 2]
    assert (rows[0]["share"], rows[0]["later"]) == ("0.5", "1")
    assert {row["waited_seconds"] for row in rows[-2:]} == {"100", "600"}


def test_a_longer_wait_stands_higher_and_outcomes_are_told_apart():
    drawn = drawing([a_wait(500), a_wait(100), a_wait(10)])  # the newest first

    shortest, middle, longest = drawn.marks
    assert shortest.x < middle.x < longest.x
    assert shortest.waited > middle.waited > longest.waited  # SVG counts downwards
    outcomes = [each.outcome for each in drawn.marks]
    assert outcomes == ["sooner", "within", "later"]
    assert middle.low > middle.waited > middle.high


def test_only_the_newest_are_drawn():
    assert len(drawing([a_wait(100)] * (DRAWN + 5)).marks) == DRAWN


def test_an_hour_in_which_nobody_was_told_has_no_bar():
    groups = summed([a_wait(100)], zone=NOON.tzinfo)

    bars = hour_bars([each for each in groups if each.hour is not None])

    assert [bar.hour for bar in bars if bar.group] == [12]
    assert len(bars) == 24
