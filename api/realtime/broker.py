"""Carries rings from process to process. It may lose any of them: rows are the truth, and sockets look again."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any, Protocol

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from api.realtime.rings import Ring

log = structlog.get_logger(__name__)

CHANNEL = "warmline:rings"
OUTBOX = 10_000
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 2.0

Deliver = Callable[[Ring], None]


class Broker(Protocol):
    """Publish to all other processes; what they publish is delivered here."""

    @property
    def is_healthy(self) -> bool:
        """False while rings from others may be missing."""
        ...

    async def start(self, deliver: Deliver) -> None: ...

    def publish(self, ring: Ring) -> None:
        """Never waits; dropped when nothing gets through."""
        ...

    async def close(self) -> None: ...


class Envelope(BaseModel):
    """A ring with its sender, so that nobody hears himself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    ring: Ring


class MemoryBus:
    """What several MemoryBrokers share instead of Redis."""

    def __init__(self) -> None:
        self.brokers: list[MemoryBroker] = []


class MemoryBroker:
    """The twin: brokers of one process, or of one test, on a shared bus."""

    def __init__(self, bus: MemoryBus | None = None) -> None:
        self._bus = bus or MemoryBus()
        self._deliver: Deliver | None = None

    @property
    def is_healthy(self) -> bool:
        return True

    async def start(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._bus.brokers.append(self)

    def publish(self, ring: Ring) -> None:
        for broker in self._bus.brokers:
            if broker is not self and broker._deliver is not None:  # noqa: SLF001 - its own kind
                broker._deliver(ring)  # noqa: SLF001

    async def close(self) -> None:
        if self in self._bus.brokers:
            self._bus.brokers.remove(self)


class RedisBroker:
    """Redis pub/sub, which forgets whatever happens while a connection is broken.

    After every reconnection a `check` is delivered, so that listeners read the rows.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._origin = secrets.token_hex(8)
        self._outbox: asyncio.Queue[Ring] = asyncio.Queue(OUTBOX)
        self._tasks: list[asyncio.Task[None]] = []
        self._is_listening = False
        self._can_publish = True
        self._was_told = False

    @property
    def is_healthy(self) -> bool:
        return self._is_listening and self._can_publish

    async def start(self, deliver: Deliver) -> None:
        self._tasks = [
            asyncio.create_task(self._listen(deliver), name="broker listens"),
            asyncio.create_task(self._send(), name="broker sends"),
        ]
        # Give a Redis that is there the time to be heard before the first socket.
        for _ in range(20):
            if self._is_listening:
                return
            await asyncio.sleep(0.05)

    def publish(self, ring: Ring) -> None:
        try:
            self._outbox.put_nowait(ring)
        except asyncio.QueueFull:
            self._can_publish = False

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _send(self) -> None:
        while True:
            ring = await self._outbox.get()
            sealed = Envelope(origin=self._origin, ring=ring).model_dump_json()
            try:
                await self._redis.publish(CHANNEL, sealed)
                self._can_publish = True
            except (RedisError, OSError, TimeoutError):
                self._can_publish = False

    async def _listen(self, deliver: Deliver) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                await self._follow(deliver)
            except (RedisError, OSError, TimeoutError) as error:
                self._note_loss(error)
            pause = FIRST_PAUSE if self._is_listening else min(pause * 2, LONGEST_PAUSE)
            self._is_listening = False
            await asyncio.sleep(pause)

    def _note_loss(self, error: Exception) -> None:
        """Say it once for every time that Redis goes, not for every try."""
        if self._is_listening or not self._was_told:
            self._was_told = True
            name = type(error).__name__
            log.warning("the doorbell is broken", action="broker_lost", error=name)

    async def _follow(self, deliver: Deliver) -> None:
        async with self._redis.pubsub() as pubsub:
            await pubsub.subscribe(CHANNEL)
            while True:
                heard = await pubsub.get_message(timeout=5.0)
                if heard is None:
                    continue
                if heard["type"] == "subscribe":
                    # Also after redis-py reconnected by itself: something may be lost.
                    self._is_listening = True
                    deliver(Ring(kind="check"))
                elif heard["type"] == "message":
                    self._pass_on(heard["data"], deliver)

    def _pass_on(self, data: Any, deliver: Deliver) -> None:
        try:
            sealed = Envelope.model_validate_json(data)
        except ValidationError:
            log.warning("an unreadable ring", action="broker_noise")
            return
        if sealed.origin != self._origin:
            deliver(sealed.ring)
