"""Which agents are at their desk, and which have left without a word.

An agent is present as long as heartbeats renew the lease. Redis may lose all of it: then
nobody is judged to have left until one full lease after it came back.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from handoff import presence_notes
from handoff.presence_notes import (
    AgentPresence,
    AgentState,
    change,
    is_over,
    presence_of,
    read_notes,
)

__all__ = ["AgentPresence", "AgentState", "MemoryPresence", "Presence", "RedisPresence"]

log = structlog.get_logger(__name__)

#: the part in braces keeps both keys on one node of a cluster
LEASES = "warmline:{presence}:leases"
STATES = "warmline:{presence}:states"


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
        back_at: datetime | None = None,
    ) -> None:
        """Renew the lease; the rest changes only if given, see `say`."""
        ...

    async def say(
        self,
        agent_id: UUID,
        *,
        state: AgentState | None = None,
        capacity: int | None = None,
        back_at: datetime | None = None,
    ) -> None:
        """Note this of an agent, there or not; another state ends a break."""
        ...

    async def plan_shift(self, agent_id: UUID, *, ends_at: datetime | None) -> None:
        """Note when their shift ends; None is an open end."""
        ...

    async def follow_week(self, agent_id: UUID, *, ends_at: datetime) -> None:
        """Note the end that their weekly shifts name, unless that was done already."""
        ...

    async def shifts_over(self, *, now: datetime) -> list[UUID]:
        """Return those whose shift has ended, whether they are there or not."""
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
        back_at: datetime | None = None,
    ) -> None:
        ends = {str(agent_id): _score(now + lease)}
        await self._try(self._client.zadd(LEASES, ends))
        await self.say(agent_id, state=state, capacity=capacity, back_at=back_at)

    async def say(
        self,
        agent_id: UUID,
        *,
        state: AgentState | None = None,
        capacity: int | None = None,
        back_at: datetime | None = None,
    ) -> None:
        if state is None and capacity is None:
            return
        known = await self._known(agent_id)
        change(known, state=state, capacity=capacity, back_at=back_at)
        await self._keep(agent_id, known)

    async def plan_shift(self, agent_id: UUID, *, ends_at: datetime | None) -> None:
        known = await self._known(agent_id)
        presence_notes.plan_shift(known, ends_at=ends_at)
        await self._keep(agent_id, known)

    async def follow_week(self, agent_id: UUID, *, ends_at: datetime) -> None:
        known = await self._known(agent_id)
        presence_notes.follow_week(known, ends_at=ends_at)
        await self._keep(agent_id, known)

    async def shifts_over(self, *, now: datetime) -> list[UUID]:
        kept = await self._try(self._client.hgetall(STATES))
        states = {
            UUID(_text(key)): read_notes(value) for key, value in (kept or {}).items()
        }
        return [key for key, known in states.items() if is_over(known, now)]

    async def _known(self, agent_id: UUID) -> dict[str, Any]:
        return read_notes(await self._try(self._client.hget(STATES, str(agent_id))))

    async def _keep(self, agent_id: UUID, known: dict[str, Any]) -> None:
        await self._try(self._client.hset(STATES, str(agent_id), json.dumps(known)))

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
        return [presence_of(_text(member), read_notes(kept)) for member, kept in pairs]

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
        back_at: datetime | None = None,
    ) -> None:
        self._ends[agent_id] = _score(now + lease)
        await self.say(agent_id, state=state, capacity=capacity, back_at=back_at)

    async def say(
        self,
        agent_id: UUID,
        *,
        state: AgentState | None = None,
        capacity: int | None = None,
        back_at: datetime | None = None,
    ) -> None:
        known = self._states.setdefault(agent_id, {})
        change(known, state=state, capacity=capacity, back_at=back_at)

    async def plan_shift(self, agent_id: UUID, *, ends_at: datetime | None) -> None:
        known = self._states.setdefault(agent_id, {})
        presence_notes.plan_shift(known, ends_at=ends_at)

    async def follow_week(self, agent_id: UUID, *, ends_at: datetime) -> None:
        known = self._states.setdefault(agent_id, {})
        presence_notes.follow_week(known, ends_at=ends_at)

    async def shifts_over(self, *, now: datetime) -> list[UUID]:
        return [key for key, known in self._states.items() if is_over(known, now)]

    async def leave(self, agent_id: UUID) -> None:
        self._ends.pop(agent_id, None)
        self._states.pop(agent_id, None)

    async def present(self, *, now: datetime) -> list[AgentPresence] | None:
        valid = [key for key, end in self._ends.items() if end > _score(now)]
        ordered = sorted(valid, key=lambda key: (self._ends[key], str(key)))
        return [presence_of(str(key), self._states.get(key, {})) for key in ordered]

    async def expired_agents(
        self, holding: Collection[UUID], *, now: datetime, lease: timedelta
    ) -> list[UUID]:
        expired = []
        for agent_id in sorted(holding, key=str):
            end = self._ends.setdefault(agent_id, _score(now + lease))
            if end <= _score(now):
                expired.append(agent_id)
        return expired


def _score(moment: datetime) -> int:
    """Whole milliseconds since 1970: exact in a double."""
    return round(moment.astimezone(UTC).timestamp() * 1000)


def _text(member: bytes | str) -> str:
    return member.decode() if isinstance(member, bytes) else member
