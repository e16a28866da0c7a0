"""Builds the one Redis client of the process: short time-outs, so that a dead Redis is noticed, not waited for."""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

__all__ = ["Redis", "connect"]

TIMEOUT_SECONDS = 1.0
MAX_CONNECTIONS = 64


def connect(url: str) -> Redis:
    """A client over a pool; nothing is sent until it is used."""
    client: Redis = Redis.from_url(
        url,
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        max_connections=MAX_CONNECTIONS,
        retry=Retry(NoBackoff(), 1),
        health_check_interval=30,
    )
    return client
