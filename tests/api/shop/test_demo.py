"""The demo shop: every state, recent dates, changes that survive."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
from sqlalchemy import func, select

from api.shop import demo_orders
from api.shop.demo import DemoOrders
from api.shop.models import DemoChange
from api.shop.orders import ChangeKind, Order, OrderState
from tests.api.shop.contract import OrderSourceContract, ShopUnderTest, cancel

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
PAID = demo_orders.number_of(2)


def all_orders(now: datetime) -> list[Order]:
    return [demo_orders.build(index, now=now, zone=ZONE) for index in range(1, 301)]


def past_of(order: Order) -> list[datetime]:
    instants = [order.placed_at, order.paid_at, order.delivered_at]
    instants += [event.at for parcel in order.shipments for event in parcel.events]
    if order.returned:
        instants += [order.returned.requested_at, order.returned.received_at]
    if order.refund:
        instants += [order.refund.requested_at, order.refund.sent_at]
    return [at for at in instants if at is not None]


@pytest.fixture
async def source(desk):
    return DemoOrders(desk.database, zone="Asia/Shanghai", clock=desk.clock)


class TestDemoOrders(OrderSourceContract):
    @pytest.fixture
    async def shop(self, desk, source):
        async def changes_made() -> int:
            async with desk.database.reading() as session:
                counted = select(func.count()).select_from(DemoChange)
                return await session.scalar(counted)

        return ShopUnderTest(
            source=source,
            known=PAID,
            customer_id=demo_orders.customer_of(2)[0].id,
            changes_made=changes_made,
            unsupported=ChangeKind.ADDRESS,
        )

    async def test_changes_survive_a_restart(self, desk, source):
        await source.request_change(cancel(PAID), idempotency_key="before")
        restarted = DemoOrders(desk.database, zone="Asia/Shanghai", clock=desk.clock)

        order = await restarted.find(PAID)

        assert order.state is OrderState.CANCELLED
        assert order.refund.amount == order.total


def test_there_are_300_orders_in_every_state():
    states = Counter(order.state for order in all_orders(NOW))

    assert sum(states.values()) == 300
    assert set(states) == set(OrderState)
    assert min(states.values()) >= 8


def test_the_first_eleven_stand_for_the_states_in_order():
    orders = all_orders(NOW)[:11]

    assert [order.state for order in orders] == list(OrderState)
    assert orders[3].number == "WL2026112200004"


def test_the_same_moment_makes_the_same_orders():
    assert all_orders(NOW) == all_orders(NOW)


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=90, hours=7)])
def test_dates_are_recent_whenever_one_looks(later):
    now = NOW + later
    for order in all_orders(now):
        assert max(past_of(order)) <= now, order.number
        assert min(past_of(order)) == order.placed_at, order.number
        assert order.placed_at > now - timedelta(days=60), order.number
        scans = [event.at for parcel in order.shipments for event in parcel.events]
        assert scans == sorted(scans), order.number


def test_a_late_order_is_past_its_day_and_a_shipped_one_is_not():
    today = NOW.astimezone(ZONE).date()
    for order in all_orders(NOW):
        if order.state is OrderState.LATE:
            assert order.promised_by < today
        if order.state is OrderState.SHIPPED:
            assert order.promised_by >= today


def test_every_buyer_can_be_reached_by_a_number_that_exists():
    for order in all_orders(NOW):
        parsed = phonenumbers.parse(order.customer.phone)
        assert phonenumbers.is_valid_number(parsed)
        assert order.customer.email.endswith("@example.com")


def test_the_total_is_what_the_items_and_the_freight_cost():
    for order in all_orders(NOW):
        worth = sum(item.unit_price.amount * item.quantity for item in order.items)
        assert order.total.amount == worth + order.shipping_fee.amount
        assert {item.unit_price.currency for item in order.items} == {
            order.total.currency
        }


@pytest.mark.parametrize(
    "number",
    ["WL2026112200000", "WL2026112200301", "WL202611220001", "WL20261122000１７", ""],
)
def test_numbers_beside_the_range_are_no_orders(number):
    assert demo_orders.index_of(number) is None


def test_samples_name_one_order_of_each_state_and_how_to_prove_it():
    samples = demo_orders.sample_orders()

    assert {sample.state for sample in samples} == set(OrderState)
    assert all(sample.phone.startswith("+") for sample in samples)
    assert len(demo_orders.sample_orders(4)) == 4
