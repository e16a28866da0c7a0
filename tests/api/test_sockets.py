"""The live lines of shoppers and agents, over real sockets."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select
from websockets.exceptions import InvalidStatus

from api.accounts import people, staff
from api.app import create_app
from api.desk import Desk
from api.listeners import _listening
from api.settings import Settings
from api.sockets.places import LOOKS_A_SECOND, PLACE_SECONDS, pause
from api.sockets.sweeping import sweep
from handoff import assignments, conversations
from handoff.models import AuditEntry
from tests.api.conftest import settings_for
from tests.api.people import Member, Shopper, sign_in
from tests.api.realtime_helpers import Line, socket_of
from tests.fakes import FakeBot


@dataclass
class Served:
    base: str
    desk: Desk
    http: httpx.AsyncClient

    def line(self, shopper: Shopper, **options: Any) -> Any:
        options.setdefault("origin", self.base)
        return Line.open(socket_of(self.base, shopper), **options)

    def agent_line(self, **options: Any) -> Any:
        url = f"{self.base.replace('http', 'ws')}/api/v1/agent/socket"
        return Line.open(url, origin=self.base, **options)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Any, sqlite_database: str) -> Settings:
    made = settings_for(tmp_path, sqlite_database)
    ports = made.ports.model_copy(update={"public": free_port()})
    return made.model_copy(update={"ports": ports})


@pytest.fixture
async def served(desk: Desk) -> AsyncIterator[Served]:
    port = desk.settings.ports.public
    base = f"http://127.0.0.1:{port}"
    headers = {"Accept-Language": "en"}
    async with (
        _listening(create_app(desk), "127.0.0.1", port, False),  # noqa: FBT003
        httpx.AsyncClient(base_url=base, headers=headers) as http,
    ):
        yield Served(base=base, desk=desk, http=http)


@pytest.fixture
async def sam(served: Served) -> Shopper:
    return await Shopper.open(served.http, language="en")


async def hello(line: Line, shopper: Shopper, **more: Any) -> dict[str, Any]:
    await line.send(t="hello", token=shopper.token, **more)
    return await line.until("ready")


class TestHandshake:
    @pytest.mark.parametrize(
        "origin",
        [
            None,
            "null",
            "https://evil.example",
            "http://127.0.0.1",
            "https://127.0.0.1.evil.example",
        ],
    )
    async def test_another_origin_is_refused_before_it_is_accepted(
        self, served: Served, sam: Shopper, origin: str | None
    ):
        with pytest.raises(InvalidStatus) as refused:
            async with served.line(sam, origin=origin):
                pass
        assert refused.value.response.status_code == 403

    async def test_our_subprotocol_is_agreed_and_compression_is_not(
        self, served: Served, sam: Shopper
    ):
        async with served.line(sam) as line:
            assert line.connection.subprotocol == "warmline.v1"
            assert line.connection.protocol.extensions == []

    @pytest.mark.parametrize("token", [None, "nonsense", ""])
    async def test_a_wrong_token_is_closed(
        self, served: Served, sam: Shopper, token: str | None
    ):
        async with served.line(sam) as line:
            await line.send(t="hello", token=token)
            assert await line.closed() == 4401

    async def test_the_token_of_another_conversation_opens_nothing(
        self, served: Served, sam: Shopper
    ):
        other = await Shopper.open(served.http)
        async with served.line(other) as line:
            await line.send(t="hello", token=sam.token)
            assert await line.closed() == 4401

    async def test_who_says_something_else_first_is_closed(
        self, served: Served, sam: Shopper
    ):
        async with served.line(sam) as line:
            await line.send(t="ping")
            assert await line.closed() == 4401

    async def test_who_says_nothing_is_closed(
        self, served: Served, sam: Shopper, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("api.sockets.shopper.HELLO_SECONDS", 0.2)
        async with served.line(sam) as line:
            assert await line.closed() == 4401

    async def test_an_address_may_hold_only_so_many(self, served: Served, sam: Shopper):
        settings = served.desk.settings
        limits = settings.limits.model_copy(update={"sockets_per_address": 1})
        served.desk.settings = settings.model_copy(update={"limits": limits})
        async with served.line(sam) as first:
            await hello(first, sam)
            with pytest.raises(InvalidStatus):
                async with served.line(sam):
                    pass


class TestNonsense:
    @pytest.mark.parametrize(
        "raw",
        [
            "{",
            "[]",
            "null",
            '{"t":"base"}',
            '{"t":"__class__"}',
            '{"t":["x"]}',
            '{"t":"' + "x" * 10_000 + '"}',
            '{"t":"message","client_id":"abcdefgh1","text":"x","seq":1}',
            '{"t":"message","client_id":"abcdefgh1","text":"\\ud800"}',
            '{"t":"message","client_id":"abcdefgh1"}',
            '{"t":"read","seq":-1}',
            "[" * 50_000,
        ],
    )
    async def test_it_gets_an_error_frame_and_the_line_stays(
        self, served: Served, sam: Shopper, raw: str
    ):
        async with served.line(sam) as line:
            await hello(line, sam)
            await line.connection.send(raw)
            error = await line.until("error")
            assert error["code"] == "bad_frame"
            assert "Traceback" not in str(error)
            await line.send(t="ping")
            assert (await line.until("pong"))["head"] == 0

    async def test_a_binary_frame_is_closed(self, served: Served, sam: Shopper):
        async with served.line(sam) as line:
            await hello(line, sam)
            await line.connection.send(b"\x00\x01")
            assert await line.closed() == 1003

    async def test_a_frame_over_the_limit_is_closed(self, served: Served, sam: Shopper):
        async with served.line(sam) as line:
            await hello(line, sam)
            await line.connection.send("x" * 65_537)
            assert await line.closed() == 1009

    async def test_patience_ends(self, served: Served, sam: Shopper):
        async with served.line(sam) as line:
            await hello(line, sam)
            for _ in range(8):
                await line.connection.send("{")
            assert await line.closed() == 1008


class TestTalking:
    async def test_a_message_is_acknowledged_and_answered(
        self, served: Served, sam: Shopper
    ):
        async with served.line(sam) as line:
            ready = await hello(line, sam)
            assert (ready["head"], ready["status"]) == (0, "bot")
            name = uuid4().hex
            await line.send(t="message", client_id=name, text="How long?")
            said, reply = await line.messages(2)

        assert (said["client_id"], said["seq"]) == (name, 1)
        assert (reply["actor"], reply["seq"]) == ("bot", 2)
        kinds = [frame["t"] for frame in line.heard]
        assert "ack" in kinds
        assert kinds.count("message") == 2

    async def test_the_same_rights_as_over_http(self, served: Served, sam: Shopper):
        async with served.line(sam) as line:
            await hello(line, sam)
            await line.send(t="message", client_id="abcdefgh1", text="  ")
            empty = await line.until("error")
            await line.send(t="message", client_id="abcdefgh2", text="x" * 3000)
            long = await line.until("error")
            await line.send(t="message", client_id="abcdefgh3", button_id="nope")
            button = await line.until("error")

        assert empty["code"] == "empty_message"
        assert (long["code"], long["client_id"]) == ("message_too_long", "abcdefgh2")
        assert button["code"] == "no_such_button"

    async def test_a_flooder_is_told_when_to_come_back(
        self, served: Served, sam: Shopper, bot: FakeBot
    ):
        async with served.line(sam) as line:
            await hello(line, sam)
            for n in range(32):
                await line.send(t="message", client_id=f"flood-{n:04}", text=f"n{n}")
            error = await line.until("error", within=20)
        assert error["code"] == "rate_limited"
        assert error["retry_after"] > 0


class TestPlace:
    """Sam waits behind Jo; the line moves."""

    @pytest.fixture
    async def jo(
        self, served: Served, sam: Shopper, bot: FakeBot, monkeypatch: Any
    ) -> Shopper:
        monkeypatch.setattr("api.sockets.places.PLACE_SECONDS", 0.05)
        bot.mode = "500"
        shopper = await Shopper.open(served.http, language="en")
        for each in (shopper, sam):
            await each.say("Help?")
        return shopper

    async def test_who_waits_hears_of_the_new_place(
        self, served: Served, sam: Shopper, jo: Shopper
    ):
        async with served.line(sam) as line:
            ready = await hello(line, sam)
            assert ready["handoff"]["position"] == 2
            await served.http.post(f"{jo.path}/leave-line", headers=jo.headers)
            moved = await line.until("status")
        assert (moved["status"], moved["handoff"]["position"]) == ("queued", 1)

    async def test_a_place_that_stayed_is_not_told_again(
        self, served: Served, sam: Shopper, jo: Shopper, bot: FakeBot
    ):
        async with served.line(sam) as line:
            await hello(line, sam)
            behind = await Shopper.open(served.http, language="en")
            await behind.say("Help?")
            await asyncio.sleep(0.3)
            await line.send(t="ping")
            await line.until("pong")
        assert "status" not in [frame["t"] for frame in line.heard]

    async def test_an_answer_of_a_person_is_not_followed_by_an_older_place(
        self, served: Served, sam: Shopper, jo: Shopper, alice: Member
    ):
        async with served.line(sam) as line:
            await hello(line, sam)
            await alice.post(f"/conversations/{sam.id}/claim")
            while (await line.until("status"))["status"] != "assigned":
                pass  # a place told before the claim came is none too many
            heard = len(line.heard)
            await asyncio.sleep(0.3)
            await line.send(t="ping")
            await line.until("pong")
        # The same once more does no harm; "queued" after it would.
        assert "queued" not in [frame.get("status") for frame in line.heard[heard:]]

    def test_a_crowd_is_told_one_after_the_other(self):
        assert pause(10) == PLACE_SECONDS
        assert pause(2_000) * LOOKS_A_SECOND == 2_000


class TestResume:
    async def test_who_comes_back_gets_what_was_missed_and_nothing_twice(
        self, served: Served, sam: Shopper
    ):
        async with served.line(sam) as line:
            ready = await hello(line, sam)
            await line.send(t="message", client_id="abcdefgh1", text="One?")
            await line.messages(2)
        await sam.say("Two?")
        async with served.line(sam) as line:
            again = await hello(line, sam, after=2, epoch=ready["epoch"])
            missed = await line.messages(2)

        assert again["epoch"] == ready["epoch"]
        assert again["head"] == 4
        assert [each["seq"] for each in missed] == [3, 4]

    @pytest.mark.parametrize("held", [{"after": 99}, {"after": 1, "epoch": "other"}])
    async def test_who_holds_another_stream_starts_afresh(
        self, served: Served, sam: Shopper, held: dict[str, Any]
    ):
        await sam.say("One?")
        async with served.line(sam) as line:
            await line.send(t="hello", token=sam.token, **held)
            assert (await line.hear())["t"] == "resync"
            assert [each["seq"] for each in await line.messages(2)] == [1, 2]

    async def test_a_lost_ring_is_noticed_by_looking(
        self, served: Served, sam: Shopper, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("api.sockets.shopper.HEARTBEAT_SECONDS", 0.5)
        async with served.line(sam) as line:
            await hello(line, sam)
            await sweep(served.desk)
            # Written as by another process whose ring never came.
            async with served.desk.database.writing() as session:
                await conversations.append(
                    session,
                    UUID(sam.id),
                    actor="system",
                    kind="notice",
                    text="quietly",
                    now=served.desk.clock(),
                )
            await sweep(served.desk)
            [message] = await line.messages(1)
            assert message["text"] == "quietly"
            assert (await line.until("pong"))["head"] == 1

    async def test_what_everybody_knows_is_not_read_again(
        self, served: Served, sam: Shopper, monkeypatch: pytest.MonkeyPatch
    ):
        read = []
        since = conversations.since

        async def counted(*given: Any, **named: Any) -> Any:
            read.append(given)
            return await since(*given, **named)

        async with served.line(sam) as line:
            await hello(line, sam)
            await sam.say("Hello?")
            await line.messages(2)
            monkeypatch.setattr("handoff.conversations.since", counted)
            await sweep(served.desk)  # the first time, everybody is told how it stands
            await sweep(served.desk)
            await line.send(t="ping")
            await line.until("pong")
        assert read == []

    async def test_a_lost_ring_of_a_new_status_is_noticed_too(
        self, served: Served, sam: Shopper, alice: Member, bot: FakeBot
    ):
        bot.mode = "500"
        await sam.say("Help?")
        claimed = (await alice.post("/queue/claim")).json()
        version = claimed["assignment_version"]
        async with served.line(sam) as line, served.agent_line() as console:
            await hello(line, sam)
            await console.send(t="hello", token=alice.token, watch=[sam.id])
            await console.until("status")
            await sweep(served.desk)
            async with served.desk.database.writing() as session:
                row = await conversations.get(session, UUID(sam.id))
                assert row.agent_id is not None
                await assignments.release(
                    session,
                    row.id,
                    agent_id=row.agent_id,
                    assignment_version=version,
                    now=served.desk.clock(),
                )
            await sweep(served.desk)
            assert (await line.until("status"))["status"] == "queued"
            assert (await console.until("error"))["code"] == "not_yours"

    async def test_every_observer_sees_the_same_order(
        self, served: Served, sam: Shopper, bot: FakeBot
    ):
        async def watch(line: Line) -> list[tuple[int, str]]:
            await hello(line, sam)
            found: list[tuple[int, str]] = []
            while not found or found[-1][0] < 8:
                message = (await line.until("message", within=15))["message"]
                found.append((message["seq"], message["text"]))
            return found

        async with served.line(sam) as one, served.line(sam) as two:
            watching = [asyncio.create_task(watch(each)) for each in (one, two)]
            for n in range(4):
                await sam.say(f"Question {n}?")
            first, second = await asyncio.gather(*watching)

        assert first == second
        assert [seq for seq, _ in first] == list(range(1, 9))


@pytest.fixture
async def alice(served: Served) -> Member:
    return await sign_in(served.desk, served.http, "alice", "agent")


class TestAgentLine:
    async def test_the_bell_rings_and_the_thread_follows(
        self, served: Served, sam: Shopper, alice: Member, bot: FakeBot
    ):
        async with served.agent_line() as desk_line, served.line(sam) as sams:
            await desk_line.send(t="hello", token=alice.token)
            ready = await desk_line.until("ready")
            assert (ready["waiting"], ready["mine"]) == (0, 0)
            await hello(sams, sam)
            bot.mode = "500"
            await sam.say("Help?")
            assert (await desk_line.until("queue"))["waiting"] == 1
            claimed = (await alice.post("/queue/claim")).json()
            await desk_line.send(t="watch", conversation_id=sam.id, after=0)
            thread = await desk_line.messages(3)
            assert thread[0]["text"] == "Help?"
            status = await sams.until("status")
            while status["status"] != "assigned":
                status = await sams.until("status")
            assert status["agent_name"] == "Alice"

            await alice.post(
                f"/conversations/{sam.id}/notes",
                {"client_id": "note-0001", "text": "Looks honest"},
            )
            reply = await alice.post(
                f"/conversations/{sam.id}/messages",
                {
                    "client_id": "reply-0001",
                    "text": "Hello Sam, I am on it.",
                    "assignment_version": claimed["assignment_version"],
                    "seen_seq": 1,
                },
            )
            assert reply.status_code == 200, reply.text
            note, answer = await desk_line.messages(2)
            assert (note["audience"], answer["audience"]) == ("agents", "everyone")
            while (heard := (await sams.until("message"))["message"])["seq"] < 4:
                pass
            assert heard["text"] == "Hello Sam, I am on it."
            assert heard["agent_name"] == "Alice"
        assert "Looks honest" not in str(sams.heard)
        assert "Looks honest" not in str(await sam.read())

    async def test_a_whole_office_may_have_one_address(
        self, served: Served, sam: Shopper, alice: Member
    ):
        settings = served.desk.settings
        limits = settings.limits.model_copy(update={"sockets_per_address": 1})
        served.desk.settings = settings.model_copy(update={"limits": limits})
        async with AsyncExitStack() as office:
            for _ in range(3):
                line = await office.enter_async_context(served.agent_line())
                await line.send(t="hello", token=alice.token)
                await line.until("ready")
            # who has not signed in is counted, a shopper is
            async with served.line(sam) as sams:
                await hello(sams, sam)
                with pytest.raises(InvalidStatus):
                    async with served.agent_line():
                        pass
        assert served.desk.sockets_of == {}

    async def test_whoever_comes_back_reads_whom_they_are_talking_to(
        self, served: Served, sam: Shopper, alice: Member, bot: FakeBot
    ):
        bot.mode = "500"
        assert (await sam.say("Help?"))["agent_name"] is None
        await alice.post("/queue/claim")
        async with served.line(sam) as line:
            ready = await hello(line, sam)
        told = [ready, await sam.read(), await sam.say("Are you there?")]
        assert [each["agent_name"] for each in told] == ["Alice"] * 3

    async def test_an_editor_has_no_business_here(self, served: Served):
        editor = await sign_in(served.desk, served.http, "wang", "editor")
        async with served.agent_line() as line:
            await line.send(t="hello", token=editor.token)
            assert await line.closed() == 4403

    async def test_a_session_that_ends_ends_its_socket(
        self, served: Served, alice: Member
    ):
        async with served.agent_line() as line:
            await line.send(t="hello", token=alice.token)
            await line.until("ready")
            await alice.post("/logout")
            assert await line.closed(within=5) == 4401
            async with served.agent_line() as again:
                await again.send(t="hello", token=alice.token)
                assert await again.closed() == 4401

    async def test_a_disabled_account_is_cut_off_within_seconds(
        self, served: Served, alice: Member, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr("api.sockets.agent.RECHECK_SECONDS", 0.2)
        async with served.agent_line() as line:
            await line.send(t="hello", token=alice.token)
            await line.until("ready")
            async with served.desk.database.writing() as session:
                person = await staff.find(session, login="alice")
                assert person is not None
                now = served.desk.clock()
                await people.disable(session, person.id, now=now, demo=True)
            assert await line.closed(within=5) == 4401

    async def test_nobody_follows_what_is_not_theirs(
        self, served: Served, sam: Shopper, alice: Member
    ):
        await sam.say("Private?")
        async with served.agent_line() as line:
            await line.send(t="hello", token=alice.token)
            await line.until("ready")
            for wanted in (sam.id, str(uuid4())):
                await line.send(t="watch", conversation_id=wanted, after=0)
                assert (await line.until("error"))["code"] == "not_found"
        assert "Private?" not in str(line.heard)

    async def test_after_a_release_the_thread_is_shut(
        self, served: Served, sam: Shopper, alice: Member, bot: FakeBot
    ):
        bot.mode = "500"
        await sam.say("Help?")
        claimed = (await alice.post("/queue/claim")).json()
        async with served.agent_line() as line:
            await line.send(t="hello", token=alice.token, watch=[sam.id])
            await line.until("status")
            await alice.post(
                f"/conversations/{sam.id}/release",
                {"assignment_version": claimed["assignment_version"]},
            )
            assert (await line.until("error"))["code"] == "not_yours"
            await sam.say("A secret")
            await line.send(t="ping")
            await line.until("pong")
        assert "A secret" not in str(line.heard)


async def test_the_end_of_the_process_tells_the_sockets_to_come_back(
    served: Served, sam: Shopper
):
    async with served.line(sam) as line:
        await hello(line, sam)
        served.desk.is_draining = True
        served.desk.hub.ring_everybody()
        assert await line.closed() == 4503
    served.desk.is_draining = False


class TestBoard:
    @pytest.mark.parametrize(("looks_on", "there"), [(True, []), (False, ["sue"])])
    async def test_a_board_on_a_wall_is_nobody_at_a_desk(
        self, served: Served, looks_on: Any, there: list[str]
    ):
        sue = await sign_in(served.desk, served.http, "sue", "supervisor")
        async with served.agent_line() as line:
            await line.send(t="hello", token=sue.token, looks_on=looks_on)
            await line.until("ready")
            present = await served.desk.presence.present(now=served.desk.clock())
            assert len(present or ()) == len(there)

    async def test_listening_in_by_the_socket_alone_is_in_the_trail(
        self, served: Served, sam: Shopper
    ):
        sue = await sign_in(served.desk, served.http, "sue", "supervisor")
        async with served.agent_line() as line:
            await line.send(t="hello", token=sue.token, watch=[sam.id])
            await line.until("status")
        async with served.desk.database.reading() as session:
            kept = await session.scalars(
                select(AuditEntry.event).where(
                    AuditEntry.conversation_id == UUID(sam.id)
                )
            )
            assert list(kept).count("conversation.listened") == 1
