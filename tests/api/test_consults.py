"""Asking a colleague: they read and answer among colleagues, and never speak to the shopper."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from api.desk import Desk
from handoff.models import AuditEntry
from tests.api.people import Member, Shopper, sign_in

PERSON = "I want to talk to a real person"


async def id_of(member: Member) -> str:
    return str((await member.get("/me")).json()["id"])


@pytest.fixture
async def version(sam: Shopper, alice: Member) -> int:
    await sam.say(PERSON)
    return int((await alice.post("/queue/claim")).json()["assignment_version"])


async def ask(
    member: Member, sam: Shopper, version: int, to: str, **more: Any
) -> httpx.Response:
    body = {
        "client_id": uuid4().hex,
        "to_agent_id": to,
        "text": "May I refund this?",
        "assignment_version": version,
    }
    return await member.post(f"/conversations/{sam.id}/consults", body | more)


async def answer(member: Member, consult: str) -> httpx.Response:
    return await member.post(
        f"/consults/{consult}/answer",
        {"client_id": uuid4().hex, "text": "Yes, up to 50."},
    )


async def facts(desk: Desk) -> list[str]:
    async with desk.database.reading() as session:
        return list(
            await session.scalars(
                select(AuditEntry.event).where(
                    AuditEntry.event.in_(
                        ["conversation.consulted", "conversation.advised"]
                    )
                )
            )
        )


async def test_the_asked_one_sees_reads_and_answers_among_colleagues(
    desk: Desk, sam: Shopper, alice: Member, bob: Member, version: int
):
    assert (await bob.get(f"/conversations/{sam.id}/desk")).status_code == 403
    asked = await ask(alice, sam, version, await id_of(bob))
    assert asked.status_code == 200, asked.text
    [waiting] = (await bob.get("/consults")).json()
    assert (waiting["asker_name"], waiting["question"]) == (
        "Alice",
        "May I refund this?",
    )
    thread = (await bob.get(f"/conversations/{sam.id}/desk")).json()
    assert thread["messages"][-1]["text"] == "@Bob May I refund this?"
    assert not thread["mine"]
    assert (await answer(bob, waiting["id"])).status_code == 200

    notes = (await alice.get(f"/conversations/{sam.id}/desk")).json()["messages"]
    assert notes[-1]["text"] == "Yes, up to 50."
    assert notes[-1]["audience"] == "agents"
    assert await facts(desk) == ["conversation.consulted", "conversation.advised"]


async def test_the_shopper_hears_nothing_of_it(
    sam: Shopper, alice: Member, bob: Member, version: int
):
    before = (await sam.read())["messages"]
    asked = (await ask(alice, sam, version, await id_of(bob))).json()
    await answer(bob, asked["id"])

    assert (await sam.read())["messages"] == before


async def test_the_asked_one_can_never_speak_to_the_shopper(
    sam: Shopper, alice: Member, bob: Member, version: int
):
    await ask(alice, sam, version, await id_of(bob))
    said = await bob.post(
        f"/conversations/{sam.id}/agent-messages",
        {"client_id": uuid4().hex, "text": "Hi", "assignment_version": version},
    )

    assert said.json()["code"] == "not_yours"


async def test_with_the_answer_the_thread_is_closed_to_them_again(
    sam: Shopper, alice: Member, bob: Member, version: int
):
    asked = (await ask(alice, sam, version, await id_of(bob))).json()
    await answer(bob, asked["id"])

    assert (await bob.get(f"/conversations/{sam.id}/desk")).status_code == 403
    assert (await bob.get("/consults")).json() == []
    assert (await answer(bob, asked["id"])).json()["code"] == "not_asked"


async def test_nobody_else_answers(
    desk: Desk, http: httpx.AsyncClient, sam: Shopper, alice: Member, version: int
):
    bob = await sign_in(desk, http, "bob", "agent")
    carol = await sign_in(desk, http, "carol", "agent")
    asked = (await ask(alice, sam, version, await id_of(bob))).json()

    assert (await answer(carol, asked["id"])).json()["code"] == "not_asked"
    assert (await carol.get(f"/conversations/{sam.id}/desk")).status_code == 403


async def test_the_question_ends_when_the_asker_has_it_no_more(
    sam: Shopper, alice: Member, bob: Member, version: int
):
    asked = (await ask(alice, sam, version, await id_of(bob))).json()
    await alice.post(
        f"/conversations/{sam.id}/resolve",
        {"assignment_version": version, "disposition": "solved"},
    )

    assert (await bob.get("/consults")).json() == []
    assert (await bob.get(f"/conversations/{sam.id}/desk")).status_code == 403
    assert (await answer(bob, asked["id"])).json()["code"] == "not_asked"


async def test_only_who_has_it_asks_and_not_themselves(
    sam: Shopper, alice: Member, bob: Member, version: int
):
    stranger = await ask(bob, sam, version, await id_of(alice))
    oneself = await ask(alice, sam, version, await id_of(alice))

    assert stranger.json()["code"] == "not_yours"
    assert oneself.json()["code"] == "asked_themselves"


async def test_who_does_not_serve_shoppers_cannot_be_asked(
    desk: Desk, http: httpx.AsyncClient, sam: Shopper, alice: Member, version: int
):
    editor = await sign_in(desk, http, "ed", "editor")

    refused = await ask(alice, sam, version, await id_of(editor))
    assert refused.status_code == 404


async def test_a_resent_question_asks_once(
    desk: Desk, sam: Shopper, alice: Member, bob: Member, version: int
):
    to = await id_of(bob)
    first = await ask(alice, sam, version, to, client_id="one-question-0001")
    again = await ask(alice, sam, version, to, client_id="one-question-0001")

    assert first.json() == again.json()
    assert len((await bob.get("/consults")).json()) == 1
