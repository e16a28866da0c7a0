"""A confirmed change happens once, whatever is repeated (GUARANTEES G9)."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from api.bot.payloads import BotMessage, BotRequest
from api.shop import demo_orders
from api.shop.errors import (
    ChangeOutcomeUnknown,
    ChangeRefused,
    ChangeUnsupported,
    ShopUnreachable,
)
from api.shop.models import CarriedChange, DemoChange
from api.shop.orders import OrderState
from api.shop.proof import prove
from tests.api.shop.conftest import POLICY

SAMPLES = {sample.state: sample for sample in demo_orders.sample_orders()}
PAID = SAMPLES[OrderState.PAID]


def wish(change="cancel", number=PAID.number):
    return BotRequest(type="order_change", change=change, order_number=number)


@pytest.fixture
async def conversation_id(sam):
    return UUID(sam.id)


@pytest.fixture
async def proven(desk, clock, conversation_id):
    await prove(
        desk.database,
        desk.orders,
        conversation_id,
        number=PAID.number,
        contact=PAID.phone,
        address_key=None,
        policy=POLICY,
        now=clock(),
    )


async def count(desk, rows):
    async with desk.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(rows))


async def test_a_change_is_made_and_told_with_its_reference(
    desk, conversation_id, proven
):
    said = await desk.change_order(conversation_id, uuid4(), wish())

    BotMessage.model_validate(said)
    assert said["say"] == "change_done_cancel_refund"
    assert said["args"]["reference"] == "CA000002"
    assert (await desk.orders.find(PAID.number)).state is OrderState.CANCELLED


async def test_the_same_turn_again_gets_the_same_words_and_changes_nothing(
    desk, conversation_id, proven
):
    turn_id = uuid4()
    first = await desk.change_order(conversation_id, turn_id, wish())
    again = await desk.change_order(conversation_id, turn_id, wish())

    assert again == first
    assert await count(desk, DemoChange) == 1


async def test_a_turn_cut_off_after_the_shop_said_yes_is_finished_by_a_repeat(
    desk, conversation_id, proven
):
    turn_id = uuid4()
    first = await desk.change_order(conversation_id, turn_id, wish())
    async with desk.database.writing() as session:
        row = await session.scalar(select(CarriedChange))
        row.state, row.answer = "running", None

    again = await desk.change_order(conversation_id, turn_id, wish())

    assert again == first
    assert await count(desk, DemoChange) == 1


async def test_the_same_turn_twice_at_once_changes_once(desk, conversation_id, proven):
    turn_id = uuid4()
    said = await asyncio.gather(
        *(
            desk.change_order(conversation_id, turn_id, wish("invoice"))
            for _ in range(4)
        )
    )

    assert all(message == said[0] for message in said)
    assert await count(desk, DemoChange) == 1
    assert await count(desk, CarriedChange) == 1


async def test_another_turn_finds_the_order_as_it_is_now(desk, conversation_id, proven):
    await desk.change_order(conversation_id, uuid4(), wish())
    said = await desk.change_order(conversation_id, uuid4(), wish())

    assert said["say"] == "refused_cancelled"
    assert await count(desk, DemoChange) == 1


async def test_without_a_proof_nothing_is_changed(desk, conversation_id):
    said = await desk.change_order(conversation_id, uuid4(), wish())

    assert said["say"] == "proof_expired"
    assert await count(desk, DemoChange) == 0


async def test_a_proof_ends_for_changes_too(desk, conversation_id, proven, clock):
    clock.forward(minutes=31)
    said = await desk.change_order(conversation_id, uuid4(), wish())

    assert said["say"] == "proof_expired"


async def test_what_the_shop_cannot_do_goes_to_a_person(desk, conversation_id, proven):
    said = await desk.change_order(conversation_id, uuid4(), wish("address"))

    BotMessage.model_validate(said)
    assert said["request"]["reason"] == "change_needs_person"


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (ChangeUnsupported, "not_by_interface"),
        (ChangeRefused, "refused_by_shop"),
        (ChangeOutcomeUnknown, "outcome_unknown"),
    ],
)
@pytest.mark.usefixtures("proven")
async def test_what_goes_wrong_at_the_shop_goes_to_a_person_and_is_not_repeated(
    desk, conversation_id, monkeypatch, error, cause
):
    asked = []

    async def request_change(change, *, idempotency_key):
        asked.append(idempotency_key)
        raise error

    monkeypatch.setattr(desk.orders, "request_change", request_change)
    turn_id = uuid4()
    said = await desk.change_order(conversation_id, turn_id, wish())
    again = await desk.change_order(conversation_id, turn_id, wish())

    assert said == again
    assert said["request"]["reason"] == "change_needs_person"
    assert said["request"]["detail"]["cause"] == cause
    assert asked == [f"{conversation_id}:{turn_id}"]


async def test_a_shop_that_is_away_is_said_plainly(
    desk, conversation_id, proven, monkeypatch
):
    async def request_change(change, *, idempotency_key):
        raise ShopUnreachable

    monkeypatch.setattr(desk.orders, "request_change", request_change)
    said = await desk.change_order(conversation_id, uuid4(), wish())

    assert said["say"] == "shop_unreachable"


@pytest.mark.parametrize("number", ["1001\n1002", "' OR 1=1", "x"])
async def test_a_number_that_is_none_changes_nothing(desk, conversation_id, number):
    said = await desk.change_order(conversation_id, uuid4(), wish(number=number))

    assert said["request"]["reason"] == "change_needs_person"
    assert await count(desk, DemoChange) == 0


async def test_the_card_gets_facts_of_a_proven_order_without_personal_data(
    desk, conversation_id, proven
):
    facts = await desk.order_facts(conversation_id)

    assert facts.how == "phone"
    assert facts.order["order_number"] == PAID.number
    assert facts.order["state"] == "paid"
    text = str(facts.order)
    assert PAID.phone not in text
    assert PAID.email not in text


async def test_the_card_gets_none_without_a_proof(desk, conversation_id):
    assert await desk.order_facts(conversation_id) is None


async def test_the_card_does_not_wait_for_a_shop_that_is_away(
    desk, conversation_id, proven, monkeypatch
):
    async def find(number):
        raise ShopUnreachable

    monkeypatch.setattr(desk.orders, "find", find)
    assert await desk.order_facts(conversation_id) is None
