"""Which agents are at their desk, and which have left without a word.

An agent is present as long as heartbeats renew the lease. Redis may lose all of it: then
nobody is judged to have left until one full lease after it came back.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

#: the part in braces keeps both keys on one node of a cluster
LEASES = "warmline:{presence}:leases"
STATES = "warmline:{presence}:states"


class AgentState(StrEnum):
    """What an agent says of themselves."""

    AVAILABLE = "available"
    AWAY = "away"  #: keeps what they have, gets nothing new


@dataclass(frozen=True, kw_only=True)
class AgentPresence:
    agent_id: UUID
    state: AgentState
    capacity: int | None = None


class Presence(Protocol):
    """Leases with a state each; every instant is passed in."""

    async def beat(
        self,
        agent_id: UUID,
        *,
        now: datetime,
        lease: timedelta,
        state: AgentState | None = None,
        capacity: int | None = None,
    ) -> None:
        """Renew the lease; `state` and `capacity` change only if given."""
        ...

    async def leave(self, agent_id: UUID) -> None: ...

    async def present(self, *, now: datetime) -> list[AgentPresence] | None:
        """Return everybody with a valid lease; None if presence cannot say."""
        ...

    async def expired_agents(
        self, holding: Collection[UUID], *, now: datetime, lease: timedelta
    ) -> list[UUID]:
        """Return those of `holding` whose lease is over.

        One without any lease gets one now: Redis may have been emptied a moment ago,
        and an agent is not thrown out for that.
        """
        ...


class RedisPresence:
    """Leases in a sorted set by their end, states in a hash beside it."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def beat(
        self,
        agent_id: UUID,
        *,
        now: datetime,
        lease: timedelta,
        state: AgentState | None = None,
        capacity: int | None = None,
    ) -> None:
        member = str(agent_id)
        await self._try(self._client.zadd(LEASES, {member: _score(now + lease)}))
        if state is None and capacity is None:
            return
        known = _state(await self._try(self._client.hget(STATES, member)))
        if state is not None:
            known["state"] = state
        if capacity is not None:
            known["capacity"] = capacity
        await self._try(self._client.hset(STATES, member, json.dumps(known)))

    async def leave(self, agent_id: UUID) -> None:
        await self._try(self._client.zrem(LEASES, str(agent_id)))
        await self._try(self._client.hdel(STATES, str(agent_id)))

    async def present(self, *, now: datetime) -> list[AgentPresence] | None:
        members = await self._try(
            self._client.zrangebyscore(LEASES, f"({_score(now)}", "+inf")
        )
        if members is None:
            return None
        if not members:
            return []
        states = await self._try(self._client.hmget(STATES, members))
        pairs = zip(members, states or [None] * len(members), strict=True)
        return [_presence(_text(member), _state(kept)) for member, kept in pairs]

    async def expired_agents(
        self, holding: Collection[UUID], *, now: datetime, lease: timedelta
    ) -> list[UUID]:
        members = sorted(map(str, holding))
        if not members:
            return []
        ends = await self._try(self._client.zmscore(LEASES, members))
        if ends is None:
            return []
        unknown = {
            member: _score(now + lease)
            for member, end in zip(members, ends, strict=True)
            if end is None
        }
        if unknown:
            await self._try(self._client.zadd(LEASES, unknown, nx=True))
        return [
            UUID(member)
            for member, end in zip(members, ends, strict=True)
            if end is not None and float(end) <= _score(now)
        ]

    async def _try(self, command: Awaitable[Any]) -> Any:
        try:
            return await command
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("presence cannot say", action="presence", error=str(error))
            return None


class MemoryPresence:
    """The same in one process, for tests and for a desk of one."""

    def __init__(self) -> None:
        self._ends: dict[UUID, int] = {}
        self._states: dict[UUID, dict[str, Any]] = {}

    async def beat(
        self,
        agent_id: UUID,
        *,
        now: datetime,
        lease: timedelta,
        state: AgentState | None = None,
        capacity: int | None = None,
    ) -> None:
        self._ends[agent_id] = _score(now + lease)
        known = self._states.setdefault(agent_id, {})
        if state is not None:
            known["state"] = state
        if capacity is not None:
            known["capacity"] = capacity

    async def leave(self, agent_id: UUID) -> None:
        self._ends.pop(agent_id, None)
        self._states.pop(agent_id, None)

    async def present(self, *, now: datetime) -> list[AgentPresence] | None:
        valid = [key for key, end in self._ends.items() if end > _score(now)]
        ordered = sorted(valid, key=lambda key: (self._ends[key], str(key)))
        return [_presence(str(key), self._states.get(key, {})) for key in ordered]

    async def expired_agents(
        self, holding: Collection[UUID], *, now: datetime, lease: timedelta
    ) -> list[UUID]:
        expired = []
        for agent_id in sorted(holding, key=str):
            end = self._ends.setdefault(agent_id, _score(now + lease))
            if end <= _score(now):
                expired.append(agent_id)
        return expired


def _presence(agent_id: str, kept: dict[str, Any]) -> AgentPresence:
    return AgentPresence(
        agent_id=UUID(agent_id),
        state=AgentState(kept.get("state", AgentState.AVAILABLE)),
        capacity=kept.get("capacity"),
    )


def _state(kept: bytes | str | None) -> dict[str, Any]:
    return dict(json.loads(kept)) if kept else {}


def _score(moment: datetime) -> int:
    """Whole milliseconds since 1970: exact in a double."""
    return round(moment.astimezone(UTC).timestamp() * 1000)


def _text(member: bytes | str) -> str:
    return member.decode() if isinstance(member, bytes) else member
