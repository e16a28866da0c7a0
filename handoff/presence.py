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
    #: away on a break until then
    back_at: datetime | None = None
    shift_ends_at: datetime | None = None


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
        _change(known, state=state, capacity=capacity, back_at=back_at)
        await self._keep(agent_id, known)

    async def plan_shift(self, agent_id: UUID, *, ends_at: datetime | None) -> None:
        known = await self._known(agent_id)
        known["shift_ends_at"] = ends_at.isoformat() if ends_at else None
        await self._keep(agent_id, known)

    async def shifts_over(self, *, now: datetime) -> list[UUID]:
        kept = await self._try(self._client.hgetall(STATES))
        states = {
            UUID(_text(key)): _state(value) for key, value in (kept or {}).items()
        }
        return [key for key, known in states.items() if _is_over(known, now)]

    async def _known(self, agent_id: UUID) -> dict[str, Any]:
        return _state(await self._try(self._client.hget(STATES, str(agent_id))))

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
        _change(known, state=state, capacity=capacity, back_at=back_at)

    async def plan_shift(self, agent_id: UUID, *, ends_at: datetime | None) -> None:
        known = self._states.setdefault(agent_id, {})
        known["shift_ends_at"] = ends_at.isoformat() if ends_at else None

    async def shifts_over(self, *, now: datetime) -> list[UUID]:
        return [key for key, known in self._states.items() if _is_over(known, now)]

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
        back_at=_moment(kept.get("back_at")),
        shift_ends_at=_moment(kept.get("shift_ends_at")),
    )


def _change(
    known: dict[str, Any],
    *,
    state: AgentState | None,
    capacity: int | None,
    back_at: datetime | None,
) -> None:
    """The same state said again keeps the break: a page that opens says it too."""
    if state is not None and state != known.get("state"):
        known |= {"state": state, "back_at": None}
    if state == AgentState.AWAY and back_at is not None:
        known["back_at"] = back_at.isoformat()
    if capacity is not None:
        known["capacity"] = capacity


def _is_over(known: dict[str, Any], now: datetime) -> bool:
    ends_at = _moment(known.get("shift_ends_at"))
    return ends_at is not None and ends_at <= now


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def _state(kept: bytes | str | None) -> dict[str, Any]:
    return dict(json.loads(kept)) if kept else {}


def _score(moment: datetime) -> int:
    """Whole milliseconds since 1970: exact in a double."""
    return round(moment.astimezone(UTC).timestamp() * 1000)


def _text(member: bytes | str) -> str:
    return member.decode() if isinstance(member, bytes) else member
