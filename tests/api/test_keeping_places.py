"""A shopper leaves and keeps the place: one mail when it is their turn, and the way back."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api import keeping_places
from api.desk import Desk
from api.desk_settings import MailServer
from api.here import ShoppersHere
from api.keeping_places import tell_turns
from handoff.models import Handoff
from tests.api.people import Member, Shopper
from tests.fakes import Clock

PERSON = "I want to talk to a real person"
MAIL = "sam@example.com"


class Post:
    """What left the desk, and whether the server takes it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.tried = 0
        self.is_down = False

    async def send(self, server: MailServer, to: list[str], **letter: str) -> None:
        self.tried += 1
        await asyncio.sleep(0)
        if self.is_down:
            raise OSError("no route")
        self.sent.append({"to": to, **letter})


@pytest.fixture
def post(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Post:
    made = Post()
    monkeypatch.setattr(keeping_places, "send_mail", made.send)
    # Told when the test says so, not when the chore does.
    monkeypatch.setattr("api.chores.TURNS_TOLD_SECONDS", 10_000.0)
    server = MailServer(host="mail.example", sender="desk@shop.example")
    handoff = desk.settings.handoff.model_copy(update={"mail": server})
    update = {"handoff": handoff, "public_url": "https://desk.example"}
    desk.settings = desk.settings.model_copy(update=update)
    desk.here = ShoppersHere(None, clock=lambda: desk.clock().timestamp())
    return made


async def keeps(sam: Shopper, mail: str = MAIL) -> httpx.Response:
    return await sam.http.put(
        f"{sam.path}/place", json={"mail": mail}, headers=sam.headers
    )


async def away(clock: Clock) -> None:
    clock.now += timedelta(minutes=2)


class TestKeeping:
    async def test_the_place_stays_and_the_address_is_shown_masked(
        self, sam: Shopper, post: Post
    ):
        await sam.say(PERSON)
        before = (await sam.read())["handoff"]

        kept = await keeps(sam)
        after = (await sam.read())["handoff"]

        assert kept.json() == {"mail": "s***@example.com"}
        assert before["place"] == {"mail": None}
        assert after["place"] == {"mail": "s***@example.com"}
        assert after["position"] == before["position"] == 1

    async def test_nobody_keeps_a_place_without_one(self, sam: Shopper, post: Post):
        await sam.say("Hello")

        assert (await keeps(sam)).status_code == 409

    async def test_a_desk_that_sends_no_mail_offers_none(self, sam: Shopper):
        await sam.say(PERSON)

        assert (await sam.read())["handoff"]["place"] is None
        refused = await keeps(sam)
        assert refused.status_code == 409
        assert refused.json()["code"] == "place_not_kept"

    @pytest.mark.parametrize(
        "mail",
        ["sam", "a@b", "a@b.c,d@e.f", "a b@c.d", "<a@b.c>", "a@b.c\nBcc: d@e.f", ""],
    )
    async def test_only_one_plain_address_is_taken(
        self, sam: Shopper, post: Post, mail: str
    ):
        await sam.say(PERSON)

        assert (await keeps(sam, mail)).status_code == 422

    async def test_nobody_fills_a_mailbox(self, sam: Shopper, post: Post):
        await sam.say(PERSON)

        codes = [(await keeps(sam)).status_code for _ in range(6)]

        assert codes == [200] * 5 + [429]

    async def test_another_shoppers_place_is_not_theirs_to_keep(
        self, http: httpx.AsyncClient, sam: Shopper, post: Post
    ):
        await sam.say(PERSON)
        other = await Shopper.open(http, language="en")

        answer = await http.put(
            f"{sam.path}/place", json={"mail": MAIL}, headers=other.headers
        )

        assert answer.status_code == 404


class TestTheTurn:
    async def test_one_mail_with_a_link_and_a_word_in_the_thread(
        self, desk: Desk, sam: Shopper, alice: Member, post: Post, clock: Clock
    ):
        await sam.say(PERSON)
        await keeps(sam)
        await away(clock)
        await tell_turns(desk)
        assert post.sent == []  # not yet their turn
        await alice.post("/queue/claim")

        for _ in range(3):
            await tell_turns(desk)

        [letter] = post.sent
        assert letter["to"] == [MAIL]
        assert letter["subject"] == "Warmline Store: it is your turn"
        assert "https://desk.example/widget?lang=en#place=" in letter["text"]
        told = (await sam.read())["messages"][-1]["text"]
        assert (
            told == "It is your turn. We have written to s***@example.com to tell you."
        )

    async def test_two_processes_at_once_send_one(
        self, desk: Desk, sam: Shopper, alice: Member, post: Post, clock: Clock
    ):
        await sam.say(PERSON)
        await keeps(sam)
        await away(clock)
        await alice.post("/queue/claim")

        await asyncio.gather(*(tell_turns(desk) for _ in range(4)))

        assert len(post.sent) == 1

    async def test_nobody_who_looks_at_the_chat_gets_a_mail(
        self, desk: Desk, sam: Shopper, alice: Member, post: Post, clock: Clock
    ):
        await sam.say(PERSON)
        await keeps(sam)
        await alice.post("/queue/claim")
        await sam.read()

        await tell_turns(desk)
        await away(clock)
        await tell_turns(desk)

        assert post.sent == []

    async def test_who_wants_none_any_more_gets_none(
        self, desk: Desk, sam: Shopper, alice: Member, post: Post, clock: Clock
    ):
        await sam.say(PERSON)
        await keeps(sam)
        await sam.http.delete(f"{sam.path}/place", headers=sam.headers)
        await away(clock)
        await alice.post("/queue/claim")

        await tell_turns(desk)

        assert post.sent == []

    async def test_a_server_that_is_down_is_asked_again_but_not_for_ever(
        self, desk: Desk, sam: Shopper, alice: Member, post: Post, clock: Clock
    ):
        await sam.say(PERSON)
        await keeps(sam)
        await away(clock)
        await alice.post("/queue/claim")
        post.is_down = True
        await tell_turns(desk)
        await tell_turns(desk)
        assert post.tried == 1  # not at once again

        clock.now += timedelta(minutes=1)
        post.is_down = False
        await tell_turns(desk)

        assert len(post.sent) == 1

    async def test_after_the_last_try_the_address_is_forgotten(
        self, desk: Desk, sam: Shopper, alice: Member, post: Post, clock: Clock
    ):
        await sam.say(PERSON)
        await keeps(sam)
        await away(clock)
        await alice.post("/queue/claim")
        post.is_down = True
        for _ in range(8):
            await tell_turns(desk)
            clock.now += timedelta(minutes=64)

        async with desk.database.reading() as session:
            kept = await session.scalar(select(Handoff.keep_place))
        assert post.tried == 5
        assert kept == {"mail": "s***@example.com"}

    async def test_the_address_is_not_kept_once_they_are_told(
        self, desk: Desk, sam: Shopper, alice: Member, post: Post, clock: Clock
    ):
        await sam.say(PERSON)
        await keeps(sam)
        await away(clock)
        await alice.post("/queue/claim")
        await tell_turns(desk)

        async with desk.database.reading() as session:
            kept = await session.scalar(select(Handoff.keep_place))
        assert kept == {"mail": "s***@example.com"}


class TestTheWayBack:
    @pytest.fixture
    async def code(
        self, desk: Desk, sam: Shopper, alice: Member, post: Post, clock: Clock
    ) -> str:
        await sam.say(PERSON)
        await keeps(sam)
        await away(clock)
        await alice.post("/queue/claim")
        await tell_turns(desk)
        found = re.search(rf"#place={sam.id}\.([0-9a-f]+)\n", post.sent[0]["text"])
        assert found
        return found[1]

    async def test_the_link_opens_the_conversation_and_ends_the_old_token(
        self, sam: Shopper, code: str
    ):
        opened = await sam.http.post(f"{sam.path}/come-back", json={"code": code})
        body = opened.json()
        new = Shopper(http=sam.http, id=body["id"], token=body["token"])

        assert (await new.read())["status"] == "assigned"
        old = await sam.http.get(f"{sam.path}/messages", headers=sam.headers)
        assert old.status_code == 404

    async def test_a_week_later_it_opens_nothing(
        self, sam: Shopper, code: str, clock: Clock
    ):
        clock.now += timedelta(days=7, minutes=1)

        opened = await sam.http.post(f"{sam.path}/come-back", json={"code": code})

        assert opened.status_code == 404

    async def test_guessing_is_stopped(self, sam: Shopper, code: str):
        guesses = [
            (
                await sam.http.post(f"{sam.path}/come-back", json={"code": "0" * 43})
            ).status_code
            for _ in range(6)
        ]

        assert guesses == [404] * 5 + [429]
