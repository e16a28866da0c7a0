"""Builds everything a process needs, once, and closes it in the opposite order."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from api.bot.client import BotClient, Breaker
from api.chores import doing_chores
from api.clock import Clock, system_clock
from api.database import Database
from api.desk import Desk, OrderFacts
from api.failpoints import Failpoints
from api.knowledge import make_searcher
from api.limits import Limiter
from api.realtime.broker import RedisBroker
from api.realtime.hub import Hub
from api.redis_client import Redis
from api.setting_types import Day
from api.settings import Settings
from api.shop import facts
from api.shop.changes import Carrier
from api.shop.identity import identity_secret
from api.shop.orders import OrderSource
from api.shop.sources import open_orders
from api.words import PROBLEMS, Words, load_words
from handoff.hours import OpeningHours, read_hours
from handoff.line import RedisLine
from handoff.presence import RedisPresence
from knowledge_base.embedding import Embedder

log = structlog.get_logger(__name__)

#: what is running when the process is told to stop gets this long
DRAIN_SECONDS = 20.0


def build_desk(settings: Settings, *, embedder: Embedder, redis: Redis) -> Desk:
    """Wire the real parts; nothing is connected or loaded yet."""
    database = Database(settings)
    words = load_words(table=settings.languages.traditional)
    orders = open_orders(settings, database, clock=system_clock, environ=os.environ)
    return Desk(
        settings=settings,
        database=database,
        redis=redis,
        embedder=embedder,
        searcher=make_searcher(settings, embedder=embedder),
        bot=bot_client(settings),
        line=RedisLine(redis),
        presence=RedisPresence(redis),
        hub=Hub(),
        broker=RedisBroker(redis),
        limiter=Limiter(redis),
        words=words,
        problems=load_words(PROBLEMS, table=settings.languages.traditional),
        clock=system_clock,
        opening_hours=opening_hours(settings),
        identity_secret=identity_secret(os.environ),
        failpoints=Failpoints.from_environment(os.environ),
        **order_parts(settings, database, orders, words=words, clock=system_clock),
    )


def order_parts(
    settings: Settings,
    database: Database,
    orders: OrderSource,
    *,
    words: Words,
    clock: Clock,
) -> dict[str, Any]:
    """What the desk may do with orders."""

    async def order_facts(
        conversation_id: UUID, *, proven_only: bool = False
    ) -> OrderFacts | None:
        return await facts.find_facts(
            database, orders, conversation_id, proven_only=proven_only, now=clock()
        )

    carrier = Carrier(
        database=database,
        orders=orders,
        words=words,
        zone=ZoneInfo(settings.shop.timezone),
        default_language=settings.languages.default,
        clock=clock,
        days=settings.shop.after_sale,
    )
    return {
        "orders": orders,
        "change_order": carrier.carry_out,
        "order_facts": order_facts,
    }


def bot_client(settings: Settings) -> BotClient:
    limits = settings.limits
    return BotClient(
        settings.bot_url,
        token=settings.secrets.bot_token,
        timeout_seconds=limits.bot_timeout_seconds,
        breaker=Breaker(
            failures=limits.bot_breaker_failures, seconds=limits.bot_breaker_seconds
        ),
    )


def opening_hours(settings: Settings) -> OpeningHours:
    """The desk's week, and that of each skill with hours of its own."""
    given = settings.hours
    skills = {
        name: _hours(
            own.weekly,
            given.holidays if own.holidays is None else own.holidays,
            timezone=given.timezone,
        )
        for name, own in given.skills.items()
    }
    desk = _hours(given.weekly, given.holidays, timezone=given.timezone)
    return replace(desk, skills=skills)


def _hours(
    weekly: Mapping[Day, Sequence[str]], holidays: Sequence[str], *, timezone: str
) -> OpeningHours:
    week = {str(day): spans for day, spans in weekly.items()}
    return read_hours(timezone=timezone, weekly=week, holidays=holidays)


@asynccontextmanager
async def open_desk(desk: Desk) -> AsyncIterator[Desk]:
    """Start what runs beside the requests; on the way out finish it, then close."""
    await desk.broker.start(desk.hub.ring)
    try:
        async with doing_chores(desk):
            try:
                yield desk
            finally:
                desk.is_draining = True
                desk.hub.ring_everybody()
    finally:
        await desk.background.drain(seconds=DRAIN_SECONDS)
        await desk.broker.close()
        await desk.bot.close()
        await desk.orders.close()
        if desk.redis is not None:
            await desk.redis.aclose()
        await desk.database.close()
