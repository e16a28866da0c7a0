"""The demo shop's order system: generated orders, and rows for what was changed in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from api.clock import Clock
from api.database import Database
from api.shop import demo_orders
from api.shop.aftercare import price_difference
from api.shop.errors import ChangeRefused, ChangeUnsupported
from api.shop.models import DemoChange
from api.shop.orders import (
    Asked,
    ChangeKind,
    ChangeReceipt,
    Invoice,
    Order,
    OrderChange,
    OrderState,
    Refund,
    Return,
)

#: what a change's reference begins with
_REFERENCES = {
    ChangeKind.CANCEL: "CA",
    ChangeKind.RETURN: "RT",
    ChangeKind.EXCHANGE: "EX",
    ChangeKind.INVOICE: "IN",
    ChangeKind.PRICE: "PA",
    ChangeKind.LOST: "LP",
}
#: days until the next thing happens
_NEXT_DAYS = {
    ChangeKind.CANCEL: 3,
    ChangeKind.RETURN: 7,
    ChangeKind.EXCHANGE: 7,
    ChangeKind.INVOICE: 1,
    ChangeKind.PRICE: 3,
    ChangeKind.LOST: 5,
}


class DemoOrders:
    """An OrderSource; what is changed in it survives a restart."""

    def __init__(self, database: Database, *, zone: str, clock: Clock) -> None:
        self._database = database
        self._zone = ZoneInfo(zone)
        self._clock = clock
        self._built = lru_cache(maxsize=demo_orders.HOW_MANY)(self._build)

    async def find(self, number: str) -> Order | None:
        # An unknown number costs the same as a known one: both build and both ask the rows.
        index = demo_orders.index_of(number)
        order = self._at(index or 1)
        async with self._database.reading() as session:
            changes = await _changes(session, [number])
        return self._after(order, changes) if index is not None else None

    async def list_for(self, customer_id: str, *, limit: int = 5) -> tuple[Order, ...]:
        orders = [
            self._at(index)
            for index in range(1, demo_orders.HOW_MANY + 1)
            if demo_orders.customer_of(index)[0].id == customer_id
        ]
        newest = sorted(orders, key=lambda each: each.placed_at, reverse=True)[:limit]
        async with self._database.reading() as session:
            changes = await _changes(session, [order.number for order in newest])
        return tuple(self._after(order, changes) for order in newest)

    async def request_change(
        self, change: OrderChange, *, idempotency_key: str
    ) -> ChangeReceipt:
        if change.kind not in demo_orders.CHANGES:
            raise ChangeUnsupported
        index = demo_orders.index_of(change.order_number)
        if index is None:
            raise ChangeRefused("There is no such order.")
        row = DemoChange(
            idempotency_key=idempotency_key,
            order_number=change.order_number,
            change=change.kind.value,
            reference=f"{_REFERENCES[change.kind]}{index:06d}",
            at=self._clock(),
        )
        try:
            async with self._database.writing() as session:
                kept = await session.get(DemoChange, idempotency_key)
                if kept is None:
                    session.add(row)
        except IntegrityError:
            # The same request ran elsewhere at the same moment and was first.
            async with self._database.reading() as session:
                kept = await session.get(DemoChange, idempotency_key)
        return self._receipt(kept or row)

    async def close(self) -> None:
        return None

    def _at(self, index: int) -> Order:
        # The orders change by the minute at most, so one build a minute is enough.
        now = self._clock()
        return self._built(index, now.replace(second=0, microsecond=0))

    def _build(self, index: int, now: datetime) -> Order:
        return demo_orders.build(index, now=now, zone=self._zone)

    def _after(self, order: Order, changes: list[DemoChange]) -> Order:
        for change in changes:
            if change.order_number == order.number:
                order = changed(order, change)
        return order

    def _receipt(self, row: DemoChange) -> ChangeReceipt:
        kind = ChangeKind(row.change)
        index = demo_orders.index_of(row.order_number) or 1
        order = self._at(index)
        next_at = (row.at + timedelta(days=_NEXT_DAYS[kind])).astimezone(self._zone)
        is_paid_back = kind is ChangeKind.CANCEL and order.paid_at is not None
        less = price_difference(order) if kind is ChangeKind.PRICE else None
        return ChangeReceipt(
            reference=row.reference,
            kind=kind,
            order_number=row.order_number,
            next_by=next_at.date(),
            refund=order.total if is_paid_back else less,
        )


async def _changes(session: AsyncSession, numbers: list[str]) -> list[DemoChange]:
    found = await session.scalars(
        select(DemoChange)
        .where(DemoChange.order_number.in_(numbers))
        .order_by(DemoChange.at)
    )
    return list(found)


def changed(order: Order, change: DemoChange) -> Order:
    """The order after that change."""
    kind = ChangeKind(change.change)
    if kind is ChangeKind.CANCEL:
        return _cancelled(order, change.at)
    if kind in {ChangeKind.RETURN, ChangeKind.EXCHANGE}:
        asked = Return(
            reference=change.reference,
            kind="return" if kind is ChangeKind.RETURN else "exchange",
            requested_at=change.at,
            received_at=None,
            send_by=(change.at + timedelta(days=7)).date(),
        )
        return replace(order, state=OrderState.RETURN_OPEN, returned=asked)
    under_way = Asked(reference=change.reference, requested_at=change.at)
    if kind is ChangeKind.PRICE:
        return replace(order, adjusted=under_way)
    if kind is ChangeKind.LOST:
        return replace(order, investigated=under_way)
    return replace(order, invoice=Invoice(requested_at=change.at, issued_at=None))


def _cancelled(order: Order, at: datetime) -> Order:
    if order.paid_at is None or order.route is None:
        return replace(order, state=OrderState.CANCELLED)
    refund = Refund(
        amount=order.total,
        route=order.route,
        requested_at=at,
        sent_at=None,
        expected_by=None,
    )
    return replace(order, state=OrderState.CANCELLED, refund=refund)
