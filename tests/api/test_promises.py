"""Promises on sending: noted, corrected, warned of, kept or broken on record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.desk import Desk
from api.promising import watch_promises
from tests.api.people import Member, Shopper, sign_in
from tests.api.test_agents import claim, waiting
from tests.fakes import FakeBot


@pytest.fixture
async def served(http: httpx.AsyncClient, bot: FakeBot, alice: Member) -> Shopper:
    sam = await waiting(http, bot)
    sam.version = await claim(alice, sam)  # type: ignore[attr-defined]
    return sam


async def say(member: Member, shopper: Any, text: str, client_id: str = "") -> Any:
    answer = await member.post(
        f"/conversations/{shopper.id}/agent-messages",
        {
            "client_id": client_id or uuid4().hex,
            "text": text,
            "assignment_version": shopper.version,
        },
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def owed(member: Member) -> list[dict[str, Any]]:
    answer = await member.get("/promises")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_promise_sent_twice_is_one_task_with_its_time(
    desk: Desk, alice: Member, served: Shopper
):
    for _ in range(2):
        await say(alice, served, "24小时内回复您。", client_id="same-message-1")

    [task] = await owed(alice)
    due = datetime.fromisoformat(task["due_at"]) - desk.clock()
    assert timedelta(hours=23, minutes=59) < due <= timedelta(hours=24)
    assert (task["state"], task["is_pressing"]) == ("open", False)


async def test_its_agent_corrects_the_time_and_a_stranger_does_not(
    desk: Desk, http: httpx.AsyncClient, alice: Member, served: Shopper
):
    await say(alice, served, "I'll call you tomorrow before noon.")
    [task] = await owed(alice)
    wanted = (desk.clock() + timedelta(hours=2)).isoformat()
    bob = await sign_in(desk, http, "bob", "agent")

    async def move(member: Member, due_at: str) -> httpx.Response:
        return await http.put(
            f"/api/v1/promises/{task['id']}",
            json={"due_at": due_at},
            headers=member.headers,
        )

    assert (await move(bob, wanted)).status_code == 403
    assert (await move(alice, "2020-01-01T00:00:00Z")).status_code == 422
    moved = await move(alice, wanted)
    assert moved.status_code == 200
    assert datetime.fromisoformat(moved.json()["due_at"]).isoformat() == wanted


async def test_it_is_pressing_before_it_is_due_and_broken_after(
    desk: Desk, alice: Member, served: Shopper, clock: Any
):
    await say(alice, served, "We will get back to you within 2 hours.")
    clock.forward(minutes=95)
    await watch_promises(desk)
    [task] = await owed(alice)
    assert task["is_pressing"]

    clock.forward(minutes=30)
    await watch_promises(desk)

    assert await owed(alice) == []
    [kept] = (await alice.get(f"/conversations/{served.id}/promises")).json()
    assert kept["state"] == "broken"
    late = await alice.post(f"/promises/{kept['id']}/end", {"how": "kept"})
    assert (late.status_code, late.json()["code"]) == (409, "promise_ended")


async def test_kept_is_on_record(alice: Member, served: Shopper):
    await say(alice, served, "明天下午给您答复")
    [task] = await owed(alice)
    ended = await alice.post(f"/promises/{task['id']}/end", {"how": "kept"})
    assert ended.json()["state"] == "kept"
    assert await owed(alice) == []


async def test_only_supervisors_see_what_everybody_owes(
    desk: Desk, http: httpx.AsyncClient, alice: Member, served: Shopper
):
    await say(alice, served, "24小时内回复您。")
    sue = await sign_in(desk, http, "sue", "supervisor")
    assert (await alice.get("/promises?whose=all")).status_code == 403
    assert len((await sue.get("/promises?whose=all")).json()) == 1
    assert (await sue.get("/promises")).json() == []
