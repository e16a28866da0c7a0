"""Decides how often something may be done: fixed windows in Redis, in memory when Redis is away."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.errors import RateLimited

#: how many windows a process remembers before it forgets the old ones
KEPT_WINDOWS = 10_000
#: a Redis that failed is not asked again for this long
AWAY_SECONDS = 2.0


@dataclass(frozen=True, kw_only=True)
class Rate:
    """At most `times` in `seconds`."""

    times: int
    seconds: int


@dataclass
class MemoryCounter:
    """Counts in this process alone: the twin, and the stand-in while Redis is away."""

    clock: Callable[[], float] = time.time
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)

    async def add(self, key: str, *, window: int, seconds: int) -> int:
        if len(self._counts) > KEPT_WINDOWS:
            self._forget(before=int(self.clock()))
        count = self._counts.get(f"{key}:{window}", (0, 0))[0] + 1
        self._counts[f"{key}:{window}"] = (count, (window + 1) * seconds)
        return count

    async def peek(self, key: str, *, window: int) -> int:
        return self._counts.get(f"{key}:{window}", (0, 0))[0]

    def _forget(self, *, before: int) -> None:
        kept = {k: v for k, v in self._counts.items() if v[1] > before}
        self._counts.clear()
        self._counts.update(kept)


class Limiter:
    """Rate limits shared by all processes through Redis.

    Redis away never stops a shopper: each process then counts for itself.
    """

    def __init__(
        self, redis: Redis | None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._memory = MemoryCounter(clock=clock)
        self._away_until = 0.0

    async def check(self, name: str, subject: str, rate: Rate) -> None:
        """Count one use; raise RateLimited with the seconds to wait when it was one too many."""
        window = int(self._clock()) // rate.seconds
        count = await self._add(f"limit:{name}:{subject}", window, rate.seconds)
        if count > rate.times:
            raise self._refusal(window, rate)

    async def count(self, name: str, subject: str, rate: Rate) -> None:
        """Count one use and refuse nothing: for what is only known to be wrong afterwards."""
        window = int(self._clock()) // rate.seconds
        await self._add(f"limit:{name}:{subject}", window, rate.seconds)

    async def check_only(self, name: str, subject: str, rate: Rate) -> None:
        """Raise RateLimited if the uses so far are too many already; counts nothing."""
        window = int(self._clock()) // rate.seconds
        if await self._peek(f"limit:{name}:{subject}", window) >= rate.times:
            raise self._refusal(window, rate)

    def _refusal(self, window: int, rate: Rate) -> RateLimited:
        left = (window + 1) * rate.seconds - int(self._clock())
        return RateLimited(retry_after=max(1, left))

    def _reachable(self) -> Redis | None:
        """Redis, unless it failed a moment ago: nobody waits for it with every message."""
        return self._redis if self._clock() >= self._away_until else None

    def _leave_alone(self) -> None:
        self._away_until = self._clock() + AWAY_SECONDS

    async def _add(self, key: str, window: int, seconds: int) -> int:
        redis = self._reachable()
        if redis is not None:
            try:
                async with redis.pipeline(transaction=True) as pipe:
                    pipe.incr(f"{key}:{window}")
                    pipe.expire(f"{key}:{window}", seconds + 5)
                    counted = await pipe.execute()
                return int(counted[0])
            except (RedisError, OSError, TimeoutError):
                self._leave_alone()
        return await self._memory.add(key, window=window, seconds=seconds)

    async def _peek(self, key: str, window: int) -> int:
        redis = self._reachable()
        if redis is not None:
            try:
                return int(await redis.get(f"{key}:{window}") or 0)
            except (RedisError, OSError, TimeoutError):
                self._leave_alone()
        return await self._memory.peek(key, window=window)
