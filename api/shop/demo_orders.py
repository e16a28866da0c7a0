"""Decides what the demo shop's 300 orders look like today: the same orders every day, with dates that stay recent.

Pure: number, person, goods and state follow from the index alone; instants follow from
the index and the day. The first eleven stand for the eleven states, one each, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from zoneinfo import ZoneInfo

from api.shop import demo_goods as goods
from api.shop.demo_parcels import Timeline, named, shipments
from api.shop.orders import (
    ChangeKind,
    Customer,
    Invoice,
    Item,
    Money,
    Order,
    OrderState,
    PaymentRoute,
    Refund,
    Return,
)

HOW_MANY = 300
CUSTOMERS = 180
#: the share of paid orders with an invoice
INVOICED = 0.25
SEED = 20261122
PREFIX = "WL20261122"
STATES = tuple(OrderState)
#: how the orders after the first eleven are spread over the states
WEIGHTS = (4, 8, 6, 20, 30, 6, 3, 4, 6, 7, 6)
#: what the demo shop changes by itself; a new address is a matter for a person
CHANGES = frozenset(ChangeKind) - {ChangeKind.ADDRESS, ChangeKind.PROBLEM}
_NOT_SENT = {
    OrderState.UNPAID,
    OrderState.PAID,
    OrderState.PACKED,
    OrderState.CANCELLED,
}
_ARRIVED = {OrderState.DELIVERED, OrderState.RETURN_OPEN, OrderState.REFUNDED}


def number_of(index: int) -> str:
    """The number of the order with this index, 1 to 300."""
    return f"{PREFIX}{index:05d}"


def index_of(number: str) -> int | None:
    """The index behind a number; None if the demo shop has no such order."""
    return _INDEXES.get(number)


_INDEXES = {number_of(index): index for index in range(1, HOW_MANY + 1)}


def state_of(index: int) -> OrderState:
    if index <= len(STATES):
        return STATES[index - 1]
    return _dice(index, "state").choices(STATES, weights=WEIGHTS)[0]


def customer_of(index: int) -> tuple[Customer, str]:
    """The buyer and the region; the later orders come from earlier buyers."""
    who = index if index <= CUSTOMERS else _dice(index, "who").randint(1, CUSTOMERS)
    dice = _dice(who, "customer")
    region = dice.choices(("CN", "TW", "HK", "US"), weights=(60, 15, 10, 15))[0]
    phone = {
        "CN": f"+86138{who:04d}{dice.randint(0, 9999):04d}",
        "TW": f"+886912{who:03d}{dice.randint(0, 999):03d}",
        "HK": f"+85262{who:03d}{dice.randint(0, 999):03d}",
        # 555-01xx is kept free for examples
        "US": f"+1{dice.choice(('206', '512', '312'))}55501{who % 100:02d}",
    }[region]
    email = f"{dice.choice(goods.MAILBOXES)}{who:03d}@example.com"
    name = dice.choice(goods.NAMES[region])
    customer = Customer(id=f"C{who:05d}", name=name, phone=phone, email=email)
    return customer, region


def build(index: int, *, now: datetime, zone: ZoneInfo) -> Order:
    """The order as it stands today."""
    dice = _dice(index, "order")
    state = state_of(index)
    customer, region = customer_of(index)
    times = Timeline.draw(state, region, dice=dice, now=now.astimezone(zone))
    items = _items(dice, region, least=2 if state is OrderState.PARTLY_SHIPPED else 1)
    currency = goods.CURRENCIES[region]
    worth = sum((each.unit_price.amount * each.quantity for each in items), Decimal(0))
    is_free = worth >= _price(goods.FREE_SHIPPING[region], currency)
    fee = Decimal(0) if is_free else _price(goods.SHIPPING_YUAN[region], currency)
    total = Money(amount=worth + fee, currency=currency)
    is_paid = times.paid_at is not None
    route = dice.choice(goods.ROUTES[region]) if is_paid else None
    returned = _return(state, index, times)
    return Order(
        number=number_of(index),
        customer=customer,
        region=region,
        state=state,
        placed_at=times.placed_at,
        paid_at=times.paid_at,
        route=route,
        items=_priced_today(index, items),
        shipping_fee=Money(amount=fee, currency=currency),
        total=total,
        address=f"{dice.choice(goods.ADDRESSES[region])} {dice.randint(1, 300)}",
        shipments=()
        if state in _NOT_SENT
        else shipments(state, region, times, dice=dice),
        promised_by=None if state in _NOT_SENT else times.promised_by,
        delivered_at=times.delivered_at if state in _ARRIVED else None,
        returned=returned,
        refund=_refund(state, times, total=total, route=route),
        invoice=_invoice(dice, times) if is_paid else None,
        changes=CHANGES,
    )


def _dice(index: int, purpose: str) -> Random:
    # The generator picks demo data; nothing secret hangs on it.
    return Random(f"{SEED}/{purpose}/{index}")  # noqa: S311


def _price(yuan: int, currency: str) -> Decimal:
    exact = Decimal(yuan) * Decimal(goods.RATES[currency])
    step = Decimal(1) if currency in {"TWD", "HKD"} else Decimal("0.01")
    return exact.quantize(step, ROUND_HALF_UP).quantize(Decimal("0.01"))


def _items(dice: Random, region: str, *, least: int) -> tuple[Item, ...]:
    how_many = max(least, dice.choices((1, 2, 3), weights=(55, 30, 15))[0])
    wares = dice.sample(goods.WARES, k=how_many)
    currency = goods.CURRENCIES[region]
    return tuple(
        Item(
            sku=ware.sku,
            name=named(ware.zh, ware.en),
            quantity=dice.choices((1, 2, 3), weights=(80, 15, 5))[0],
            unit_price=Money(amount=_price(ware.yuan, currency), currency=currency),
            returnable=ware.returnable,
        )
        for ware in wares
    )


def _priced_today(index: int, items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Every third order has become a tenth cheaper since."""
    share = Decimal("0.9") if index % 3 == 0 else Decimal(1)
    step = Decimal("0.01")
    return tuple(
        replace(
            each,
            current_price=Money(
                amount=(each.unit_price.amount * share).quantize(step, ROUND_HALF_UP),
                currency=each.unit_price.currency,
            ),
        )
        for each in items
    )


def _return(state: OrderState, index: int, times: Timeline) -> Return | None:
    if times.return_asked_at is None or state not in _ARRIVED:
        return None
    return Return(
        reference=f"RT{index:06d}",
        kind="return",
        requested_at=times.return_asked_at,
        received_at=times.return_received_at,
        send_by=(times.return_asked_at + timedelta(days=7)).date(),
    )


def _refund(
    state: OrderState, times: Timeline, *, total: Money, route: PaymentRoute | None
) -> Refund | None:
    if times.refund_asked_at is None or route is None:
        return None
    days = 10 if route is PaymentRoute.CARD else 3
    sent = times.refund_sent_at
    return Refund(
        amount=total,
        route=route,
        requested_at=times.refund_asked_at,
        sent_at=sent,
        expected_by=(sent + timedelta(days=days)).date() if sent is not None else None,
    )


def _invoice(dice: Random, times: Timeline) -> Invoice | None:
    if dice.random() > INVOICED or times.paid_at is None:
        return None
    asked = times.paid_at + timedelta(minutes=5)
    return Invoice(requested_at=asked, issued_at=asked + timedelta(minutes=50))


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An order to try out in the demo shop, and what proves it."""

    number: str
    state: OrderState
    phone: str
    email: str


def sample_orders(n: int = len(STATES)) -> tuple[Sample, ...]:
    """One order of every state, the most telling states first."""
    telling = (4, 6, 5, 10, 11, 2, 3, 7, 8, 1, 9)
    return tuple(_sample(index) for index in telling[:n])


def _sample(index: int) -> Sample:
    customer, _ = customer_of(index)
    return Sample(
        number=number_of(index),
        state=state_of(index),
        phone=customer.phone or "",
        email=customer.email or "",
    )
