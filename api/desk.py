"""Everything that is built once and shared by all requests of a process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from api.background import Background
from api.failpoints import Failpoints
from api.here import ShoppersHere
from api.live_policy import LivePolicy
from api.looks import Looks
from api.metrics import Metrics
from api.realtime.rings import Head
from api.vectors import TurnVectors
from handoff.attachment_files import AttachmentFiles
from knowledge_base.gate import GateMemory

# Only for the types: the wired parts know the desk, the desk need not know them.
if TYPE_CHECKING:
    from api.bot.client import BotClient
    from api.bot.payloads import BotRequest
    from api.clock import Clock
    from api.database import Database
    from api.limits import Limiter
    from api.realtime.broker import Broker
    from api.realtime.hub import Hub
    from api.redis_client import Redis
    from api.settings import Settings
    from api.shop.orders import OrderSource
    from api.turn_driver import Driving
    from api.words import Words
    from handoff.hours import OpeningHours
    from handoff.line import WaitingLine
    from handoff.presence import Presence
    from knowledge_base.embedding import Embedder
    from knowledge_base.search import Searcher


@dataclass(frozen=True, kw_only=True)
class OrderFacts:
    """An order as the card shows it, and how the shopper proved that it is theirs."""

    order: Mapping[str, Any]
    how: str


class ChangeOrder(Protocol):
    async def __call__(
        self, conversation_id: UUID, turn_id: UUID, request: BotRequest
    ) -> dict[str, Any]:
        """Do it once for this turn and return what to say, as a message of the seam."""
        ...


class FindOrderFacts(Protocol):
    async def __call__(
        self, conversation_id: UUID, *, proven_only: bool = False
    ) -> OrderFacts | None: ...


@dataclass(kw_only=True)
class Desk:
    """The wired things; one per process, closed on the way out."""

    settings: Settings
    database: Database
    redis: Redis | None
    embedder: Embedder
    searcher: Searcher
    bot: BotClient
    orders: OrderSource
    #: carries out what the bot asks for an order; wired by the shop's part
    change_order: ChangeOrder
    #: what may be told of the shopper's order, and how it was proved
    order_facts: FindOrderFacts
    #: the key with which the shop signs its customers in; None when it does not
    identity_secret: bytes | None = None
    opening_hours: OpeningHours
    line: WaitingLine
    presence: Presence
    hub: Hub
    broker: Broker
    limiter: Limiter
    words: Words
    problems: Words
    clock: Clock
    metrics: Metrics = field(default_factory=Metrics)
    background: Background = field(default_factory=Background)
    vectors: TurnVectors = field(default_factory=TurnVectors)
    failpoints: Failpoints = field(default_factory=Failpoints)
    #: conversations whose turns this process is running
    driving: dict[UUID, Driving] = field(default_factory=dict)
    #: the rules for handing over that hold at this moment
    policy: LivePolicy = field(init=False)
    #: open sockets by the address they come from
    sockets_of: dict[str, int] = field(default_factory=dict)
    #: how the followed conversations stood when their rows were last looked at
    swept: dict[UUID, Head] = field(default_factory=dict)
    #: what the publish gate of this process need not find out twice
    gate_memory: GateMemory = field(default_factory=GateMemory)
    #: the index is loaded and the model warm; turns wait a little for it
    loaded: asyncio.Event = field(default_factory=asyncio.Event)
    #: on the way out: refuse new work, finish what runs
    is_draining: bool = False
    #: where the pictures of this desk lie
    pictures: AttachmentFiles = field(init=False)
    #: which shoppers have the chat open
    here: ShoppersHere = field(init=False)
    #: what shoppers show through their cameras
    looks: Looks = field(init=False)
    #: pictures are unpacked one at a time: each may need a quarter of a gigabyte
    unpacking: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    @property
    def is_loaded(self) -> bool:
        return self.loaded.is_set()

    def __post_init__(self) -> None:
        self.policy = LivePolicy(self.settings.triggers)
        is_mailed = bool(self.settings.handoff.mail.host)
        self.looks = Looks(self.redis)
        self.here = ShoppersHere(self.redis, is_wanted=is_mailed)
        self.pictures = AttachmentFiles(self.settings.var / "attachments")
