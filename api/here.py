"""Decides whether a shopper has the chat open: a sign of life that runs out by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError

#: the window gives a sign every 20 s
SECONDS = 60
#: a Redis that failed is not asked again for this long
AWAY_SECONDS = 2.0
#: so many signs are held before the old ones are let go
KEPT = 10_000


class ShoppersHere:
    """Signs of life in Redis, shared by all processes; without Redis in this one."""

    def __init__(
        self,
        redis: Redis | None,
        *,
        is_wanted: bool = True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._redis = redis
        #: nobody asks where no mail is sent
        self._is_wanted = is_wanted
        self._clock = clock
        self._until: dict[UUID, float] = {}
        self._away_until = 0.0

    async def note(self, conversation_id: UUID) -> None:
        """They have it open just now; Redis away changes nothing for them."""
        now = self._clock()
        if not self._is_wanted or now < self._away_until:
            return
        if self._redis is None:
            if len(self._until) > KEPT:
                self._until = {k: end for k, end in self._until.items() if end > now}
            self._until[conversation_id] = now + SECONDS
            return
        try:
            await self._redis.set(_key(conversation_id), "1", ex=SECONDS)
        except (RedisError, OSError, TimeoutError):
            self._away_until = now + AWAY_SECONDS

    async def has(self, conversation_id: UUID) -> bool:
        """Whether they have; when nobody can say, a mail too many is better than none."""
        if self._redis is None:
            return self._until.get(conversation_id, 0.0) > self._clock()
        try:
            return bool(await self._redis.exists(_key(conversation_id)))
        except (RedisError, OSError, TimeoutError):
            return False


def _key(conversation_id: UUID) -> str:
    return f"warmline:here:{conversation_id}"
