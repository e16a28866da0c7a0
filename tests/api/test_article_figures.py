"""What became of articles, counted on both databases, and how the figures are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest

from api import article_figures
from api.article_figures import Figures
from api.desk import Desk
from api.quality import policy_of
from api.settings import Settings
from tests import databases
from tests.api.conftest import settings_for
from tests.api.people import Shopper
from tests.api.test_pages_console import signed_in
from tests.api.test_pages_editor import leave_gap, write
from tests.fakes import GREETING, FakeBot


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """The same on both databases."""
    if request.param == "sqlite":
        yield settings_for(tmp_path, request.getfixturevalue("sqlite_database"))
        return
    url = request.getfixturevalue("postgres_url")
    yield settings_for(tmp_path, url)
    databases.empty_tables(url)


async def figures(desk: Desk) -> dict[str, Figures]:
    zone = ZoneInfo(desk.settings.shop.timezone)
    async with desk.database.reading() as session:
        return await article_figures.of_all(session, zone=zone, now=desk.clock())


async def test_what_shoppers_did_is_told_of_the_article(
    sam: Shopper, bot: FakeBot, desk: Desk
):
    await sam.press(await sam.say("How long?"), "This helped")
    await sam.press(await sam.say("How long really?"), "This did not help")
    bot.reply = GREETING
    await sam.say("I want to talk to a human, please")

    now = (await figures(desk))["return-time-limit"].now
    assert (now.asked, now.answered, now.handed_over) == (2, 2, 1)
    assert (now.helpful, now.not_helpful, now.helpful_share) == (1, 1, 0.5)


async def test_thirty_days_later_it_belongs_to_the_thirty_before(
    sam: Shopper, desk: Desk, clock
):
    await sam.press(await sam.say("How long?"), "This helped")
    clock.forward(days=30)
    found = (await figures(desk))["return-time-limit"]
    assert (found.now.asked, found.now.helpful) == (0, 0)
    assert (found.before.asked, found.before.helpful) == (1, 1)
    clock.forward(days=31)
    assert await figures(desk) == {}


async def test_every_day_is_there_and_the_last_is_today(sam: Shopper, desk: Desk):
    await sam.say("How long?")
    zone = ZoneInfo(desk.settings.shop.timezone)
    async with desk.database.reading() as session:
        days = await article_figures.days_of(
            session, "return-time-limit", zone=zone, now=desk.clock()
        )
    assert len(days) == 60
    assert days[-1].day == desk.clock().astimezone(zone).date()
    assert days[-1].counts.asked == 1
    assert days[-1].day - days[0].day == timedelta(days=59)


class TestPages:
    async def test_the_list_and_the_article_tell_them(
        self, sam: Shopper, desk: Desk, http: httpx.AsyncClient
    ):
        await write(desk, "return-time-limit", published=True)
        await sam.press(await sam.say("How long?"), "This helped")
        await signed_in(desk, http, "editor")
        listed = (await http.get("/editor")).text
        assert "asked 1×" in listed
        assert "100% helpful" in listed
        page = (await http.get("/editor/articles/return-time-limit/figures")).text
        assert "1 yes, 0 no." in page
        assert "0 in the 30 days before" in page
        missing = await http.get("/editor/articles/nothing/figures")
        assert missing.status_code == 404

    async def test_the_map_has_articles_gaps_and_answered_questions_with_a_table(
        self, sam: Shopper, desk: Desk, http: httpx.AsyncClient
    ):
        await sam.say("How long?")
        await signed_in(desk, http, "editor")
        await write(desk, "returning", published=True)
        gap_id = await leave_gap(desk)
        page = (await http.get("/editor/map")).text
        assert page.count('class="map-answered"') == 2  # one in the key
        assert page.count('data-tip="How do I return it?"') == 1
        assert f'href="/editor/articles/new?gap={gap_id}"' in page
        assert page.count("Do you repair watches?") >= 2

    async def test_an_empty_desk_has_a_map_that_says_so(
        self, desk: Desk, http: httpx.AsyncClient
    ):
        await signed_in(desk, http, "editor")
        assert "Nothing to draw yet." in (await http.get("/editor/map")).text

    async def test_the_curve_marks_the_thresholds_and_stands_on_labelled_questions(
        self, desk: Desk, http: httpx.AsyncClient
    ):
        await signed_in(desk, http, "editor")
        assert "No labelled question yet." in (await http.get("/editor/figures")).text
        await write(desk, "return-time-limit", published=True)
        for text, ids in (("Too late?", ["return-time-limit"]), ("Bake a cake?", [])):
            body = {"text": text, "language": "en", "article_ids": ids}
            await http.post("/api/v1/labelled-questions", json=body)
        by_heart = {
            "text": "how do I RETURN it?",
            "language": "en",
            "article_ids": ["return-time-limit"],
        }
        await http.post("/api/v1/labelled-questions", json=by_heart)
        page = (await http.get("/editor/figures")).text
        # the twin is 95 % sure of everything: one of two answers is right
        assert "2 labelled questions" in page
        row = '<td class="num">0%</td><td class="num">100%</td><td class="num">50%</td>'
        assert row in page
        policy = policy_of(desk)
        assert ("mark-answer" in page) == (policy.answer_precision <= 0.95)
        assert ("mark-clarify" in page) == (policy.clarify_precision <= 0.95)

    async def test_agents_read_figures_and_see_no_gaps(
        self, desk: Desk, http: httpx.AsyncClient
    ):
        await signed_in(desk, http, "agent")
        assert (await http.get("/editor/figures")).status_code == 200
        assert (await http.get("/editor/map")).status_code == 403
