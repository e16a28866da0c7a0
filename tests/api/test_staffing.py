"""The people at the desk as a program changes them: invitations, roles, shutting somebody out."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from typer.testing import CliRunner

from api.accounts import second_factor, staff, trail
from api.cli import app as command_line
from api.database import Database
from api.desk import Desk
from api.sockets.agent import AgentLine, CloseSocket
from handoff import conversations
from handoff.lifecycle import Status
from tests.api.conftest import settings_for
from tests.api.people import PASSWORD, Member, Shopper, sign_in

#: what everybody may do to their own account
OWN = ("/api/v1/account/", "/api/v1/logout")
OTHER_PASSWORD = "quite another password"
NOBODY = "00000000-0000-4000-8000-000000000000"


async def put(member: Member, path: str, body: object) -> httpx.Response:
    return await member.http.put(f"/api/v1{path}", json=body, headers=member.headers)


async def id_of(admin: Member, login: str) -> str:
    found = (await admin.get("/staff")).json()
    return next(one["id"] for one in found if one["login"] == login)


@pytest.fixture
async def admin(desk: Desk, http: httpx.AsyncClient) -> Member:
    return await sign_in(desk, http, "ann", "admin")


class TestInviting:
    async def test_a_person_sets_a_password_and_signs_in(self, admin, http):
        body = {"login": "mei", "name": "Mei", "roles": ["agent"], "capacity": 3}
        made = await admin.post("/staff", body)
        assert made.status_code == 201, made.text
        token = made.json()["link"].partition("#")[2]

        looked = await http.post("/api/v1/links/look", json={"token": token})
        assert looked.json()["purpose"] == "invite"
        weak = {"token": token, "password": "short"}
        assert (await http.post("/api/v1/links/use", json=weak)).json()[
            "code"
        ] == "weak_password"
        right = {"token": token, "password": PASSWORD}
        assert (await http.post("/api/v1/links/use", json=right)).status_code == 200
        again = await http.post("/api/v1/links/use", json=right)
        assert (again.status_code, again.json()["code"]) == (410, "link_over")
        signed = await http.post(
            "/api/v1/login", json={"login": "mei", "password": PASSWORD}
        )
        assert signed.json()["roles"] == ["agent"]

    async def test_nobody_gives_themself_a_role_with_the_link(self, admin, http):
        made = await admin.post(
            "/staff", {"login": "mei", "name": "Mei", "roles": ["agent"]}
        )
        token = made.json()["link"].partition("#")[2]
        body = {"token": token, "password": PASSWORD, "roles": ["admin"]}
        assert (await http.post("/api/v1/links/use", json=body)).status_code == 422

    async def test_a_new_password_by_link_ends_the_sessions(self, admin, desk, http):
        mei = await sign_in(desk, http, "mei", "agent")
        made = await admin.post(f"/staff/{await id_of(admin, 'mei')}/link")
        assert (await mei.get("/me")).status_code == 200
        token = made.json()["link"].partition("#")[2]
        await http.post(
            "/api/v1/links/use", json={"token": token, "password": OTHER_PASSWORD}
        )
        assert (await mei.get("/me")).status_code == 401

    @pytest.mark.parametrize("name", ["a\u202eb", "a\nb", "  "])
    async def test_a_name_shows_what_it_says(self, admin, name):
        body = {"login": "mei", "name": name, "roles": ["agent"]}
        assert (await admin.post("/staff", body)).status_code == 422


class TestShuttingOut:
    async def test_disabling_ends_sessions_and_gives_conversations_back(
        self, admin, desk, http, bot, sam: Shopper
    ):
        mei = await sign_in(desk, http, "mei", "agent")
        bot.mode = "500"
        await sam.say("Help?")
        assert (await mei.post("/queue/claim")).status_code == 200
        staff_id = await id_of(admin, "mei")

        done = await admin.post(f"/staff/{staff_id}/disable")

        assert done.status_code == 204, done.text
        assert (await mei.get("/me")).status_code == 401
        async with desk.database.reading() as session:
            row = await conversations.get(session, UUID(sam.id))
        assert (row.status, row.agent_id) == (Status.QUEUED, None)
        signed = await http.post(
            "/api/v1/login", json={"login": "mei", "password": PASSWORD}
        )
        assert signed.status_code == 401

    async def test_sockets_are_rung_and_close_within_a_second(
        self, admin, desk: Desk, http
    ):
        mei = await sign_in(desk, http, "mei", "agent")
        token_hash = staff.hash_token(mei.token)
        async with desk.database.reading() as session:
            found = await staff.recognise(
                session, token_hash, now=desk.clock(), demo=True
            )
        assert found is not None

        async def send(_frame: object) -> None:
            return None

        with desk.hub.listen() as listener:
            desk.hub.follow(listener, found[0].id)
            line = AgentLine(desk, found[0], listener, send)
            writing = asyncio.create_task(line.write())
            staff_id = await id_of(admin, "mei")
            await admin.post(f"/staff/{staff_id}/disable")
            with pytest.raises(CloseSocket):
                await asyncio.wait_for(writing, timeout=1)

    async def test_the_last_admin_stays(self, admin):
        own = await id_of(admin, "ann")
        answer = await admin.post(f"/staff/{own}/disable")
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")
        answer = await put(admin, f"/staff/{own}/roles", {"roles": ["agent"]})
        assert (answer.status_code, answer.json()["code"]) == (409, "last_admin")

    async def test_every_step_is_on_the_trail(self, admin, desk, http):
        await sign_in(desk, http, "mei", "agent")
        staff_id = await id_of(admin, "mei")
        await put(admin, f"/staff/{staff_id}/roles", {"roles": ["editor"]})
        await put(admin, f"/staff/{staff_id}/skills", {"skills": ["refunds"]})
        for step in ("link", "second-factor/reset", "disable", "enable"):
            await admin.post(f"/staff/{staff_id}/{step}")
        found = (await admin.get("/staff/events")).json()
        assert [one["event"] for one in found] == [
            "enabled",
            "disabled",
            "second_factor_reset",
            "link_made",
            "skills_set",
            "roles_set",
        ]
        assert {one["actor"] for one in found} == {"ann"}
        assert found[-1]["detail"] == {"before": ["agent"], "after": ["editor"]}


class TestOwnAccount:
    async def test_sessions_are_listed_and_ended(self, desk, http):
        mei = await sign_in(desk, http, "mei", "agent")
        answer = await http.post(
            "/api/v1/login",
            json={"login": "mei", "password": PASSWORD},
            headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"},
        )
        http.cookies.clear()
        other = Member(http=http, token=answer.json()["token"], name="Mei")
        found = (await mei.get("/account/sessions")).json()
        [there] = [one for one in found if not one["is_this"]]
        assert (there["browser"], there["system"]) == ("Firefox", "Linux")
        assert mei.token not in str(found)

        ended = await http.delete(
            f"/api/v1/account/sessions/{there['name']}", headers=mei.headers
        )
        assert ended.status_code == 204
        assert (await other.get("/me")).status_code == 401
        assert (await mei.get("/me")).status_code == 200

    async def test_nobody_ends_the_session_of_another(self, admin, desk, http):
        mei = await sign_in(desk, http, "mei", "agent")
        [own] = (await admin.get("/account/sessions")).json()
        answer = await http.delete(
            f"/api/v1/account/sessions/{own['name']}", headers=mei.headers
        )
        assert answer.status_code == 404
        assert (await admin.get("/me")).status_code == 200

    async def test_a_new_password_needs_the_present_one_and_ends_the_others(
        self, desk, http
    ):
        mei = await sign_in(desk, http, "mei", "agent")
        answer = await http.post(
            "/api/v1/login", json={"login": "mei", "password": PASSWORD}
        )
        http.cookies.clear()
        other = Member(http=http, token=answer.json()["token"], name="Mei")
        wrong = {"present": OTHER_PASSWORD, "password": "another good sentence"}
        assert (await mei.post("/account/password", wrong)).json()[
            "code"
        ] == "wrong_password"
        right = {"present": PASSWORD, "password": OTHER_PASSWORD}
        assert (await mei.post("/account/password", right)).status_code == 204
        assert (await other.get("/me")).status_code == 401
        assert (await mei.get("/me")).status_code == 200


class TestRoles:
    async def test_a_supervisor_sets_skills_but_no_roles(self, admin, desk, http):
        lin = await sign_in(desk, http, "lin", "supervisor")
        staff_id = await id_of(lin, "ann")
        skills = {"skills": ["refunds"], "languages": ["en"], "capacity": 2}
        assert (await put(lin, f"/staff/{staff_id}/skills", skills)).status_code == 204
        for answer in (
            await put(lin, f"/staff/{staff_id}/roles", {"roles": ["agent"]}),
            await lin.post(f"/staff/{staff_id}/disable"),
            await lin.post(f"/staff/{staff_id}/link"),
            await lin.get("/staff/events"),
        ):
            assert answer.status_code == 403

    async def test_an_agent_sees_no_list(self, desk, http):
        mei = await sign_in(desk, http, "mei", "agent")
        assert (await mei.get("/staff")).status_code == 403

    async def test_an_auditor_looks_and_changes_nothing(
        self, app: FastAPI, desk: Desk, http
    ):
        """Every route that changes something, but those of one's own account."""
        eve = await sign_in(desk, http, "eve", "auditor")
        assert (await eve.get("/staff")).status_code == 200
        assert (await eve.get("/staff/events")).status_code == 200
        changing = [
            (method.upper(), path)
            for path, methods in app.openapi()["paths"].items()
            for method in methods
            if method != "get" and not path.startswith(OWN)
        ]
        assert len(changing) > 40
        allowed = []
        for method, path in changing:
            to = re.sub(r"\{[^}]+\}", NOBODY, path)
            answer = await http.request(method, to, json={}, headers=eve.headers)
            if answer.status_code < 400:
                allowed.append((method, path))
        # Opening a conversation is what any visitor may do.
        assert allowed == [("POST", "/api/v1/conversations")]


def test_the_command_line_takes_a_second_factor_away(tmp_path, monkeypatch):
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setattr("api.commands.accounts.load_settings", lambda: settings)
    runner = CliRunner()
    created = runner.invoke(
        command_line,
        ["accounts", "create", "mei", "--name", "Mei", "--role", "auditor"],
    )
    assert created.exit_code == 0, created.output
    nothing = runner.invoke(command_line, ["accounts", "reset-second-factor", "mei"])
    assert nothing.exit_code == 1
    asyncio.run(turn_on(settings))
    done = runner.invoke(command_line, ["accounts", "reset-second-factor", "mei"])
    assert done.exit_code == 0, done.output
    assert asyncio.run(events(settings)) == ["second_factor_reset", "created"]


async def turn_on(settings) -> None:
    import pyotp  # noqa: PLC0415

    database = Database(settings)
    async with database.writing() as session:
        person = await staff.find(session, login="mei")
        now = datetime.now(UTC)
        made = await second_factor.begin(session, person, issuer="Shop")
        code = pyotp.TOTP(made.secret).at(now)
        await second_factor.confirm(session, person.id, code, now=now)
    await database.close()


async def events(settings) -> list[str]:
    database = Database(settings)
    async with database.reading() as session:
        found = [one.event for one in await trail.newest(session)]
    await database.close()
    return found
