"""Decides where a live look through a shopper's camera is agreed on: in Redis, for as long as it can last.

Only what two browsers need to find each other is kept, never a picture.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID, uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.errors import ApiError

#: the shopper has so long to say yes or no
ASKED_SECONDS = 120
#: no look is longer
SHOWN_SECONDS = 1800

Side = Literal["offer", "answer"]


class LookUnavailable(ApiError):
    """Nobody can be shown anything at this moment; please try again in a minute."""

    code = "look_unavailable"
    status = 503


@dataclass(frozen=True, kw_only=True)
class Look:
    """One request to see something; both descriptions are SDP (RFC 8866)."""

    id: UUID
    agent_id: UUID
    #: the spell of the agent who asked: another one has not been agreed to
    version: int
    #: from the shopper's browser, once they said yes
    offer: str | None = None
    #: from the agent's browser
    answer: str | None = None


class Looks:
    """One look a conversation, shared by all processes; without Redis in this one."""

    def __init__(
        self, redis: Redis | None, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._redis = redis
        self._clock = clock
        self._held: dict[UUID, tuple[float, Look]] = {}

    async def begin(
        self, conversation_id: UUID, *, agent_id: UUID, version: int
    ) -> Look:
        """Ask, in place of an earlier look; LookUnavailable when it cannot be kept."""
        look = Look(id=uuid4(), agent_id=agent_id, version=version)
        if self._redis is None:
            self._held[conversation_id] = (self._clock() + ASKED_SECONDS, look)
            return look
        key = _key(conversation_id)
        async with self._redis.pipeline(transaction=True) as steps:
            steps.delete(key)
            steps.hset(key, mapping=_written(look))
            steps.expire(key, ASKED_SECONDS)
            await _sure(steps.execute())
        return look

    async def get(self, conversation_id: UUID) -> Look | None:
        """The look of this conversation; None when there is none or nobody can say."""
        if self._redis is None:
            end, look = self._held.get(conversation_id, (0.0, None))
            return look if end > self._clock() else None
        try:
            kept = await self._redis.hgetall(_key(conversation_id))
        except (RedisError, OSError, TimeoutError):
            return None
        return _read(kept) if kept else None

    async def describe(self, conversation_id: UUID, side: Side, sdp: str) -> bool:
        """Add one side's description; False when another window was first."""
        if self._redis is None:
            look = await self.get(conversation_id)
            if look is None or getattr(look, side) is not None:
                return False
            described = replace(look, **{side: sdp})  # type: ignore[arg-type]
            self._held[conversation_id] = (self._clock() + SHOWN_SECONDS, described)
            return True
        key = _key(conversation_id)
        is_first = await _sure(self._redis.hsetnx(key, side, sdp))
        await _sure(self._redis.expire(key, SHOWN_SECONDS))
        return bool(is_first)

    async def end(self, conversation_id: UUID) -> None:
        """Forget it."""
        if self._redis is None:
            self._held.pop(conversation_id, None)
            return
        await _sure(self._redis.delete(_key(conversation_id)))


def _key(conversation_id: UUID) -> str:
    return f"warmline:look:{conversation_id}"


def _written(look: Look) -> dict[Any, str]:
    return {
        "id": str(look.id),
        "agent_id": str(look.agent_id),
        "version": str(look.version),
    }


def _read(kept: dict[bytes | str, bytes | str]) -> Look:
    found = {_text(name): _text(value) for name, value in kept.items()}
    return Look(
        id=UUID(found["id"]),
        agent_id=UUID(found["agent_id"]),
        version=int(found["version"]),
        offer=found.get("offer"),
        answer=found.get("answer"),
    )


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value


async def _sure(step: Awaitable[Any]) -> Any:
    try:
        return await step
    except (RedisError, OSError, TimeoutError) as error:
        raise LookUnavailable(retry_after=60) from error
