"""The demo shop's order that is on its way, as the tests name it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from api.shop.demo_orders import build, index_of, sample_orders
from api.shop.orders import Order


def shipped_order() -> Order:
    sample = next(each for each in sample_orders() if each.state == "shipped")
    index = index_of(sample.number)
    assert index is not None
    return build(index, now=datetime.now(UTC), zone=ZoneInfo("Asia/Shanghai"))
