"""How the waiting line is ordered in Redis, as a copy of the rows that may be lost.

Nothing here decides anything. Every answer may be `None` ("cannot say": Redis is down,
or has forgotten), and then the rows are asked. Writes that fail are dropped: the next
repair brings the line back in step.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: the part in braces keeps all keys of the line on one node of a cluster
KEY = "warmline:{line}:waiting"


@dataclass(frozen=True, kw_only=True)
class Repair:
    """What must change for the line to agree with the rows."""

    missing: dict[UUID, datetime] = field(default_factory=dict)
    surplus: frozenset[UUID] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus)


class WaitingLine(Protocol):
    """Who waits, first in front: by rank, and by id where ranks are equal."""

    async def add(self, conversation_id: UUID, *, rank_at: datetime) -> None: ...

    async def remove(self, conversation_id: UUID) -> None: ...

    async def position(self, conversation_id: UUID) -> int | None:
        """1 for the first; None if the line cannot say."""
        ...

    async def head(self, limit: int) -> list[UUID] | None: ...

    async def entries(self) -> dict[UUID, datetime] | None: ...

    async def apply(self, repair: Repair) -> None: ...


class RedisLine:
    """The line as one sorted set."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def add(self, conversation_id: UUID, *, rank_at: datetime) -> None:
        await self._try(self._client.zadd(KEY, {str(conversation_id): _score(rank_at)}))

    async def remove(self, conversation_id: UUID) -> None:
        await self._try(self._client.zrem(KEY, str(conversation_id)))

    async def position(self, conversation_id: UUID) -> int | None:
        rank = await self._try(self._client.zrank(KEY, str(conversation_id)))
        return None if rank is None else int(rank) + 1

    async def head(self, limit: int) -> list[UUID] | None:
        members = await self._try(self._client.zrange(KEY, 0, limit - 1))
        return None if members is None else [UUID(_text(member)) for member in members]

    async def entries(self) -> dict[UUID, datetime] | None:
        pairs = await self._try(self._client.zrange(KEY, 0, -1, withscores=True))
        if pairs is None:
            return None
        return {UUID(_text(member)): _moment(score) for member, score in pairs}

    async def apply(self, repair: Repair) -> None:
        if repair.missing:
            scores = {str(key): _score(at) for key, at in repair.missing.items()}
            await self._try(self._client.zadd(KEY, scores))
        if repair.surplus:
            await self._try(self._client.zrem(KEY, *map(str, repair.surplus)))

    async def _try(self, command: Awaitable[Any]) -> Any:
        try:
            return await command
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("the line cannot say", action="line", error=str(error))
            return None


class MemoryLine:
    """The same line in one process: for tests, and for `warmline chat`."""

    def __init__(self) -> None:
        self._ranks: dict[UUID, datetime] = {}

    async def add(self, conversation_id: UUID, *, rank_at: datetime) -> None:
        self._ranks[conversation_id] = rank_at

    async def remove(self, conversation_id: UUID) -> None:
        self._ranks.pop(conversation_id, None)

    async def position(self, conversation_id: UUID) -> int | None:
        if conversation_id not in self._ranks:
            return None
        return self._ordered().index(conversation_id) + 1

    async def head(self, limit: int) -> list[UUID] | None:
        return self._ordered()[:limit]

    async def entries(self) -> dict[UUID, datetime] | None:
        return {key: self._ranks[key] for key in self._ordered()}

    async def apply(self, repair: Repair) -> None:
        self._ranks.update(repair.missing)
        for conversation_id in repair.surplus:
            self._ranks.pop(conversation_id, None)

    def _ordered(self) -> list[UUID]:
        return sorted(self._ranks, key=lambda key: (self._ranks[key], str(key)))


def compare(*, line: Mapping[UUID, datetime], rows: Mapping[UUID, datetime]) -> Repair:
    """Say what differs. The line must have been read before the rows, never after.

    Then an entry without a row has really left the queue, and is no newcomer whose row
    was read too early.
    """
    return Repair(
        missing={key: at for key, at in rows.items() if line.get(key) != at},
        surplus=frozenset(line.keys() - rows.keys()),
    )


def _score(moment: datetime) -> int:
    """Whole microseconds: exact in a double until the year 2255."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment(score: float) -> datetime:
    return EPOCH + timedelta(microseconds=int(score))


def _text(member: bytes | str) -> str:
    return member.decode() if isinstance(member, bytes) else member
