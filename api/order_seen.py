"""Decides when a turn is about a proved order, and what of that order the rules may weigh."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from api.desk import Desk
from api.understood import Understood
from handoff.signals import OrderSeen

log = structlog.get_logger(__name__)

#: what shoppers say when an order is the matter; `inform` ends the proof of identity
ORDER_MATTERS = frozenset(
    {
        "track_order",
        "order_details",
        "refund_status",
        "cancel_order",
        "change_address",
        "return_item",
        "exchange_item",
        "invoice",
        "price_adjustment",
        "report_problem",
        "lost_parcel",
        "inform",
        "complain",
    }
)


async def order_seen(
    desk: Desk, conversation_id: UUID, understood: Understood
) -> OrderSeen | None:
    """The order, if this turn is about one and the shopper has proved that it is theirs."""
    if understood.intent.name not in ORDER_MATTERS or understood.active_loop:
        return None
    try:
        facts = await desk.order_facts(conversation_id)
    except Exception:
        # A rule less is no reason to leave the shopper without the answer.
        log.exception("order not weighed", action="order_seen")
        return None
    return read_order(facts.order) if facts is not None else None


def read_order(order: Mapping[str, Any]) -> OrderSeen | None:
    """What the rules need of the facts; None where the total is not told."""
    total = order.get("total") or {}
    if not total.get("amount"):
        return None
    return OrderSeen(
        number=str(order["order_number"]),
        total=float(total["amount"]),
        currency=str(total.get("currency") or ""),
        state=str(order.get("state") or ""),
    )
