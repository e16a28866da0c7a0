"""Decides when what happened to a demo order, and what its carriers scanned.

All but the unpaid orders lie before today's midnight: no order has a past in the future.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Self

from api.settings import Language
from api.shop import demo_goods as goods
from api.shop.orders import OrderState, ParcelEvent, ParcelStatus, Shipment
from knowledge_base.languages import to_traditional

#: how many days before today the parcel left, by state: (least, most)
_SENT_DAYS_AGO = {
    OrderState.SHIPPED: (1, 3),
    OrderState.PARTLY_SHIPPED: (1, 3),
    OrderState.DELIVERED: (5, 24),
    OrderState.RETURN_OPEN: (9, 14),
    OrderState.REFUNDED: (18, 30),
}
#: the share of cancelled orders that had been paid
CANCELLED_PAID = 0.7
_PLACED_DAYS_AGO = {OrderState.PAID: (1, 1), OrderState.PACKED: (1, 2)}
_ON_THE_WAY_DAYS = {"CN": (2, 3), "TW": (4, 6), "HK": (4, 6), "US": (4, 8)}


def named(zh: str, en: str) -> dict[Language, str]:
    """A name in our three languages; the Traditional one is derived."""
    return {"zh-Hans": zh, "zh-Hant": to_traditional(zh, table="s2twp"), "en": en}


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The instants of one order; what did not happen is None."""

    placed_at: datetime
    paid_at: datetime | None
    sent_at: datetime
    promised_by: date
    delivered_at: datetime | None = None
    return_asked_at: datetime | None = None
    return_received_at: datetime | None = None
    refund_asked_at: datetime | None = None
    refund_sent_at: datetime | None = None

    @classmethod
    def draw(
        cls, state: OrderState, region: str, *, dice: Random, now: datetime
    ) -> Self:
        """The instants that fit the state; `now` stands in the shop's time zone."""
        midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
        sent = midnight - timedelta(days=_sent_ago(state, region, dice))
        sent += timedelta(hours=18, minutes=dice.randint(0, 59)) - timedelta(days=1)
        days = dice.randint(*_PLACED_DAYS_AGO.get(state, (1, 1)))
        if state in {OrderState.PAID, OrderState.PACKED}:
            placed = (
                midnight - timedelta(days=days) + timedelta(hours=dice.randint(9, 20))
            )
        elif state is OrderState.UNPAID:
            # The shop closes unpaid orders after half an hour: this one is fresh.
            placed = now.replace(second=0, microsecond=0)
            placed -= timedelta(minutes=dice.randint(3, 20))
        else:
            placed = sent - timedelta(days=1, hours=dice.randint(1, 8))
        is_paid = state is not OrderState.UNPAID and (
            state is not OrderState.CANCELLED or dice.random() < CANCELLED_PAID
        )
        way = dice.randint(*_ON_THE_WAY_DAYS[region])
        door = sent + timedelta(days=way, hours=-dice.randint(1, 7))
        times = cls(
            placed_at=placed,
            paid_at=placed + timedelta(minutes=dice.randint(1, 20))
            if is_paid
            else None,
            sent_at=sent,
            promised_by=(sent + timedelta(days=goods.PROMISE_DAYS[region])).date(),
        )
        return times.ending(state, door=min(door, midnight - timedelta(hours=4)))

    def ending(self, state: OrderState, *, door: datetime) -> Self:
        """The same order with what followed: delivery, return, refund."""
        again = dict(vars(self))
        if state in {OrderState.DELIVERED, OrderState.RETURN_OPEN, OrderState.REFUNDED}:
            again["delivered_at"] = door
        if state is OrderState.RETURN_OPEN:
            again["return_asked_at"] = door + timedelta(hours=26)
        if state is OrderState.REFUNDED:
            again["return_asked_at"] = door + timedelta(hours=20)
            again["return_received_at"] = door + timedelta(days=4)
            again["refund_asked_at"] = door + timedelta(hours=20)
            again["refund_sent_at"] = door + timedelta(days=5)
        if state is OrderState.CANCELLED and self.paid_at is not None:
            again["refund_asked_at"] = self.paid_at + timedelta(hours=2)
            again["refund_sent_at"] = self.paid_at + timedelta(hours=20)
        return type(self)(**again)


def _sent_ago(state: OrderState, region: str, dice: Random) -> int:
    if state is OrderState.LATE:
        return goods.PROMISE_DAYS[region] + dice.randint(2, 3)
    if state is OrderState.LOST:
        return goods.LOST_DAYS[region] + dice.randint(2, 5)
    least, most = _SENT_DAYS_AGO.get(state, (2, 6))
    slow = 6 if region != "CN" and state in _FINISHED else 0
    return dice.randint(least, most) + slow


_FINISHED = {OrderState.DELIVERED, OrderState.RETURN_OPEN, OrderState.REFUNDED}


def shipments(
    state: OrderState, region: str, times: Timeline, *, dice: Random
) -> tuple[Shipment, ...]:
    """The parcels under way; of a partly shipped order, the one that left."""
    carrier, prefix, digits = dice.choice(goods.CARRIERS[region])
    tail = "".join(str(dice.randint(0, 9)) for _ in range(digits))
    suffix = "CN" if carrier == "EMS" else ""
    events = tuple(_scans(state, region, times, dice=dice))
    return (
        Shipment(
            carrier=carrier, tracking_number=prefix + tail + suffix, events=events
        ),
    )


def _scans(
    state: OrderState, region: str, times: Timeline, *, dice: Random
) -> list[ParcelEvent]:
    first, second, last = (named(*each) for each in goods.DEPOTS[region])
    middle = ParcelStatus.IN_TRANSIT if region == "CN" else ParcelStatus.CUSTOMS
    scans = [
        ParcelEvent(at=times.sent_at, place=first, status=ParcelStatus.ACCEPTED),
        ParcelEvent(
            at=times.sent_at + timedelta(hours=3, minutes=dice.randint(0, 59)),
            place=first,
            status=ParcelStatus.IN_TRANSIT,
        ),
    ]
    if state is OrderState.LOST:
        return scans
    if state is OrderState.LATE:
        held = times.sent_at + timedelta(hours=30)
        return [*scans, ParcelEvent(at=held, place=second, status=ParcelStatus.DELAYED)]
    door = times.delivered_at
    if door is None:
        return scans
    half = times.sent_at + (door - times.sent_at) / 2
    return [
        *scans,
        ParcelEvent(at=half, place=second, status=middle),
        ParcelEvent(
            at=max(half, door - timedelta(hours=4)),
            place=last,
            status=ParcelStatus.OUT_FOR_DELIVERY,
        ),
        ParcelEvent(at=door, place=last, status=ParcelStatus.DELIVERED),
    ]
