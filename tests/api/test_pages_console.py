"""Who gets into the staff pages, and what stands on them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from api.desk import Desk
from api.pages import assets, board, console, gate, translate
from api.pages.board import duration
from api.pages.board_numbers import numbers_of_today, start_of_day
from api.pages.gate import safe_next
from handoff import conversations, queue
from tests.api.people import PASSWORD, hire

TEMPLATES = Path(gate.__file__).parents[1] / "templates"
SCRIPT = '<script>alert("x")</script>'


async def signed_in(
    desk: Desk, http: httpx.AsyncClient, *roles: str, name: str = "Alice"
) -> httpx.AsyncClient:
    await hire(desk, "alice", *roles, name=name)
    answer = await http.post(
        "/api/v1/login", json={"login": "alice", "password": PASSWORD}
    )
    assert answer.status_code == 200, answer.text
    return http


async def waiting_shopper(desk: Desk, *, minutes: float = 0) -> None:
    asked = desk.clock() - timedelta(minutes=minutes)
    conversation_id = uuid4()
    async with desk.database.writing() as session:
        await conversations.open_conversation(
            session,
            conversation_id=conversation_id,
            token_hash=conversation_id.hex,
            language="en",
            now=asked,
        )
        await conversations.append(
            session, conversation_id, actor="shopper", text="Help", now=asked
        )
        await queue.join(
            session,
            conversation_id,
            reasons=[{"code": "angry", "evidence": {}}],
            card={},
            now=asked,
        )


class TestWhoGetsIn:
    @pytest.mark.parametrize(
        "path", ["/console", "/board", "/editor", "/editor/try", "/editor/gaps"]
    )
    async def test_a_stranger_is_sent_to_sign_in_and_back(self, http, path):
        answer = await http.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/login?next={path.replace('/', '%2F')}"

    @pytest.mark.parametrize(
        ("role", "open_to"),
        [
            ("agent", {"/console", "/editor", "/editor/try"}),
            ("editor", {"/editor", "/editor/try", "/editor/gaps"}),
            (
                "supervisor",
                {
                    "/console",
                    "/board",
                    "/console/policy",
                    "/editor",
                    "/editor/try",
                    "/editor/gaps",
                },
            ),
            ("admin", {"/console/policy", "/editor", "/editor/try"}),
        ],
    )
    async def test_every_role_opens_its_own_pages_and_no_others(
        self, desk, http, role, open_to
    ):
        await signed_in(desk, http, role)
        everything = [
            "/console",
            "/board",
            "/console/policy",
            "/editor",
            "/editor/try",
            "/editor/gaps",
        ]
        statuses = {path: (await http.get(path)).status_code for path in everything}
        assert statuses == {
            path: 200 if path in open_to else 403 for path in everything
        }

    async def test_a_closed_page_says_why_and_leads_to_ones_own(self, desk, http):
        await signed_in(desk, http, "editor")
        page = (await http.get("/console")).text
        assert "with these roles: Editor" in page
        assert "This page is for: Agent, Supervisor" in page
        assert 'class="button" href="/editor"' in page

    async def test_the_bar_shows_only_what_may_be_used(self, desk, http):
        await signed_in(desk, http, "editor")
        page = (await http.get("/editor")).text
        assert 'href="/editor/gaps"' in page
        assert 'href="/console"' not in page
        assert 'id="presence"' not in page

    async def test_whoever_is_signed_in_is_not_asked_again(self, desk, http):
        await signed_in(desk, http, "agent")
        answer = await http.get("/login")
        assert (answer.status_code, answer.headers["location"]) == (303, "/console")

    @pytest.mark.parametrize(
        ("asked", "followed"),
        [
            ("/console", "/console"),
            ("/editor/articles/a?gap=1", "/editor/articles/a?gap=1"),
            ("//evil.example", None),
            ("/\\evil.example", None),
            ("https://evil.example", None),
            ("javascript:alert(1)", None),
            ("/a\nb", None),
            ("", None),
            (None, None),
        ],
    )
    def test_signing_in_leads_nowhere_else(self, asked, followed):
        assert safe_next(asked) == followed

    async def test_a_next_address_cannot_end_the_script_it_stands_in(self, http):
        page = (await http.get("/login", params={"next": f"/{SCRIPT}"})).text
        assert SCRIPT not in page


class TestWhatStandsOnThem:
    @pytest.mark.parametrize("path", ["/console", "/board", "/editor", "/editor/try"])
    async def test_no_script_and_no_style_is_written_into_a_page(
        self, desk, http, path
    ):
        await signed_in(desk, http, "agent", "supervisor", "editor")
        answer = await http.get(path)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert not re.search(r"<[^>]+\s(on\w+|style)=", answer.text)
        for tag in re.findall(r"<script\b[^>]*>", answer.text):
            assert "nonce=" in tag or 'type="application/json"' in tag

    async def test_a_name_is_text_wherever_it_stands(self, desk, http):
        await signed_in(desk, http, "agent", "supervisor", name=SCRIPT)
        for path in ("/console", "/board"):
            page = (await http.get(path)).text
            assert SCRIPT not in page
            assert "&lt;script&gt;" in page

    @pytest.mark.parametrize(
        ("lang", "words"),
        [
            ("en", "Next conversation"),
            ("zh-Hans", "接待下一位"),
            ("zh-Hant", "接手下一位"),
        ],
    )
    async def test_the_console_speaks_the_language_asked_for(
        self, desk, http, lang, words
    ):
        await signed_in(desk, http, "agent")
        page = (await http.get("/console", params={"lang": lang})).text
        assert words in page
        assert f'<html lang="{lang}"' in page

    async def test_the_shops_own_wrap_up_codes_can_be_chosen(self, desk, http):
        await signed_in(desk, http, "agent")
        page = (await http.get("/console")).text
        for code in desk.settings.handoff.dispositions:
            assert f'value="{code}"' in page
        assert console.disposition_word("lost_parcel", "en") == "lost parcel"

    @pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
    def test_every_sentence_has_its_words(self, language):
        entries = [
            f"js/{name}.js"
            for name in (
                "login",
                "console",
                "board",
                "desk",
                "editor",
                "editor_gaps",
                "editor_history",
            )
        ]
        said = {text for entry in entries for text in assets.words_of(entry)}
        files = [TEMPLATES / "login.html", *TEMPLATES.glob("console/*.html")]
        files += TEMPLATES.glob("editor/*.html")
        for file in files:
            said |= set(re.findall(r'\b_\(\s*"([^"]+)"', file.read_text()))
        said |= set(console.DISPOSITIONS.values()) | set(board.REASONS.values())
        said |= {words for _, words in console.KEYS}
        said |= {place.label for place in gate.PLACES}
        assert len(said) > 300
        worded = translate.catalogue(language)._catalog
        assert [text for text in said if not worded.get(text)] == []


class TestColleagues:
    async def test_those_who_may_serve_are_listed_with_their_load(self, desk, http):
        await signed_in(desk, http, "agent")
        await hire(desk, "bob", "supervisor")
        await hire(desk, "eve", "editor")
        await waiting_shopper(desk)
        await http.put("/api/v1/presence", json={"state": "available"})
        await http.post("/api/v1/queue/claim", json={})
        found = (await http.get("/console/colleagues")).json()["colleagues"]
        assert [(one["name"], one["state"], one["load"]) for one in found] == [
            ("Alice", "available", 1),
            ("Bob", "gone", 0),
        ]

    async def test_editors_are_not_told(self, desk, http):
        await signed_in(desk, http, "editor")
        assert (await http.get("/console/colleagues")).status_code == 403


class TestBoard:
    async def test_the_longest_wait_and_the_reasons_are_counted(self, desk, http):
        await signed_in(desk, http, "supervisor")
        await waiting_shopper(desk, minutes=7)
        await waiting_shopper(desk, minutes=1)
        page = (await http.get("/board")).text
        assert "7 min" in page
        assert "Angry" in page

    @pytest.mark.parametrize(
        ("path", "on_a_wall"),
        [("/board", False), ("/board?wall=1", True), ("/console/board?wall=1", True)],
    )
    async def test_a_wall_shows_the_same_board(self, desk, http, path, on_a_wall):
        await signed_in(desk, http, "supervisor")
        page = (await http.get(path)).text
        assert ('class="desk wall"' in page) is on_a_wall
        assert 'id="now-waiting"' in page

    async def test_an_auditor_is_offered_no_step(self, desk, http):
        await signed_in(desk, http, "auditor")
        page = (await http.get("/board")).text
        assert 'id="list-line"' in page
        assert 'id="move-dialog"' not in page

    async def test_yesterday_is_not_today(self, desk):
        await waiting_shopper(desk, minutes=3 * 24 * 60)
        now = desk.clock()
        since = start_of_day(now, "Asia/Shanghai")
        async with desk.database.reading() as session:
            found = await numbers_of_today(session, since=since, now=now)
        assert (found.waiting, found.handed_over, found.reasons) == (1, 0, ())
        assert found.bot_share is None

    def test_the_day_begins_at_the_shops_midnight(self):
        now = datetime(2026, 3, 3, 20, 0, tzinfo=UTC)
        begun = start_of_day(now, "Asia/Shanghai")
        assert begun.astimezone(UTC) == datetime(2026, 3, 3, 16, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [(5, "5 s"), (125, "2 min"), (3 * 3600 + 300, "3 h 5 min")],
    )
    def test_seconds_become_words(self, seconds, words):
        assert duration(seconds, "en") == words


class TestHandingOn:
    async def test_the_dialogs_offer_each_skill_a_supervisor_and_room_for_words(
        self, desk: Desk, http: httpx.AsyncClient
    ):
        agent = await signed_in(desk, http, "agent")
        page = (await agent.get("/console")).text

        assert re.findall(r'value="skill:([a-z_]+)"', page) == [
            "complaints",
            "refunds",
            "supervisor",
        ]
        assert 'name="note"' in page
        assert 'name="settled"' in page
