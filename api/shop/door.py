"""Decides which order system this desk talks to, and wires the shop's part of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import api.shop.actions  # noqa: F401 - registers the bot's actions
from api.clock import Clock
from api.database import Database
from api.desk import ChangeOrder, OrderFacts
from api.settings import Settings
from api.shop.changes import Carrier
from api.shop.demo import DemoOrders
from api.shop.facts import find_facts
from api.shop.identity import identity_secret
from api.shop.orders import OrderSource
from api.shop.rest import RestOrders, shop_token
from api.words import Words


@dataclass(frozen=True, kw_only=True)
class Door:
    """What `Desk` takes from the shop's part; `orders` is to be closed."""

    orders: OrderSource
    change_order: ChangeOrder
    identity_secret: bytes | None
    database: Database
    clock: Clock

    async def order_facts(self, conversation_id: UUID) -> OrderFacts | None:
        """What the card may carry of the shopper's order."""
        return await find_facts(
            self.database, self.orders, conversation_id, now=self.clock()
        )


def open_door(
    settings: Settings,
    *,
    database: Database,
    words: Words,
    clock: Clock,
    environ: Mapping[str, str],
) -> Door:
    """Build the order source that the configuration names, and what stands on it."""
    orders = open_orders(settings, database=database, clock=clock, environ=environ)
    carrier = Carrier(
        database=database,
        orders=orders,
        words=words,
        zone=ZoneInfo(settings.shop.timezone),
        default_language=settings.languages.default,
        clock=clock,
    )
    return Door(
        orders=orders,
        change_order=carrier.carry_out,
        identity_secret=identity_secret(environ),
        database=database,
        clock=clock,
    )


def open_orders(
    settings: Settings, *, database: Database, clock: Clock, environ: Mapping[str, str]
) -> OrderSource:
    if settings.shop.orders == "rest":
        rest = settings.shop.rest
        return RestOrders(
            rest.base_url,
            token=shop_token(environ),
            timeout_seconds=rest.timeout_seconds,
        )
    return DemoOrders(database, zone=settings.shop.timezone, clock=clock)
