"""Decides which order facts travel on the card: of the order this conversation proved last."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from api.database import Database
from api.desk import OrderFacts
from api.shop.errors import ShopError
from api.shop.identity import signed_in_customer
from api.shop.orders import Money, Order, OrderSource
from api.shop.proof import newest_proof


async def find_facts(
    database: Database,
    orders: OrderSource,
    conversation_id: UUID,
    *,
    now: datetime,
    proven_only: bool = False,
) -> OrderFacts | None:
    """The facts and how they were proved; None without a proof or without the shop.

    A signed-in buyer's newest order need not be the one that is meant: `proven_only`.
    """
    async with database.reading() as session:
        proof = await newest_proof(session, conversation_id, now=now)
        customer = await signed_in_customer(session, conversation_id, now=now)
    try:
        if proof is not None:
            order = await orders.find(proof.order_number)
            return _facts(order, how=proof.how, now=now)
        if customer is not None and not proven_only:
            newest = await orders.list_for(customer, limit=1)
            return _facts(newest[0] if newest else None, how="signed_token", now=now)
    except ShopError:
        # The person who takes over can look it up; the handoff must not wait for it.
        return None
    return None


def _facts(order: Order | None, *, how: str, now: datetime) -> OrderFacts | None:
    if order is None:
        return None
    return OrderFacts(order=as_json(order, now=now), how=how)


def as_json(order: Order, *, now: datetime) -> dict[str, Any]:
    """The order as the card keeps it; no name, telephone, mailbox or address."""
    parcel = order.shipments[-1] if order.shipments else None
    return {
        "order_number": order.number,
        "state": order.state.value,
        "placed_at": _iso(order.placed_at),
        "paid_at": _iso(order.paid_at),
        "promised_by": order.promised_by.isoformat() if order.promised_by else None,
        "delivered_at": _iso(order.delivered_at),
        "total": _money(order.total),
        "route": order.route.value if order.route else None,
        "region": order.region,
        "carrier": parcel.carrier if parcel else None,
        "tracking_number": parcel.tracking_number if parcel else None,
        "refund": _money(order.refund.amount) if order.refund else None,
        "items": [
            {"sku": each.sku, "name": dict(each.name), "quantity": each.quantity}
            for each in order.items
        ],
        "checked_at": _iso(now),
    }


def _money(money: Money) -> dict[str, str]:
    return {"amount": str(money.amount), "currency": money.currency}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
