"""A shopper stops waiting: the place is lost, the bot is back, the consoles know at once."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from api.desk import Desk
from api.realtime.rings import Ring
from handoff.models import AuditEntry
from tests.api.people import Member, Shopper

PERSON = "I want to talk to a real person"


async def leaves(sam: Shopper, **headers: str) -> httpx.Response:
    return await sam.http.post(f"{sam.path}/leave-line", headers=headers or sam.headers)


def notices(read: dict[str, Any]) -> list[str]:
    return [each["text"] for each in read["messages"] if each["kind"] == "notice"]


async def facts(desk: Desk, sam: Shopper) -> list[str]:
    async with desk.database.reading() as session:
        kinds = select(AuditEntry.event).where(
            AuditEntry.conversation_id == UUID(sam.id)
        )
        return [kind for kind in await session.scalars(kinds) if "left_line" in kind]


async def test_who_stops_waiting_talks_to_the_bot_and_leaves_every_line(
    sam: Shopper, alice: Member, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    await sam.say(PERSON)
    assert len((await alice.get("/queue")).json()["waiting"]) == 1
    rung: list[Ring] = []
    monkeypatch.setattr(desk.hub, "ring", rung.append)

    left = await leaves(sam)

    assert (left.status_code, left.json()) == (200, {"status": "bot"})
    assert {ring.kind for ring in rung} == {"messages", "status", "queue"}
    assert (await alice.get("/queue")).json()["waiting"] == []
    assert await desk.line.position(UUID(sam.id)) is None
    read = await sam.read()
    assert read["status"] == "bot"
    assert notices(read)[-1].startswith("You no longer wait in the line")
    assert await facts(desk, sam) == ["conversation.left_line"]
    assert (await sam.say("How long can I return something?"))["status"] == "bot"


async def test_twice_is_harmless_also_at_the_same_time(sam: Shopper, desk: Desk):
    await sam.say(PERSON)

    answers = [*await asyncio.gather(leaves(sam), leaves(sam)), await leaves(sam)]

    assert [each.status_code for each in answers] == [200, 200, 200]
    assert len(await facts(desk, sam)) == 1
    told = [each for each in notices(await sam.read()) if "no longer wait" in each]
    assert len(told) == 1


async def test_whom_somebody_has_just_taken_up_is_told_so(
    sam: Shopper, alice: Member, desk: Desk
):
    await sam.say(PERSON)
    await alice.post(f"/conversations/{sam.id}/claim")

    refused = await leaves(sam)

    assert refused.status_code == 409
    assert refused.json()["code"] == "taken_up"
    assert "just taken up" in refused.json()["title"]
    assert (await sam.read())["status"] == "assigned"
    assert await facts(desk, sam) == []


async def test_whoever_talks_to_the_bot_has_nothing_to_leave(sam: Shopper, desk: Desk):
    await sam.say("Hello")

    assert (await leaves(sam)).json() == {"status": "bot"}
    assert await facts(desk, sam) == []


async def test_only_ones_own_place_is_given_up(sam: Shopper, http: httpx.AsyncClient):
    await sam.say(PERSON)
    other = await Shopper.open(http)

    assert (await leaves(sam, **other.headers)).status_code in {401, 403, 404}
    assert (await leaves(sam, accept="*/*")).status_code in {401, 403, 404}
    assert (await sam.read())["status"] == "queued"


async def test_who_comes_again_waits_at_the_end_with_the_whole_story(
    sam: Shopper, alice: Member, http: httpx.AsyncClient
):
    await sam.say("My parcel arrived broken")
    await sam.say(PERSON)
    await leaves(sam)
    other = await Shopper.open(http)
    await other.say(PERSON)

    again = await sam.say(PERSON)

    assert again["handoff"]["position"] == 2
    await alice.post(f"/conversations/{sam.id}/claim")
    card = (await alice.get(f"/conversations/{sam.id}/desk")).json()["card"]
    said = [each["text"] for each in card["wants"]["own_words"]]
    assert "My parcel arrived broken" in said


@pytest.mark.parametrize(
    ("language", "wish", "told", "taken"),
    [
        ("zh-Hans", "转人工", "您已不再排队", "刚刚已有客服"),
        ("zh-Hant", "轉真人客服", "您已不再排隊", "剛剛已有客服"),
    ],
)
async def test_it_is_said_in_their_language(
    http: httpx.AsyncClient,
    alice: Member,
    *,
    language: str,
    wish: str,
    told: str,
    taken: str,
):
    sam = await Shopper.open(http, language=language)
    await sam.say(wish)
    await leaves(sam)
    assert told in notices(await sam.read())[-1]

    await sam.say(wish)
    await alice.post(f"/conversations/{sam.id}/claim")
    refused = await leaves(sam, **sam.headers, **{"accept-language": language})
    assert taken in refused.json()["title"]
