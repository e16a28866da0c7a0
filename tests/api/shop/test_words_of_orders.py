"""What is said of an order reads well in each language: names, scans, days that are over."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.bot.actions import ActionCall
from api.settings import AfterSale, Language
from api.shop import aftercare, demo_orders, problems, telling
from api.shop.form import Form, Reply, read
from api.shop.orders import Order, OrderState
from api.shop.phrases import Phrase, Wording
from tests.api.shop.test_actions import SAMPLES, Talk

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def order_in(state: OrderState) -> Order:
    index = demo_orders.index_of(SAMPLES[state].number) or 1
    return demo_orders.build(index, now=NOW, zone=ZONE)


@pytest.fixture
def wording(words):
    def make(language: Language) -> Wording:
        return Wording(words=words, language=language, zone=ZONE, now=NOW)

    return make


def text_of(wording: Wording, phrase: Phrase) -> str:
    return wording.words.say(phrase.key, wording.language, **wording.args(phrase))


@pytest.mark.parametrize(
    ("language", "name"),
    [("zh-Hans", "顺丰速运"), ("zh-Hant", "順豐速運"), ("en", "SF Express")],
)
def test_a_known_carrier_has_its_name_in_the_readers_language(wording, language, name):
    told = telling.track(order_in(OrderState.SHIPPED), now=NOW, zone=ZONE)
    assert name in text_of(wording(language), told)


def test_a_carrier_that_nobody_listed_keeps_its_name(wording):
    order = order_in(OrderState.SHIPPED)
    parcel = replace(order.shipments[0], carrier="Kurier Müller")
    told = telling.track(replace(order, shipments=(parcel,)), now=NOW, zone=ZONE)
    assert "Kurier Müller" in text_of(wording("zh-Hans"), told)


@pytest.mark.parametrize("state", list(OrderState))
@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_no_english_stands_in_chinese(wording, state, language):
    order = order_in(state)
    named = {order.number, *(each.tracking_number for each in order.shipments)}
    named |= {"PayPal", "EMS", "UPS"}
    if order.returned:
        named.add(order.returned.reference)
    for told in (
        telling.track(order, now=NOW, zone=ZONE),
        telling.refund(order, now=NOW, zone=ZONE),
    ):
        text = text_of(wording(language), told)
        for known in named:
            text = text.replace(known, "")
        text = re.sub(r"[A-Z]{2}(?=[$¥])", "", text)
        letters = [each for each in text if each.isascii() and each.isalpha()]
        assert letters == [], text


def test_the_scans_before_the_latest_are_told_newest_first(wording):
    order = order_in(OrderState.DELIVERED)
    told = text_of(wording("en"), telling.track(order, now=NOW, zone=ZONE))
    lines = [line for line in told.splitlines() if "Before:" in line]
    assert len(lines) == telling.MOST_EARLIER
    assert "out for delivery" in lines[0]
    assert "Latest: " in told


def test_a_day_that_is_over_is_not_asked_for(wording):
    order = order_in(OrderState.RETURN_OPEN)
    assert order.returned is not None
    send_by = NOW.astimezone(ZONE).date()
    for days, words in ((-1, "hasn't reached us"), (0, "Please send it by")):
        returned = replace(
            order.returned, received_at=None, send_by=send_by + timedelta(days=days)
        )
        told = telling.track(replace(order, returned=returned), now=NOW, zone=ZONE)
        assert words in text_of(wording("en"), told)


@pytest.mark.parametrize(
    ("state", "intents"),
    [
        (OrderState.PAID, ["cancel_order"]),
        (OrderState.SHIPPED, []),
        (OrderState.DELIVERED, ["return_item"]),
    ],
)
def test_only_what_would_not_be_refused_is_offered_instead(state, intents):
    order = order_in(state)
    items = tuple(replace(each, current_price=each.unit_price) for each in order.items)
    order = replace(order, items=items, placed_at=NOW)
    ruling = aftercare.price(order, NOW.date(), AfterSale())
    assert ruling.phrase.key == "refused_price_not_lower"
    assert [intent for _, intent in ruling.phrase.buttons] == intents


def call(**more: Any) -> ActionCall:
    slots = {"requested_task": "report_problem", **more.pop("slots", {})}
    events = [{"event": "action", "name": "order_form"}]
    events += [
        {"event": "slot", "name": name, "value": value}
        for name, value in more.pop("new", {}).items()
    ]
    tracker = {"slots": slots, "events": events, "latest_message": more}
    return ActionCall(name="validate_order_form", conversation_id="c", tracker=tracker)


class TestAFaultyItem:
    def _form(self, **slots: str) -> Form:
        return read(call(slots={"requested_slot": "remedy", **slots}))

    def test_its_name_is_read_back_in_the_readers_language(self, wording):
        order = order_in(OrderState.DELIVERED)
        item = order.items[0]
        form = self._form(
            problem="cracked", problem_item=item.name["zh-Hans"], remedy="refund"
        )
        told = text_of(wording("en"), problems.summary(form, order))
        assert f"Item: {item.name['en']}" in told

    def test_more_of_what_happened_is_noted_and_the_wish_asked_again(self):
        order = order_in(OrderState.DELIVERED)
        order = replace(order, items=order.items[:1])
        reply = Reply()
        form = self._form(problem="it is damaged", remedy="the lid is cracked")
        said = problems.ask_next(form, order, reply)
        assert said is not None
        assert said.key == "problem_noted"
        assert reply.slots["problem"] == "it is damaged; the lid is cracked"
        assert reply.slots["requested_slot"] == "remedy"


class TestWhichOrder:
    @pytest.mark.parametrize(
        "text", ["另一个呢", "另外一單呢", "cancel the other one", "my other order"]
    )
    def test_another_one_is_not_the_one_before(self, text):
        form = read(call(text=text, slots={"order_number": "WL2026112200004"}))
        assert form.is_another
        assert form.number is None

    def test_another_one_that_is_named_is_taken(self):
        number = "WL2026112200004"
        entity = {"entity": "order_number", "value": number}
        form = read(
            call(
                text=f"the other one, {number}",
                entities=[entity],
                slots={"order_number": number},
            )
        )
        assert form.number == number

    async def test_a_parcels_number_is_read_back_and_the_orders_asked_for(
        self, desk, sam
    ):
        talk = Talk(desk=desk, conversation_id=sam.id)
        talk.latest = {
            "entities": [{"entity": "tracking_number", "value": "SF8537050170457"}]
        }
        said = await talk.start("track_order")
        assert said == ["tracking_is_no_order"]
        assert talk.said[0]["args"] == {"tracking": "SF8537050170457"}
        assert talk.next == "order_number"
        talk.slots["requested_slot"] = "order_number"
        said = await talk.give(order_number="SF8537050170457")
        assert said == ["tracking_is_no_order"]
        assert talk.slots["order_number"] is None
