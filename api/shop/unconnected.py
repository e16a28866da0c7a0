"""Stands in for an order system where none is connected: order questions go to people."""

from __future__ import annotations

from api.shop.errors import ShopUnreachable
from api.shop.orders import ChangeReceipt, Order, OrderChange


class NoOrders:
    """Knows no order; whoever asks is told that the orders cannot be reached now."""

    async def find(self, number: str) -> Order | None:
        raise ShopUnreachable

    async def list_for(self, customer_id: str, *, limit: int = 5) -> tuple[Order, ...]:
        return ()

    async def request_change(
        self, change: OrderChange, *, idempotency_key: str
    ) -> ChangeReceipt:
        raise ShopUnreachable

    async def close(self) -> None:
        return
