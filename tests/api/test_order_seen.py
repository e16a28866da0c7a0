"""A valuable order in trouble is told of first, then looked after by a person; a faulty order system costs nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from api.desk import OrderFacts
from api.order_seen import read_order
from api.shop.facts import as_json
from tests.api.people import sign_in
from tests.demo_order import shipped_order
from tests.fakes import answer, bot_reply

TRACKED = bot_reply(answer(), intent={"name": "track_order", "confidence": 0.99})


def facts(state="late", total="1500.00"):
    order = {
        "order_number": "62018847",
        "state": state,
        "total": {"amount": total, "currency": "CNY"},
    }

    async def find(_conversation_id):
        return OrderFacts(order=order, how="phone")

    return find


@pytest.mark.parametrize(
    ("order", "status"),
    [
        (("late", "1500.00"), "queued"),
        (("late", "99.00"), "bot"),
        (("shipped", "1500.00"), "bot"),
    ],
)
async def test_a_valuable_order_in_trouble_gets_a_person(desk, bot, sam, order, status):
    desk.order_facts = facts(*order)
    bot.reply = TRACKED

    await sam.say("where is my order")

    assert (await sam.read())["status"] == status


async def test_what_the_bot_found_is_told_before_the_person_comes(desk, bot, sam):
    desk.order_facts = facts()
    bot.reply = TRACKED

    told = (await sam.say("where is my order"))["replies"]

    assert told[0]["actor"] == "bot"
    assert told[-1]["actor"] == "system"
    assert "shouldn't have to chase it" in told[-1]["text"]


async def test_the_card_names_the_trouble_and_the_threshold(desk, http, bot, sam):
    alice = await sign_in(desk, http, "alice", "agent")
    desk.order_facts = facts()
    bot.reply = TRACKED
    await sam.say("where is my order")
    await alice.post("/queue/claim")

    card = (await alice.get(f"/conversations/{sam.id}/desk")).json()["card"]

    [reason] = card["reasons"]
    assert reason["code"] == "order_at_risk"
    assert reason["evidence"]["trouble"] == "late"
    assert reason["evidence"]["threshold"] == 1000


async def test_an_order_system_that_fails_takes_no_answer_away(desk, bot, sam):
    async def broken(_conversation_id):
        raise RuntimeError("away")

    desk.order_facts = broken
    bot.reply = TRACKED

    told = (await sam.say("where is my order"))["replies"]

    assert told[0]["actor"] == "bot"
    assert (await sam.read())["status"] == "bot"


async def test_a_turn_about_something_else_asks_for_no_order(desk, bot, sam):
    asked = []

    async def find(conversation_id):
        asked.append(conversation_id)

    desk.order_facts = find
    await sam.say("how long may I send it back")

    assert asked == []


def test_the_facts_of_a_real_order_are_read(clock):
    order = shipped_order()

    seen = read_order(as_json(order, now=clock()))

    assert seen is not None
    assert (seen.number, seen.state) == (order.number, order.state.value)
    assert Decimal(str(seen.total)) == order.total.amount
    assert read_order({"order_number": "1", "total": None}) is None
