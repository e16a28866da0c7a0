"""After-sale flows from the proof to the request, as Rasa calls them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.shop import proof
from api.shop.demo import DemoOrders
from api.shop.orders import OrderState
from tests.api.shop.test_actions import SAMPLES, Talk

DELIVERED, LATE = SAMPLES[OrderState.DELIVERED], SAMPLES[OrderState.LATE]


@pytest.fixture
async def talk(desk, sam, monkeypatch):
    async def at_once(moment: float) -> None:
        return None

    find = DemoOrders.find

    async def come_yesterday(self, number):
        order = await find(self, number)
        if order is None or order.delivered_at is None:
            return order
        return replace(order, delivered_at=desk.clock() - timedelta(days=1))

    monkeypatch.setattr(proof, "_not_before", at_once)
    monkeypatch.setattr(DemoOrders, "find", come_yesterday)
    return Talk(desk=desk, conversation_id=sam.id)


async def test_a_faulty_item_is_read_back_and_prepared_for_a_person(talk):
    await talk.start("report_problem")
    await talk.give(order_number=DELIVERED.number, order_proof=DELIVERED.phone)
    assert talk.next == "problem"
    # The answer looks like another wish, and Rasa renamed the task.
    talk.slots["requested_task"] = "exchange_item"
    await talk.give(problem="杯子碎了")
    assert talk.slots["requested_task"] == "report_problem"
    if talk.next == "problem_item":
        await talk.give(problem_item="1")
    assert talk.next == "remedy"
    said = await talk.give(remedy="refund")
    assert said == ["explain_problem_person", "problem_summary"]
    assert talk.next == "confirmed"
    await talk.give(confirmed=True)

    await talk.call("action_request_change")
    request = talk.said[0]["request"]
    assert request["reason"] == "change_needs_person"
    assert request["detail"]["problem"] == "杯子碎了"
    assert request["detail"]["remedy"] == "refund"
    assert request["detail"]["item"]


async def test_a_search_for_a_parcel_is_asked_for_after_a_yes(talk):
    await talk.start("lost_parcel")
    said = await talk.give(order_number=LATE.number, order_proof=LATE.phone)
    assert (said, talk.next) == (["explain_lost_stuck"], "confirmed")
    await talk.give(confirmed=True)

    await talk.call("action_request_change")
    assert talk.said[0]["request"]["change"] == "lost"
