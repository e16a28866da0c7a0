"""Which order system a desk talks to."""

from __future__ import annotations

import pytest

from api.clock import system_clock
from api.database import Database
from api.shop.demo import DemoOrders
from api.shop.demo_orders import number_of
from api.shop.errors import ShopUnreachable
from api.shop.sources import open_orders
from api.shop.unconnected import NoOrders


def source(settings):
    database = Database(settings)
    return open_orders(settings, database, clock=system_clock, environ={})


def test_the_demo_has_made_up_orders(settings):
    assert isinstance(source(settings), DemoOrders)


async def test_without_the_demo_no_made_up_order_is_told(settings):
    orders = source(settings.model_copy(update={"demo": False}))
    assert isinstance(orders, NoOrders)
    with pytest.raises(ShopUnreachable):
        await orders.find(number_of(1))
    assert await orders.list_for("C00001") == ()
