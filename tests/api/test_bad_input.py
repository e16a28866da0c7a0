"""Bad input over HTTP: each has a defined answer, and none of them is a 500."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.desk import Desk
from tests.api.people import PASSWORD, Shopper, hire, sign_in
from tests.fakes import FakeBot

OPEN = "/api/v1/conversations"
JSON = {"Content-Type": "application/json"}


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["code"] == code
    assert found["title"]
    return found


class TestText:
    @pytest.mark.parametrize(
        "text", ["", "   ", "\n\n", "\u200b\u200b", "\u0000", "\u200d"]
    )
    async def test_an_empty_message_is_asked_for(self, sam: Shopper, text: str):
        answer = await sam.post({"client_id": uuid4().hex, "text": text})
        problem(answer, 422, "empty_message")

    @pytest.mark.parametrize("length", [2001, 15_000])
    async def test_a_long_message_is_refused(
        self, sam: Shopper, bot: FakeBot, length: int
    ):
        answer = await sam.post({"client_id": uuid4().hex, "text": "长" * length})
        problem(answer, 413, "message_too_long")
        assert bot.asked == []

    async def test_two_thousand_characters_are_taken(self, sam: Shopper):
        assert len((await sam.say("长" * 2000))["message"]["text"]) == 2000

    async def test_a_hundred_kilobytes_are_refused(self, sam: Shopper):
        answer = await sam.post({"client_id": uuid4().hex, "text": "x" * 100_000})
        assert answer.status_code in {413, 422}

    async def test_nul_and_towers_of_marks_are_stripped(self, sam: Shopper):
        turn = await sam.say("a\u0000b" + "\u0301" * 500 + "\u202e")
        assert turn["message"]["text"].startswith("ab")
        assert len(turn["message"]["text"]) < 12

    async def test_a_family_of_emoji_stays_together(self, sam: Shopper):
        family = "👨\u200d👩\u200d👧"
        assert (await sam.say(family))["message"]["text"] == family


class TestJson:
    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"",
            b"\xff\xfe{\x00}\x00",
            b"\xef\xbb\xbf{}",
            b'{"client_id":"abcdefgh1","text":"\\ud800"}',
            b'{"client_id":"abcdefgh1","text":NaN}',
            b'{"client_id":"abcdefgh1","text":1e999}',
            b'{"client_id":"abcdefgh1","text":' + b"9" * 5000 + b"}",
            b'{"client_id":"abcdefgh1","text":' + b"[" * 50_000,
            b'{"client_id":"abcdefgh1","text":' + b"[" * 2000 + b"]" * 2000 + b"}",
            b'{"client_id":"abcdefgh1","client_id":"abcdefgh2","text":"x"}',
            b'"text"',
            b"[]",
            b"null",
            b'{"client_id":"abcdefgh1","text":"\xff"}',
        ],
        ids=range(15),
    )
    async def test_what_is_no_proper_json_is_a_4xx(self, sam: Shopper, body: bytes):
        answer = await sam.http.post(
            f"{sam.path}/messages", content=body, headers=sam.headers | JSON
        )
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_a_body_over_the_limit_is_not_read(self, http: httpx.AsyncClient):
        answer = await http.post(OPEN, content=b" " * 300_000, headers=JSON)
        problem(answer, 413, "body_too_large")

    @pytest.mark.parametrize(
        "kind", ["text/plain", "application/x-www-form-urlencoded"]
    )
    async def test_another_media_type_is_refused(
        self, http: httpx.AsyncClient, kind: str
    ):
        answer = await http.post(OPEN, content=b"{}", headers={"Content-Type": kind})
        problem(answer, 415, "unsupported_media_type")

    async def test_the_answer_never_echoes_what_was_sent(self, http: httpx.AsyncClient):
        answer = await http.post(
            "/api/v1/login", json={"login": "x", "password": "hunter2", "admin": True}
        )
        found = problem(answer, 422, "invalid_fields")
        assert "hunter2" not in answer.text
        assert found["errors"][0]["pointer"] == "/admin"

    @pytest.mark.parametrize(
        "extra",
        [
            {"sender": "agent"},
            {"seq": 1},
            {"is_bot": True},
            {"created_at": "2020-01-01T00:00:00Z"},
            {"conversation_id": "x"},
            {"actor": "agent"},
            {"assignment_version": 0},
        ],
    )
    async def test_a_shopper_cannot_set_what_is_ours(
        self, sam: Shopper, extra: dict[str, Any]
    ):
        body = {"client_id": uuid4().hex, "text": "hi", **extra}
        problem(await sam.post(body), 422, "invalid_fields")

    @pytest.mark.parametrize("language", ["klingon", "", 5, None.__class__.__name__])
    async def test_an_unknown_language_is_told(
        self, http: httpx.AsyncClient, language: Any
    ):
        answer = await http.post(OPEN, json={"language": language})
        found = problem(answer, 422, "invalid_fields")
        assert "zh-Hant" in found["errors"][0]["detail"]

    async def test_the_title_is_in_the_readers_language(self, http: httpx.AsyncClient):
        answer = await http.get("/nothing", headers={"Accept-Language": "zh-TW,en"})
        assert answer.json()["title"] == "沒有找到。"


class TestIdor:
    IDS = ("0", "01", " 1", "1e0", "true", "[1]", '{"$ne":null}', "..%2f", "GENERAL")

    @pytest.mark.parametrize("given", IDS)
    async def test_odd_ids_exist_as_little_as_wrong_ones(
        self, sam: Shopper, given: str
    ):
        wrong = await sam.http.get(f"{OPEN}/{uuid4()}/messages", headers=sam.headers)
        odd = await sam.http.get(f"{OPEN}/{given}/messages", headers=sam.headers)
        assert (odd.status_code, odd.content) == (404, wrong.content)

    @pytest.mark.parametrize(
        ("method", "path", "body"),
        [
            ("GET", "messages", None),
            ("GET", "transcript", None),
            ("POST", "messages", {"client_id": "abcdefgh1", "text": "x"}),
            ("POST", "rating", {"stars": 5}),
            ("PUT", "language", {"language": "en"}),
        ],
    )
    async def test_an_own_token_opens_no_other_conversation(
        self, sam: Shopper, method: str, path: str, body: Any
    ):
        other = await Shopper.open(sam.http, language="en")
        bodies = []
        for target, headers in (
            (other.id, sam.headers),
            (str(uuid4()), sam.headers),
            (other.id, {}),
            (other.id, {"Authorization": "Bearer nonsense"}),
            (other.id.upper(), other.headers),
        ):
            answer = await sam.http.request(
                method, f"{OPEN}/{target}/{path}", json=body, headers=headers
            )
            assert answer.status_code == 404
            bodies.append(answer.content)
        assert len(set(bodies)) == 1
        mine = await sam.http.request(
            method, f"{OPEN}/{sam.id}/{path}", json=body, headers=sam.headers
        )
        assert mine.status_code == 200


class TestOrigins:
    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": "http://127.0.0.1:8000.evil.example"},
            {"Origin": "https://127.0.0.1:8000"},
            {"Origin": "http://127.0.0.1:9999"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ],
    )
    async def test_other_sites_cannot_change_anything(
        self, http: httpx.AsyncClient, headers: dict[str, str]
    ):
        problem(await http.post(OPEN, json={}, headers=headers), 403, "cross_site")

    async def test_our_own_pages_can(self, http: httpx.AsyncClient):
        headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
        assert (await http.post(OPEN, json={}, headers=headers)).status_code == 201

    @pytest.mark.parametrize(
        "host", ["evil.example", "127.0.0.1:8000@evil", "localhost"]
    )
    async def test_a_foreign_host_is_refused(self, http: httpx.AsyncClient, host: str):
        answer = await http.get("/healthz", headers={"Host": host})
        problem(answer, 400, "bad_request")

    async def test_every_answer_carries_the_guards(self, http: httpx.AsyncClient):
        answer = await http.get("/healthz")
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"

    async def test_a_request_id_comes_back_only_if_harmless(
        self, http: httpx.AsyncClient
    ):
        good = await http.get("/healthz", headers={"X-Request-Id": "abc-1"})
        bad = await http.get("/healthz", headers={"X-Request-Id": "a\x1b[2Jb"})
        assert good.headers["x-request-id"] == "abc-1"
        assert "\x1b" not in bad.headers["x-request-id"]


class TestLimits:
    async def test_a_flood_is_told_when_to_come_back(self, sam: Shopper, bot: FakeBot):
        answers = [
            await sam.post({"client_id": uuid4().hex, "text": f"flood {n}"})
            for n in range(32)
        ]
        refused = [each for each in answers if each.status_code == 429]
        assert refused
        assert int(refused[0].headers["retry-after"]) > 0
        assert problem(refused[0], 429, "rate_limited")["retry_after"] > 0

    async def test_forged_forwarding_headers_do_not_help(
        self, http: httpx.AsyncClient, desk: Desk
    ):
        statuses = []
        for n in range(12):
            answer = await http.post(
                "/api/v1/login",
                json={"login": "nobody", "password": "wrong password"},
                headers={"X-Forwarded-For": f"198.51.100.{n}"},
            )
            statuses.append(answer.status_code)
        assert statuses[:8] == [401] * 8
        assert statuses[-1] == 429

    async def test_conversations_are_limited_by_address(self, http: httpx.AsyncClient):
        statuses = {(await http.post(OPEN, json={})).status_code for _ in range(61)}
        assert statuses == {201, 429}


class TestStaff:
    async def test_the_token_is_kept_as_a_digest_alone(self, sam: Shopper, desk: Desk):
        from sqlalchemy import select  # noqa: PLC0415

        from handoff.models import Conversation  # noqa: PLC0415

        async with desk.database.reading() as session:
            row = await session.scalar(select(Conversation))
        assert sam.token not in json.dumps(str(vars(row)))
        assert len(sam.token) >= 43

    @pytest.mark.parametrize("login", ["alice", "nobody"])
    async def test_a_wrong_password_and_an_unknown_login_look_alike(
        self, http: httpx.AsyncClient, desk: Desk, login: str
    ):
        await hire(desk, "alice", "agent")
        answer = await http.post(
            "/api/v1/login", json={"login": login, "password": "wrong password"}
        )
        found = problem(answer, 401, "wrong_login")
        assert found["detail"] == "The login or the password is wrong."

    async def test_signing_in_gives_a_guarded_cookie(
        self, http: httpx.AsyncClient, desk: Desk
    ):
        await hire(desk, "Alice", "agent")
        answer = await http.post(
            "/api/v1/login", json={"login": " ALICE ", "password": PASSWORD}
        )
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert answer.json()["roles"] == ["agent"]
        assert (await http.get("/api/v1/me")).json()["login"] == "alice"

    async def test_after_signing_out_the_token_is_worth_nothing(
        self, http: httpx.AsyncClient, desk: Desk
    ):
        alice = await sign_in(desk, http, "alice", "agent")
        assert (await alice.get("/me")).status_code == 200
        await alice.post("/logout")
        problem(await alice.get("/me"), 401, "not_signed_in")

    async def test_sessions_end_when_idle(
        self, http: httpx.AsyncClient, desk: Desk, clock: Any
    ):
        alice = await sign_in(desk, http, "alice", "agent")
        clock.forward(hours=11)
        assert (await alice.get("/me")).status_code == 200
        clock.forward(hours=11)
        assert (await alice.get("/me")).status_code == 200
        clock.forward(hours=13)
        assert (await alice.get("/me")).status_code == 401

    async def test_sessions_end_after_a_week_whatever_happens(
        self, http: httpx.AsyncClient, desk: Desk, clock: Any
    ):
        alice = await sign_in(desk, http, "alice", "agent")
        for _ in range(16):
            clock.forward(hours=10)
            await alice.get("/me")
        clock.forward(hours=10)
        assert (await alice.get("/me")).status_code == 401

    GUARDED = (
        ("GET", "/queue", {"agent", "supervisor"}),
        ("POST", "/queue/claim", {"agent", "supervisor"}),
        ("GET", "/articles", {"agent", "editor", "supervisor", "admin"}),
        ("POST", "/articles", {"editor"}),
        ("GET", "/gaps", {"editor", "supervisor"}),
        ("GET", f"/conversations/{uuid4()}/desk", {"agent", "supervisor"}),
    )

    @pytest.mark.parametrize("role", ["agent", "editor", "supervisor", "admin"])
    async def test_each_role_may_do_what_is_written_and_nothing_else(
        self, http: httpx.AsyncClient, desk: Desk, role: str
    ):
        member = await sign_in(desk, http, role, role)
        for method, path, allowed in self.GUARDED:
            answer = await http.request(
                method,
                f"/api/v1{path}",
                headers=member.headers,
                **({"json": {}} if method == "POST" else {}),
            )
            assert (answer.status_code == 403) is (role not in allowed), (role, path)

    async def test_nobody_may_do_any_of_it_without_signing_in(
        self, http: httpx.AsyncClient
    ):
        for method, path, _ in self.GUARDED:
            body = {"json": {}} if method == "POST" else {}
            answer = await http.request(method, f"/api/v1{path}", **body)
            assert answer.status_code == 401, path
