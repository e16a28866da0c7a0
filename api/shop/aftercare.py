"""Decides when a lower price is paid back, a faulty delivery reported, a lost parcel looked for.

Pure. The days are the operator's (`shop.after_sale`).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from api.settings import AfterSale
from api.shop.orders import Money, Order, OrderState, PaymentRoute
from api.shop.phrases import TALK_TO_PERSON, Phrase
from api.shop.rulings import Ruling, allow, pass_on, refuse

_RETURN = ("return_item_label", "return_item")
_CANCEL = ("cancel_order_label", "cancel_order")
_TRACK = ("track_order_label", "track_order")
_NOT_SENT = {OrderState.UNPAID, OrderState.PAID, OrderState.PACKED}


def price_difference(order: Order) -> Money | None:
    """What the goods cost less today; None where the shop does not tell today's prices."""
    if any(each.current_price is None for each in order.items):
        return None
    less = Decimal(0)
    for each in order.items:
        now = each.current_price
        if now is not None and now.currency == each.unit_price.currency:
            drop = each.unit_price.amount - now.amount
            less += max(drop, Decimal(0)) * each.quantity
    return Money(amount=less, currency=order.total.currency)


def price(order: Order, today: date, days: AfterSale) -> Ruling:
    """Within so many days of the order, once, and only where the price fell."""
    if order.paid_at is None:
        return refuse("refused_price_unpaid", order)
    if order.adjusted is not None:
        return refuse(
            "refused_price_asked",
            order,
            TALK_TO_PERSON,
            reference=order.adjusted.reference,
        )
    until = order.placed_at.date() + timedelta(days=days.price_days)
    if today > until:
        return refuse(
            "refused_price_too_late",
            order,
            *_way_back(order),
            TALK_TO_PERSON,
            days=days.price_days,
            until=until,
        )
    less = price_difference(order)
    if less is None:
        return pass_on("explain_price_person", order)
    if less.amount == 0:
        return refuse("refused_price_not_lower", order, *_way_back(order), until=until)
    route = order.route or PaymentRoute.OTHER
    return allow("explain_price", order, amount=less, route=route)


def _way_back(order: Order) -> tuple[tuple[str, str], ...]:
    """How the order can be undone as it stands: only what would not be refused."""
    if order.state in _NOT_SENT:
        return (_CANCEL,)
    return (_RETURN,) if order.state is OrderState.DELIVERED else ()


def problem(order: Order, today: date, days: AfterSale) -> Ruling:
    """Of what has come, within so many days."""
    if order.state in _NOT_SENT:
        return refuse("refused_problem_not_sent", order, _TRACK)
    if order.state is OrderState.PARTLY_SHIPPED:
        return refuse("refused_problem_partly", order, _TRACK, TALK_TO_PERSON)
    if order.state is not OrderState.DELIVERED:
        return refuse("refused_problem_not_arrived", order, _TRACK, TALK_TO_PERSON)
    if order.delivered_at is not None:
        until = order.delivered_at.date() + timedelta(days=days.problem_days)
        if today > until:
            return refuse(
                "refused_problem_too_late", order, TALK_TO_PERSON, until=until
            )
    return allow("explain_problem", order)


def lost(order: Order, today: date, days: AfterSale) -> Ruling:
    """A parcel that stands still or is late, or one said to be handed over."""
    if order.state in _NOT_SENT:
        return refuse("refused_lost_not_sent", order, _TRACK)
    if order.investigated is not None:
        return refuse(
            "refused_lost_asked",
            order,
            TALK_TO_PERSON,
            reference=order.investigated.reference,
        )
    if order.state is OrderState.DELIVERED:
        return _not_received(order, today, days)
    quiet = _quiet_days(order, today)
    if quiet < days.stuck_days:
        return refuse(
            "refused_lost_not_yet",
            order,
            _TRACK,
            expected=_expected(order),
            days=days.stuck_days,
        )
    return allow("explain_lost_stuck", order, days=quiet)


def _not_received(order: Order, today: date, days: AfterSale) -> Ruling:
    if order.delivered_at is None:
        return pass_on("explain_lost_person_plain", order)
    until = order.delivered_at.date() + timedelta(days=days.lost_days)
    if today > until:
        return refuse("refused_lost_too_late", order, TALK_TO_PERSON, until=until)
    return allow("explain_lost_delivered", order, at=order.delivered_at)


def _quiet_days(order: Order, today: date) -> int:
    """For how long nothing moved, or how late it is, whichever is more."""
    zone = order.placed_at.tzinfo
    scans = [each.last_event for each in order.shipments]
    moved = [each.at.astimezone(zone).date() for each in scans if each is not None]
    since = min(moved) if moved else order.placed_at.date()
    late = (today - order.promised_by).days if order.promised_by else 0
    return max((today - since).days, late)


def _expected(order: Order) -> Phrase:
    if order.promised_by is None:
        return Phrase(key="expected_unknown")
    return Phrase(key="expected_by", args={"day": order.promised_by})
