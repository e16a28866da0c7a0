"""Decides what is known of a shopper that an article may hold for: region, channel, the order's day.

Only what the shop signed or the shopper proved counts; a shop that cannot be asked in
time leaves the day unknown, and nothing is then left out for it.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from api.desk import Desk, OrderFacts
from handoff.models import Conversation
from knowledge_base.conditions import (
    CHANNELS,
    ORDERED_FROM,
    ORDERED_UNTIL,
    REGIONS,
    UNKNOWN,
    Circumstances,
    code_of,
)

log = structlog.get_logger(__name__)

#: an answer does not wait longer for the shop than this
SHOP_SECONDS = 2.0


async def circumstances_of(desk: Desk, conversation_id: str) -> Circumstances:
    """What is known of who writes here; asked only where an article depends on it."""
    used = desk.searcher.conditions_used
    if not used:
        return UNKNOWN
    try:
        key = UUID(conversation_id)
    except ValueError:
        return UNKNOWN
    async with desk.database.reading() as session:
        row = await session.get(Conversation, key)
    if row is None:
        return UNKNOWN
    signed = code_of(row.shopper.get("region"))
    wants_order = bool(used & {ORDERED_FROM, ORDERED_UNTIL}) or (
        REGIONS in used and signed is None
    )
    order = await _order(desk, key) if wants_order else {}
    zone = ZoneInfo(desk.settings.shop.timezone)
    return Circumstances(
        region=signed or code_of(order.get("region")),
        channel=code_of(row.channel) if CHANNELS in used else None,
        ordered_on=_day(order.get("placed_at"), zone),
    )


async def _order(desk: Desk, conversation_id: UUID) -> dict[str, Any]:
    """The order that this conversation proved last, if the shop tells it in time."""
    try:
        async with asyncio.timeout(SHOP_SECONDS):
            facts: OrderFacts | None = await desk.order_facts(
                conversation_id, proven_only=True
            )
    except Exception:
        # an article too many among the buttons is no reason to say nothing
        log.exception("order not known", action="circumstances")
        return {}
    return dict(facts.order) if facts is not None else {}


def _day(value: object, zone: ZoneInfo) -> date | None:
    """The day by the shop's clock."""
    if not isinstance(value, str):
        return None
    return datetime.fromisoformat(value).astimezone(zone).date()
