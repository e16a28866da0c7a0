"""What every OrderSource must do; an adapter's tests subclass `OrderSourceContract`.

A subclass gives one fixture, `shop`: the source, what is known to be in it, and how to
count what was really changed there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from api.shop.errors import ChangeUnsupported
from api.shop.numbers import email_address, order_number, phone_numbers
from api.shop.orders import ChangeKind, OrderChange, OrderSource


@dataclass(frozen=True, kw_only=True)
class ShopUnderTest:
    source: OrderSource
    #: an order that can be cancelled
    known: str
    #: its buyer
    customer_id: str
    #: how many changes the shop has made
    changes_made: Callable[[], int]
    #: a change the shop cannot make
    unsupported: ChangeKind


def cancel(number: str) -> OrderChange:
    return OrderChange(kind=ChangeKind.CANCEL, order_number=number, detail={})


class OrderSourceContract:
    async def test_a_known_order_is_found_under_its_normalised_number(self, shop):
        order = await shop.source.find(shop.known)

        assert order is not None
        assert order.number == shop.known == order_number(order.number)
        assert order.customer.id == shop.customer_id
        assert order.placed_at.tzinfo is not None
        assert order.items

    async def test_an_order_can_be_proven_by_what_the_shop_keeps(self, shop):
        order = await shop.source.find(shop.known)

        assert phone_numbers(order.customer.phone, regions=(order.region,))
        assert email_address(order.customer.email)

    @pytest.mark.parametrize("number", ["WL9999999999999", "1", "../secrets", "WL%00"])
    async def test_an_unknown_order_is_none_and_no_error(self, shop, number):
        assert await shop.source.find(number) is None

    async def test_a_customers_orders_are_theirs_alone_and_newest_first(self, shop):
        orders = await shop.source.list_for(shop.customer_id, limit=3)

        assert {order.customer.id for order in orders} == {shop.customer_id}
        placed = [order.placed_at for order in orders]
        assert placed == sorted(placed, reverse=True)
        assert len(orders) <= 3

    async def test_an_unknown_customer_has_no_orders(self, shop):
        assert await shop.source.list_for("nobody-at-all") == ()

    async def test_a_change_shows_in_the_order(self, shop):
        receipt = await shop.source.request_change(
            cancel(shop.known), idempotency_key="k1"
        )

        order = await shop.source.find(shop.known)
        assert receipt.reference
        assert receipt.order_number == shop.known
        assert order.state == "cancelled"

    async def test_the_same_key_changes_once_and_gets_the_first_receipt(self, shop):
        first = await shop.source.request_change(
            cancel(shop.known), idempotency_key="k2"
        )
        again = await shop.source.request_change(
            cancel(shop.known), idempotency_key="k2"
        )

        assert again == first
        assert await shop.changes_made() == 1

    async def test_another_key_is_another_change(self, shop):
        """The negative control of the test above."""
        await shop.source.request_change(cancel(shop.known), idempotency_key="k3")
        invoice = OrderChange(
            kind=ChangeKind.INVOICE, order_number=shop.known, detail={}
        )
        await shop.source.request_change(invoice, idempotency_key="k4")

        assert await shop.changes_made() == 2

    async def test_what_the_shop_cannot_change_is_said_to_be_unsupported(self, shop):
        change = OrderChange(kind=shop.unsupported, order_number=shop.known, detail={})

        with pytest.raises(ChangeUnsupported):
            await shop.source.request_change(change, idempotency_key="k5")
        assert await shop.changes_made() == 0
