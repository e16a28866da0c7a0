"""Decides which change an order still allows, what it would mean, and what is best instead.

Pure. The shop's own dates win over the rules here; a person may always do more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.settings import AfterSale
from api.shop import aftercare
from api.shop.carriers import carrier_name
from api.shop.masking import masked_email
from api.shop.orders import ChangeKind, Item, Order, OrderState
from api.shop.phrases import TALK_TO_PERSON, Phrase
from api.shop.rulings import Ruling, Verdict, allow, pass_on, refuse

__all__ = ["Ruling", "Verdict", "rule"]

#: days after delivery, where the shop names no date; the home market's and the others'
RETURN_DAYS_HOME = 7
RETURN_DAYS_ABROAD = 30
EXCHANGE_DAYS = 15
INVOICE_DAYS = 180  # after the order
HOME = "CN"

_CANCEL = ("cancel_order_label", "cancel_order")
_RETURN = ("return_item_label", "return_item")
_TRACK = ("track_order_label", "track_order")
_NOT_SENT = {OrderState.UNPAID, OrderState.PAID, OrderState.PACKED}
_ON_ITS_WAY = {OrderState.SHIPPED, OrderState.LATE, OrderState.PARTLY_SHIPPED}


def rule(
    order: Order,
    kind: ChangeKind,
    *,
    now: datetime,
    zone: ZoneInfo,
    days: AfterSale | None = None,
) -> Ruling:
    """Whether the order still allows the change today."""
    closed = _closed(order, kind)
    if closed is not None:
        return closed
    if order.state is OrderState.LOST and kind is not ChangeKind.INVOICE:
        # A lost parcel is sent again or paid back: both are for a person to arrange.
        return pass_on("explain_lost_person", order)
    local, today = _local(order, zone), now.astimezone(zone).date()
    if kind in _RULES:
        ruling = _RULES[kind](local, today)
    else:
        ruling = _AFTER[kind](local, today, days or AfterSale())
    can = order.changes is None or kind in order.changes
    if ruling.verdict is Verdict.YES and not can:
        key = "lost_person_plain" if kind is ChangeKind.LOST else f"{kind.value}_person"
        return pass_on(f"explain_{key}", order)
    return ruling


def _local(order: Order, zone: ZoneInfo) -> Order:
    """The same order with its days counted in the shop's time zone."""
    delivered = order.delivered_at
    return replace(
        order,
        placed_at=order.placed_at.astimezone(zone),
        delivered_at=delivered.astimezone(zone) if delivered is not None else None,
    )


def _closed(order: Order, kind: ChangeKind) -> Ruling | None:
    """What no change follows on, whatever is wished."""
    match order.state:
        case OrderState.CANCELLED:
            return refuse("refused_cancelled", order)
        case OrderState.REFUNDED:
            return refuse("refused_refunded", order)
        case OrderState.RETURN_OPEN if kind is not ChangeKind.INVOICE:
            if order.returned is None:
                return refuse("refused_return_open_plain", order, TALK_TO_PERSON)
            return refuse(
                "refused_return_open",
                order,
                TALK_TO_PERSON,
                reference=order.returned.reference,
            )
    return None


def _cancel(order: Order, today: date) -> Ruling:
    if order.state is OrderState.UNPAID or order.route is None:
        if order.state in _NOT_SENT:
            return allow("explain_cancel_unpaid", order)
    elif order.state in _NOT_SENT:
        return allow(
            "explain_cancel_paid", order, amount=order.total, route=order.route
        )
    if order.state in _ON_ITS_WAY:
        return refuse("refused_cancel_on_its_way", order, _TRACK, TALK_TO_PERSON)
    return refuse("refused_cancel_delivered", order, _RETURN)


def _address(order: Order, today: date) -> Ruling:
    if order.state in _NOT_SENT:
        return allow("explain_address", order)
    if order.state in _ON_ITS_WAY and order.shipments:
        parcel = order.shipments[-1]
        return refuse(
            "refused_address_on_its_way",
            order,
            TALK_TO_PERSON,
            carrier=carrier_name(parcel.carrier),
            tracking=parcel.tracking_number,
        )
    if order.state in _ON_ITS_WAY:
        return refuse("refused_address_sent", order, TALK_TO_PERSON)
    return refuse("refused_address_delivered", order, TALK_TO_PERSON)


def _return(order: Order, today: date) -> Ruling:
    early = _too_early(order)
    if early is not None:
        return early
    days = RETURN_DAYS_HOME if order.region == HOME else RETURN_DAYS_ABROAD
    until = order.return_until or _after_delivery(order, days)
    return _send_back(order, "return", until=until, today=today)


def _exchange(order: Order, today: date) -> Ruling:
    early = _too_early(order)
    if early is not None:
        return early
    until = order.exchange_until or _after_delivery(order, EXCHANGE_DAYS)
    return _send_back(order, "exchange", until=until, today=today)


def _send_back(order: Order, what: str, *, until: date | None, today: date) -> Ruling:
    items = [item for item in order.items if item.returnable]
    if not items:
        return refuse("refused_not_returnable", order, TALK_TO_PERSON)
    if until is None:
        return pass_on(f"explain_{what}_person", order)
    if today > until:
        return refuse(f"refused_{what}_too_late", order, TALK_TO_PERSON, until=until)
    return allow(f"explain_{what}", order, until=until, items=[_line(i) for i in items])


def _invoice(order: Order, today: date) -> Ruling:
    if order.paid_at is None:
        return refuse("refused_invoice_unpaid", order)
    if order.invoice is not None and order.invoice.issued_at is not None:
        return refuse(
            "refused_invoice_issued",
            order,
            TALK_TO_PERSON,
            issued=order.invoice.issued_at,
        )
    if order.invoice is not None:
        return refuse("refused_invoice_asked", order, asked=order.invoice.requested_at)
    if today > order.placed_at.date() + timedelta(days=INVOICE_DAYS):
        return refuse(
            "refused_invoice_too_late", order, TALK_TO_PERSON, days=INVOICE_DAYS
        )
    if not order.customer.email:
        return pass_on("explain_invoice_person", order)
    return allow("explain_invoice", order, email=masked_email(order.customer.email))


_RULES: dict[ChangeKind, Callable[[Order, date], Ruling]] = {
    ChangeKind.CANCEL: _cancel,
    ChangeKind.ADDRESS: _address,
    ChangeKind.RETURN: _return,
    ChangeKind.EXCHANGE: _exchange,
    ChangeKind.INVOICE: _invoice,
}

_AFTER: dict[ChangeKind, Callable[[Order, date, AfterSale], Ruling]] = {
    ChangeKind.PRICE: aftercare.price,
    ChangeKind.PROBLEM: aftercare.problem,
    ChangeKind.LOST: aftercare.lost,
}


def _too_early(order: Order) -> Ruling | None:
    """Nothing can be sent back that has not come."""
    if order.state in _NOT_SENT:
        return refuse("refused_return_not_sent", order, _CANCEL)
    if order.state in _ON_ITS_WAY:
        return refuse("refused_return_not_arrived", order, _TRACK)
    return None


def _after_delivery(order: Order, days: int) -> date | None:
    if order.delivered_at is None:
        return None
    return order.delivered_at.date() + timedelta(days=days)


def _line(item: Item) -> Phrase:
    return Phrase(
        key="order_item_name", args={"name": item.name, "quantity": item.quantity}
    )
