"""Decides which order system this desk talks to, as `shop.orders` names it."""

from __future__ import annotations

from collections.abc import Mapping

from api.clock import Clock
from api.database import Database
from api.settings import Settings
from api.shop.demo import DemoOrders
from api.shop.orders import OrderSource
from api.shop.rest import RestOrders, shop_token
from api.shop.unconnected import NoOrders


def open_orders(
    settings: Settings,
    database: Database,
    *,
    clock: Clock,
    environ: Mapping[str, str],
) -> OrderSource:
    """The adapter; nothing is connected yet. BadConfiguration if its secret is missing."""
    if settings.shop.orders == "rest":
        rest = settings.shop.rest
        return RestOrders(
            rest.base_url,
            token=shop_token(environ),
            timeout_seconds=rest.timeout_seconds,
        )
    if not settings.demo:
        # Made-up orders must never be told to a real shopper.
        return NoOrders()
    return DemoOrders(database, zone=settings.shop.timezone, clock=clock)
