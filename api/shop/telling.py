"""Decides what a shopper who may see an order is told of it: where it is, what is in it, where the money is.

Pure. What is not known is said to be unknown; no day is promised that the shop did not.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from api.shop.carriers import carrier_name
from api.shop.masking import masked_address, masked_name
from api.shop.orders import Item, Money, Order, OrderState, ParcelEvent, Shipment
from api.shop.phrases import TALK_TO_PERSON, Phrase, Value

#: scans told before the latest one
MOST_EARLIER = 3
_RETURN = ("return_item_label", "return_item")
_CANCEL = ("cancel_order_label", "cancel_order")
_REFUND = ("refund_status_label", "refund_status")
_DETAILS = ("order_details_label", "order_details")
_BUTTONS = {
    OrderState.PAID: (_CANCEL,),
    OrderState.PACKED: (_CANCEL,),
    OrderState.DELIVERED: (_RETURN,),
    OrderState.LATE: (TALK_TO_PERSON,),
    OrderState.LOST: (TALK_TO_PERSON,),
    OrderState.RETURN_OPEN: (_REFUND,),
}


def track(order: Order, *, now: datetime, zone: ZoneInfo) -> Phrase:
    """Where the order is, what that means, and what can be done."""
    return Phrase(
        key=f"order_track_{order.state.value}",
        args=_track_args(order, today=now.astimezone(zone).date()),
        buttons=_BUTTONS.get(order.state, ()),
    )


def _track_args(order: Order, *, today: date) -> dict[str, Value]:
    told: dict[str, Value] = {"order_number": order.number}
    match order.state:
        case OrderState.UNPAID | OrderState.PAID | OrderState.PACKED:
            told["placed"] = order.placed_at
        case OrderState.RETURN_OPEN:
            told["progress"] = _return_progress(order, today)
        case OrderState.CANCELLED | OrderState.REFUNDED:
            told["refund"] = _refund_line(order)
        case _:
            told["parcel"] = _parcels(order)
    if order.state in {OrderState.SHIPPED, OrderState.PARTLY_SHIPPED}:
        told["expected"] = _expected(order)
    elif order.state is OrderState.LATE:
        told["delay"] = _delay(order, today)
    elif order.state is OrderState.DELIVERED:
        told["arrived"] = _arrived(order)
    return told


def details(order: Order) -> Phrase:
    """What was bought, for how much, and where it goes, as far as one may see."""
    return Phrase(
        key="order_details",
        args={
            "order_number": order.number,
            "state": order.state,
            "placed": order.placed_at,
            "items": [_item(each) for each in order.items],
            "shipping": order.shipping_fee,
            "total": order.total,
            "paid": _paid(order),
            "name": masked_name(order.customer.name),
            "address": masked_address(order.address),
        },
    )


def refund(order: Order, *, now: datetime, zone: ZoneInfo) -> Phrase:
    """How much comes back, by which way, and by when."""
    number = order.number
    given = order.refund
    if given is None:
        return _no_refund(order, now.astimezone(zone).date())
    if given.sent_at is None:
        return Phrase(
            key="order_refund_pending",
            args={
                "order_number": number,
                "amount": given.amount,
                "route": given.route,
                "requested": given.requested_at,
            },
        )
    today = now.astimezone(zone).date()
    args: dict[str, Value] = {
        "order_number": number,
        "amount": given.amount,
        "route": given.route,
        "sent": given.sent_at,
    }
    if given.expected_by is None or given.expected_by < today:
        return Phrase(
            key="order_refund_should_be_there", args=args, buttons=(TALK_TO_PERSON,)
        )
    return Phrase(
        key="order_refund_on_its_way", args={**args, "expected": given.expected_by}
    )


def _no_refund(order: Order, today: date) -> Phrase:
    args: dict[str, Value] = {"order_number": order.number}
    if order.state is OrderState.RETURN_OPEN:
        args["progress"] = _return_progress(order, today)
        return Phrase(key="order_refund_after_return", args=args)
    if order.paid_at is None:
        return Phrase(key="order_refund_nothing_paid", args=args)
    return Phrase(
        key="order_refund_none", args=args, buttons=(_DETAILS, TALK_TO_PERSON)
    )


def listed(orders: tuple[Order, ...]) -> Phrase:
    """The signed-in shopper's latest orders, to choose from."""
    lines = [
        Phrase(
            key="order_line",
            args={
                "order_number": each.number,
                "state": each.state,
                "placed": each.placed_at,
            },
        )
        for each in orders
    ]
    return Phrase(key="your_orders", args={"orders": lines})


def _item(item: Item) -> Phrase:
    price = Money(
        amount=item.unit_price.amount * item.quantity, currency=item.unit_price.currency
    )
    return Phrase(
        key="order_item_line",
        args={"name": item.name, "quantity": item.quantity, "price": price},
    )


def _paid(order: Order) -> Phrase:
    if order.paid_at is None:
        return Phrase(key="order_not_paid")
    if order.route is None:
        return Phrase(key="order_paid", args={"paid": order.paid_at})
    return Phrase(
        key="order_paid_by", args={"paid": order.paid_at, "route": order.route}
    )


def _parcels(order: Order) -> Phrase:
    if not order.shipments:
        return Phrase(key="parcel_unknown")
    lines = [_parcel(each) for each in order.shipments]
    return Phrase(key="parcel_lines", args={"lines": lines})


def _parcel(shipment: Shipment) -> Phrase:
    args: dict[str, Value] = {
        "carrier": carrier_name(shipment.carrier),
        "tracking": shipment.tracking_number,
    }
    last = shipment.last_event
    if last is None:
        return Phrase(key="parcel_unscanned", args=args)
    args["event"] = _event(last)
    earlier = shipment.events[-1 - MOST_EARLIER : -1][::-1]
    if not earlier:
        return Phrase(key="parcel_scanned", args=args)
    args["earlier"] = [
        Phrase(key="parcel_earlier", args={"event": _event(each)}) for each in earlier
    ]
    return Phrase(key="parcel_scanned_often", args=args)


def _event(event: ParcelEvent) -> Phrase:
    return Phrase(
        key="parcel_event",
        args={"at": event.at, "place": event.place, "status": event.status},
    )


def _expected(order: Order) -> Phrase:
    if order.promised_by is None:
        return Phrase(key="expected_unknown")
    return Phrase(key="expected_by", args={"day": order.promised_by})


def _delay(order: Order, today: date) -> Phrase:
    if order.promised_by is None or order.promised_by >= today:
        return Phrase(key="delay_unknown")
    days = (today - order.promised_by).days
    return Phrase(
        key="delay_one_day" if days == 1 else "delay_days",
        args={"day": order.promised_by, "days": days},
    )


def _arrived(order: Order) -> Phrase:
    if order.delivered_at is None:
        return Phrase(key="arrived_unknown")
    return Phrase(key="arrived_at", args={"at": order.delivered_at})


def _return_progress(order: Order, today: date) -> Phrase:
    given = order.returned
    if given is None:
        return Phrase(key="return_progress_unknown")
    if given.received_at is not None:
        return Phrase(
            key="return_progress_received",
            args={"reference": given.reference, "received": given.received_at},
        )
    if given.send_by is None:
        return Phrase(
            key="return_progress_asked",
            args={"reference": given.reference, "asked": given.requested_at},
        )
    is_over = given.send_by < today
    return Phrase(
        key="return_progress_over" if is_over else "return_progress_send_by",
        args={
            "reference": given.reference,
            "asked": given.requested_at,
            "day": given.send_by,
        },
    )


def _refund_line(order: Order) -> Phrase:
    given = order.refund
    if given is None:
        key = "refund_line_none" if order.paid_at is None else "refund_line_unknown"
        return Phrase(key=key)
    args: dict[str, Value] = {"amount": given.amount, "route": given.route}
    if given.sent_at is None:
        return Phrase(key="refund_line_pending", args=args)
    return Phrase(key="refund_line_sent", args={**args, "sent": given.sent_at})
