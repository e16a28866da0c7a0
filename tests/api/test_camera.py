"""A look through the shopper's camera: nobody sees anything that was not agreed to, by this agent, now."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from redis.asyncio import Redis
from sqlalchemy import select

from api.desk import Desk
from api.look_view import ice_servers
from api.looks import ASKED_SECONDS, SHOWN_SECONDS, Looks, LookUnavailable
from handoff.models import AuditEntry
from tests.api.people import Member, Shopper
from tests.fakes import Clock, FakeBot

ALLOWED = (
    ("/widget", "camera=(self)"),
    ("/shop", "camera=(self)"),
    ("/login", "camera=()"),
)
OFFER, ANSWER = "v=0\r\no=- offer\r\n", "v=0\r\no=- answer\r\n"


@pytest.fixture
async def served(
    http: httpx.AsyncClient, bot: FakeBot, alice: Member
) -> tuple[Shopper, int]:
    """A shopper whom Alice serves, and the version she has."""
    bot.mode = "500"
    shopper = await Shopper.open(http, language="en")
    await shopper.say("Help?")
    answer = await alice.post(f"/conversations/{shopper.id}/claim")
    return shopper, answer.json()["assignment_version"]


async def asked(member: Member, shopper: Shopper, version: int) -> dict[str, Any]:
    answer = await member.post(
        f"/conversations/{shopper.id}/camera", {"assignment_version": version}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def told(shopper: Shopper) -> dict[str, Any] | None:
    """The look as the shopper's window hears of it."""
    told_now = await shopper.read()
    return (told_now["handoff"] or {}).get("camera")


async def keys(shopper: Shopper) -> list[str]:
    thread = await shopper.read()
    return [one["text"] for one in thread["messages"] if one["kind"] == "notice"]


async def trail(desk: Desk, shopper: Shopper) -> list[tuple[str, dict[str, Any]]]:
    async with desk.database.reading() as session:
        rows = await session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.conversation_id == UUID(shopper.id),
                AuditEntry.event.like("camera.%"),
            )
            .order_by(AuditEntry.id)
        )
        return [(row.event, dict(row.data)) for row in rows]


async def put(who: Member | Shopper, path: str, body: dict[str, str]) -> httpx.Response:
    return await who.http.put(f"/api/v1{path}", json=body, headers=who.headers)


async def delete(who: Member | Shopper, path: str) -> httpx.Response:
    return await who.http.delete(f"/api/v1{path}", headers=who.headers)


def path(shopper: Shopper, look: dict[str, Any], step: str = "") -> str:
    return f"/conversations/{shopper.id}/camera/{look['id']}{step}"


class TestAgreeing:
    async def test_both_browsers_get_each_others_description(
        self, desk: Desk, alice: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        look = await asked(alice, shopper, version)
        assert (await told(shopper))["id"] == look["id"]
        answer = await put(shopper, path(shopper, look, "/offer"), {"sdp": OFFER})
        assert answer.status_code == 204, answer.text
        answer = await put(alice, path(shopper, look, "/answer"), {"sdp": ANSWER})
        assert answer.status_code == 204, answer.text
        known = await told(shopper)
        assert (known["offer"], known["answer"]) == (OFFER, ANSWER)
        assert [event for event, _ in await trail(desk, shopper)] == [
            "camera.asked",
            "camera.shown",
        ]

    async def test_the_shopper_is_told_before_anything_is_shown(
        self, alice: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        await asked(alice, shopper, version)
        assert "Nothing is shown unless you agree" in (await keys(shopper))[-1]

    async def test_only_one_window_of_the_shopper_shows_it(
        self, alice: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        look = await asked(alice, shopper, version)
        offer = path(shopper, look, "/offer")
        assert (await put(shopper, offer, {"sdp": OFFER})).status_code == 204
        second = await put(shopper, offer, {"sdp": OFFER + "a=other\r\n"})
        assert (second.status_code, second.json()["code"]) == (409, "no_look")
        assert (await told(shopper))["offer"] == OFFER

    async def test_what_is_no_description_is_refused(
        self, alice: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        look = await asked(alice, shopper, version)
        for sdp in ("", "<script>", "v=0" + "x" * 30_000):
            answer = await put(shopper, path(shopper, look, "/offer"), {"sdp": sdp})
            assert answer.status_code == 422


class TestWhoMay:
    async def test_a_colleague_cannot_ask_in_a_conversation_of_others(
        self, bob: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        answer = await bob.post(
            f"/conversations/{shopper.id}/camera", {"assignment_version": version}
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "not_yours")
        assert await told(shopper) is None

    async def test_a_colleague_cannot_look_nor_end_it(
        self, alice: Member, bob: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        look = await asked(alice, shopper, version)
        await put(shopper, path(shopper, look, "/offer"), {"sdp": OFFER})
        answer = await put(bob, path(shopper, look, "/answer"), {"sdp": ANSWER})
        assert answer.status_code in {403, 404, 409}
        answer = await delete(bob, path(shopper, look))
        assert answer.status_code in {403, 404, 409}
        assert (await told(shopper))["answer"] is None

    async def test_whoever_takes_the_conversation_does_not_take_the_look(
        self, alice: Member, bob: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        look = await asked(alice, shopper, version)
        await alice.post(
            f"/conversations/{shopper.id}/release", {"assignment_version": version}
        )
        assert await told(shopper) is None
        await bob.post(f"/conversations/{shopper.id}/claim")
        assert await told(shopper) is None
        answer = await put(shopper, path(shopper, look, "/offer"), {"sdp": OFFER})
        assert answer.json()["code"] == "no_look"


class TestEnding:
    @pytest.mark.parametrize(
        ("why", "said"),
        [("refused", "stays off"), ("insecure", "A photo"), ("no_camera", "A photo")],
    )
    async def test_a_no_is_told_to_both(
        self,
        desk: Desk,
        alice: Member,
        served: tuple[Shopper, int],
        why: str,
        said: str,
    ):
        shopper, version = served
        look = await asked(alice, shopper, version)
        answer = await delete(shopper, path(shopper, look, f"?why={why}"))
        assert answer.status_code == 204
        assert await told(shopper) is None
        assert said in (await keys(shopper))[-1]
        event, data = (await trail(desk, shopper))[-1]
        assert (event, data["by"], data["why"]) == ("camera.ended", "shopper", why)
        assert data["was_shown"] is False

    async def test_ending_it_twice_says_it_once(
        self, alice: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        look = await asked(alice, shopper, version)
        await put(shopper, path(shopper, look, "/offer"), {"sdp": OFFER})
        for _ in range(2):
            assert (await delete(alice, path(shopper, look))).status_code == 204
            assert (await delete(shopper, path(shopper, look))).status_code == 204
        assert sum("no longer shown" in text for text in await keys(shopper)) == 1

    async def test_a_request_that_is_taken_back_needs_no_words(
        self, alice: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        look = await asked(alice, shopper, version)
        before = await keys(shopper)
        await delete(alice, path(shopper, look))
        assert await keys(shopper) == before
        assert await told(shopper) is None


class TestStore:
    @pytest.fixture(params=["memory", "redis"])
    async def looks(self, request: pytest.FixtureRequest, redis_url: str):
        if request.param == "memory":
            yield Looks(None)
            return
        client = Redis.from_url(redis_url)
        yield Looks(client)
        await client.aclose()

    async def test_it_is_kept_and_forgotten(self, looks: Looks):
        key, agent = uuid4(), uuid4()
        look = await looks.begin(key, agent_id=agent, version=3)
        assert await looks.describe(key, "offer", OFFER)
        assert not await looks.describe(key, "offer", ANSWER)
        kept = await looks.get(key)
        assert kept is not None
        assert (kept.id, kept.agent_id, kept.version) == (look.id, agent, 3)
        assert (kept.offer, kept.answer) == (OFFER, None)
        await looks.end(key)
        assert await looks.get(key) is None

    async def test_a_new_request_takes_the_place_of_the_old_one(self, looks: Looks):
        key = uuid4()
        await looks.begin(key, agent_id=uuid4(), version=1)
        await looks.describe(key, "offer", OFFER)
        look = await looks.begin(key, agent_id=uuid4(), version=2)
        kept = await looks.get(key)
        assert kept == look

    async def test_it_runs_out(self):
        now = 0.0
        looks, key = Looks(None, clock=lambda: now), uuid4()
        await looks.begin(key, agent_id=uuid4(), version=1)
        now = ASKED_SECONDS - 1.0
        assert await looks.describe(key, "offer", OFFER)
        now += SHOWN_SECONDS - 1.0
        assert await looks.get(key) is not None
        now += 2.0
        assert await looks.get(key) is None

    async def test_without_redis_it_says_so_instead_of_waiting(self):
        client = Redis(port=1, socket_connect_timeout=0.2)
        looks = Looks(client)
        with pytest.raises(LookUnavailable):
            await looks.begin(uuid4(), agent_id=uuid4(), version=1)
        assert await looks.get(uuid4()) is None
        await client.aclose()


def test_turn_is_opened_with_a_name_that_runs_out(desk: Desk):
    given = desk.settings.model_copy(
        update={
            "camera": desk.settings.camera.model_copy(
                update={"turn": ("turn:turn.example:3478",)}
            ),
            "turn_secret": "north",
        }
    )
    (server,) = ice_servers(given, now=1000.0)
    name = str(1000 + SHOWN_SECONDS)
    digest = hmac.digest(b"north", name.encode(), hashlib.sha1)
    assert (server.username, server.credential) == (
        name,
        base64.b64encode(digest).decode(),
    )
    silent = given.model_copy(update={"turn_secret": ""})
    assert ice_servers(silent, now=1000.0) == []


async def test_only_the_chat_window_and_what_frames_it_may_open_a_camera(
    http: httpx.AsyncClient, clock: Clock
):
    for page, allowed in ALLOWED:
        answer = await http.get(page)
        assert allowed in answer.headers["Permissions-Policy"]
