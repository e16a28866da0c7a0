"""What is known of a shopper when the articles are asked, and that it is asked for only where needed."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import pytest

import api.bot.answers  # noqa: F401  registers its action
from api import circumstances
from api.bot.actions import create_actions_app
from api.circumstances import circumstances_of
from api.desk import Desk, OrderFacts
from handoff.models import Conversation
from knowledge_base.conditions import CONDITIONS, UNKNOWN, Circumstances
from tests.api.people import Shopper

#: the first of July in Shanghai
ORDER = {"placed_at": "2026-06-30T16:30:00+00:00", "region": "HK"}


@pytest.fixture
async def mailed(http: httpx.AsyncClient, desk: Desk) -> Shopper:
    """A conversation of another channel than most."""
    desk.searcher.conditions_used = frozenset(CONDITIONS)
    return await Shopper.open(http, language="en", channel="email")


async def prove(desk: Desk, shopper: Shopper) -> list[UUID]:
    """Let the order be proven; says for whom the shop is then asked."""
    asked: list[UUID] = []

    async def facts(key: UUID, *, proven_only: bool = False) -> OrderFacts | None:
        asked.append(key)
        # what is not proven counts for nothing
        is_theirs = proven_only and key == UUID(shopper.id)
        return OrderFacts(order=ORDER, how="phone") if is_theirs else None

    desk.order_facts = facts
    return asked


async def sign(desk: Desk, shopper: Shopper, **more: str) -> None:
    async with desk.database.writing() as session:
        row = await session.get_one(Conversation, UUID(shopper.id))
        row.shopper = {**row.shopper, **more}


async def test_the_channel_is_the_conversations(desk: Desk, mailed: Shopper):
    assert await circumstances_of(desk, mailed.id) == Circumstances(channel="email")


async def test_the_region_is_what_the_shop_signed(desk: Desk, mailed: Shopper):
    await sign(desk, mailed, region="tw")
    await prove(desk, mailed)
    known = await circumstances_of(desk, mailed.id)
    assert known.region == "tw"


async def test_of_a_proven_order_region_and_day_are_known(desk: Desk, mailed: Shopper):
    await prove(desk, mailed)
    assert await circumstances_of(desk, mailed.id) == Circumstances(
        region="hk", channel="email", ordered_on=date(2026, 7, 1)
    )


async def test_what_another_conversation_proved_is_not_known_here(
    desk: Desk, mailed: Shopper, http: httpx.AsyncClient
):
    other = await Shopper.open(http, language="en")
    await prove(desk, other)
    assert (await circumstances_of(desk, mailed.id)).ordered_on is None


async def test_nothing_is_asked_where_no_article_depends_on_it(
    desk: Desk, mailed: Shopper
):
    asked = await prove(desk, mailed)
    desk.searcher.conditions_used = frozenset()
    assert await circumstances_of(desk, mailed.id) == UNKNOWN
    desk.searcher.conditions_used = frozenset({"channels"})
    assert await circumstances_of(desk, mailed.id) == Circumstances(channel="email")
    assert asked == []


async def test_a_shop_that_is_slow_or_fails_leaves_the_day_unknown(
    desk: Desk, mailed: Shopper, monkeypatch: pytest.MonkeyPatch
):
    await prove(desk, mailed)
    monkeypatch.setattr(circumstances, "SHOP_SECONDS", 0.01)

    async def slow(_key: UUID, **_more: bool) -> None:
        await asyncio.sleep(60)

    async def failing(_key: UUID, **_more: bool) -> None:
        raise OSError

    for facts in (slow, failing):
        desk.order_facts = facts
        known = await circumstances_of(desk, mailed.id)
        assert known == Circumstances(channel="email")


@pytest.mark.parametrize("key", ["no id", "0190f5a2-0000-7000-8000-000000000001"])
async def test_of_a_conversation_that_is_none_nothing_is_known(desk: Desk, key: str):
    desk.searcher.conditions_used = frozenset(CONDITIONS)
    assert await circumstances_of(desk, key) == UNKNOWN


@pytest.mark.parametrize("text", ["return", "What is shipping? How can I return it?"])
async def test_a_turn_is_searched_with_what_is_known(
    desk: Desk, mailed: Shopper, text: str
):
    await prove(desk, mailed)
    body: dict[str, Any] = {
        "next_action": "action_answer_question",
        "sender_id": mailed.id,
        "tracker": {"slots": {}, "latest_message": {"text": text}, "events": []},
    }
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=create_actions_app(desk)),
        base_url="http://127.0.0.1:8001",
        headers={"X-Warmline-Token": desk.settings.secrets.action_token},
    ) as rasa:
        answer = await rasa.post("/actions", json=body)
    assert answer.status_code == 200
    assert len(desk.searcher.known) == (3 if "?" in text else 1)
    assert {one.ordered_on for one in desk.searcher.known} == {date(2026, 7, 1)}
