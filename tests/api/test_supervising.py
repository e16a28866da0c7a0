"""A supervisor's board, and what they do with conversations of others."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select

from api.desk import Desk
from handoff.models import AuditEntry
from tests.api.people import Member, Shopper, sign_in
from tests.fakes import Clock, FakeBot

WHISPER = "Offer her the voucher, quietly."


async def waiting(http: httpx.AsyncClient, bot: FakeBot) -> Shopper:
    bot.mode = "500"
    shopper = await Shopper.open(http, language="en")
    await shopper.say("Help?")
    return shopper


async def trail(desk: Desk, conversation: str, event: str) -> list[dict[str, Any]]:
    async with desk.database.reading() as session:
        rows = await session.scalars(
            select(AuditEntry).where(
                AuditEntry.conversation_id == UUID(conversation),
                AuditEntry.event == event,
            )
        )
        return [dict(row.data) for row in rows]


async def claim(member: Member, shopper: Shopper) -> int:
    answer = await member.post(f"/conversations/{shopper.id}/claim")
    assert answer.status_code == 200, answer.text
    return answer.json()["assignment_version"]


@pytest.fixture
async def served(
    http: httpx.AsyncClient, bot: FakeBot, alice: Member
) -> tuple[Shopper, int]:
    """A shopper whom Alice serves, and the version she has."""
    shopper = await waiting(http, bot)
    return shopper, await claim(alice, shopper)


def whisper(text: str = WHISPER) -> dict[str, str]:
    return {"client_id": uuid4().hex, "text": text}


class TestBoard:
    async def test_it_tells_who_waits_and_which_promise_breaks_first(
        self, http: httpx.AsyncClient, bot: FakeBot, clock: Clock, sue: Member
    ):
        first = await waiting(http, bot)
        clock.forward(seconds=600)
        second = await waiting(http, bot)
        shown = (await sue.get("/board")).json()

        assert (shown["waiting"], shown["served"]) == (2, 0)
        assert [row["id"] for row in shown["line"]] == [first.id, second.id]
        assert [row["id"] for row in shown["at_risk"]] == [first.id]
        assert shown["at_risk"][0]["sla"]["level"] == "late"
        assert (shown["late"], shown["soon"]) == (1, 0)

    async def test_agents_do_not_see_it_and_auditors_do(
        self, desk: Desk, http: httpx.AsyncClient, alice: Member
    ):
        ann = await sign_in(desk, http, "ann", "auditor")
        assert (await alice.get("/board")).status_code == 403
        assert (await ann.get("/board")).status_code == 200

    async def test_nobody_but_supervisors_acts_from_it(
        self,
        desk: Desk,
        http: httpx.AsyncClient,
        bob: Member,
        served: tuple[Shopper, int],
    ):
        shopper, version = served
        ann = await sign_in(desk, http, "ann", "auditor")
        steps = {
            "whisper": whisper(),
            "take-over": {"assignment_version": version},
            "move-in-line": {"minutes": 5, "reason": "because"},
        }
        for member in (bob, ann):
            for step, body in steps.items():
                path = f"/conversations/{shopper.id}/{step}"
                assert (await member.post(path, body)).status_code == 403


class TestListening:
    async def test_a_supervisor_reads_along_and_the_trail_says_so_once(
        self, desk: Desk, sue: Member, served: tuple[Shopper, int]
    ):
        shopper, _ = served
        for _ in range(2):
            shown = (await sue.get(f"/conversations/{shopper.id}/desk")).json()
        assert "Help?" in [each["text"] for each in shown["messages"]]
        assert shown["mine"] is False
        assert shown["conversation"]["agent_name"] == "Alice"
        assert len(await trail(desk, shopper.id, "conversation.listened")) == 1

    async def test_an_owner_who_reads_does_not_listen_in(
        self, desk: Desk, alice: Member, served: tuple[Shopper, int]
    ):
        shopper, _ = served
        await alice.get(f"/conversations/{shopper.id}/desk")
        assert await trail(desk, shopper.id, "conversation.listened") == []


class TestWhispering:
    async def test_the_owner_is_told_and_the_shopper_never_sees_it(
        self, desk: Desk, alice: Member, sue: Member, served: tuple[Shopper, int]
    ):
        shopper, _ = served
        path = f"/conversations/{shopper.id}/whisper"
        assert (await sue.post(path, whisper())).status_code == 200

        [row] = (await alice.get("/queue")).json()["mine"]
        assert (row["whisper"]["text"], row["whisper"]["name"]) == (WHISPER, "Sue")
        assert WHISPER not in str(await shopper.read())
        script = await shopper.http.get(
            f"{shopper.path}/transcript", headers=shopper.headers
        )
        assert script.status_code == 200
        assert WHISPER not in script.text
        assert len(await trail(desk, shopper.id, "conversation.whispered")) == 1

    async def test_a_resent_whisper_is_one(
        self, desk: Desk, sue: Member, served: tuple[Shopper, int]
    ):
        shopper, _ = served
        body = whisper()
        for _ in range(2):
            answer = await sue.post(f"/conversations/{shopper.id}/whisper", body)
            assert answer.status_code == 200
        assert len(await trail(desk, shopper.id, "conversation.whispered")) == 1

    async def test_where_no_colleague_has_it_there_is_nobody_to_tell(
        self, http: httpx.AsyncClient, bot: FakeBot, sue: Member
    ):
        shopper = await waiting(http, bot)
        answer = await sue.post(f"/conversations/{shopper.id}/whisper", whisper())
        assert (answer.status_code, answer.json()["code"]) == (409, "nobody_to_tell")

    async def test_a_new_owner_is_not_told_what_was_said_to_another(
        self, bob: Member, sue: Member, served: tuple[Shopper, int], alice: Member
    ):
        shopper, version = served
        await sue.post(f"/conversations/{shopper.id}/whisper", whisper())
        await alice.post(
            f"/conversations/{shopper.id}/release", {"assignment_version": version}
        )
        await claim(bob, shopper)
        [row] = (await bob.get("/queue")).json()["mine"]
        assert row.get("whisper") is None


class TestTakingOver:
    async def test_the_former_owner_cannot_speak_any_more(
        self, desk: Desk, alice: Member, sue: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        path = f"/conversations/{shopper.id}"
        taken = await sue.post(f"{path}/take-over", {"assignment_version": version})
        assert taken.status_code == 200, taken.text

        late = await alice.post(
            f"{path}/agent-messages",
            {"client_id": uuid4().hex, "text": "Hi", "assignment_version": version},
        )
        assert (late.status_code, late.json()["code"]) == (409, "not_yours")
        mine = await sue.post(
            f"{path}/agent-messages",
            {
                "client_id": uuid4().hex,
                "text": "I am Sue",
                "assignment_version": taken.json()["assignment_version"],
            },
        )
        assert mine.status_code == 200, mine.text
        told = [each["text"] for each in (await shopper.read())["messages"]]
        assert "Sue has taken over your request." in told
        assert len(await trail(desk, shopper.id, "conversation.taken_over")) == 1

    async def test_what_moved_meanwhile_is_not_taken(
        self, alice: Member, bob: Member, sue: Member, served: tuple[Shopper, int]
    ):
        shopper, version = served
        path = f"/conversations/{shopper.id}"
        await alice.post(f"{path}/release", {"assignment_version": version})
        await claim(bob, shopper)
        taken = await sue.post(f"{path}/take-over", {"assignment_version": version})
        assert (taken.status_code, taken.json()["code"]) == (409, "not_yours")


class TestMovingInTheLine:
    async def test_the_last_becomes_the_first_and_the_card_says_why(
        self,
        desk: Desk,
        http: httpx.AsyncClient,
        bot: FakeBot,
        sue: Member,
        alice: Member,
    ):
        first = await waiting(http, bot)
        second = await waiting(http, bot)
        path = f"/conversations/{second.id}"
        moved = await sue.post(
            f"{path}/move-in-line", {"minutes": 10, "reason": "Wedding tomorrow"}
        )
        assert moved.status_code == 200, moved.text

        rows = (await alice.get("/queue")).json()["waiting"]
        assert [row["id"] for row in rows] == [second.id, first.id]
        assert rows[0]["priority"][-1] == {"code": "supervisor", "minutes": 10}
        assert (await second.read())["handoff"]["position"] == 1
        card = (await sue.get(f"{path}/desk")).json()["card"]
        [move] = card["moved"]
        assert (move["minutes"], move["reason"], move["by"]) == (
            10,
            "Wedding tomorrow",
            "Sue",
        )
        [kept] = await trail(desk, second.id, "conversation.moved")
        assert (kept["minutes"], kept["reason"]) == (10, "Wedding tomorrow")
        assert (await alice.post("/queue/claim")).json()["conversation_id"] == second.id

    @pytest.mark.parametrize("sign", [1, -1])
    async def test_all_moves_together_stay_within_bounds(
        self, http: httpx.AsyncClient, bot: FakeBot, sue: Member, sign: int
    ):
        shopper = await waiting(http, bot)
        path = f"/conversations/{shopper.id}/move-in-line"
        steps = [(20, 200), (20, 409), (10, 200), (-30, 200)]
        for minutes, expected in steps:
            body = {"minutes": sign * minutes, "reason": "As agreed"}
            assert (await sue.post(path, body)).status_code == expected

    async def test_a_reason_is_needed_and_it_must_be_waiting(
        self, sue: Member, served: tuple[Shopper, int]
    ):
        path = f"/conversations/{served[0].id}/move-in-line"
        assert (await sue.post(path, {"minutes": 5, "reason": ""})).status_code == 422
        answer = await sue.post(path, {"minutes": 5, "reason": "because"})
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
