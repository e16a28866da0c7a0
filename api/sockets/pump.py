"""Sends one reader everything, in order and once: rows after a cursor, then whatever rings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from starlette.websockets import WebSocket

from api.desk import Desk
from api.realtime.frames import (
    MessageFrame,
    ServerFrame,
    StatusFrame,
    TurnFrame,
    TypingFrame,
)
from api.realtime.rings import Head, Ring
from api.schemas import HandoffView, PublicMessage, StaffMessage
from api.views import handoff_view, owner_name, public_messages, staff_messages
from handoff import conversations
from handoff.lifecycle import Audience, Status

#: a reader that does not take a frame within this time hurts others
SEND_SECONDS = 10.0
HEARTBEAT_SECONDS = 15.0
PAGE = 200

Send = Callable[[ServerFrame], Awaitable[None]]


class TooSlow(Exception):
    """The reader does not read."""


def sender(websocket: WebSocket) -> Send:
    """One writer at a time, and none for ever."""
    one_at_a_time = asyncio.Lock()

    async def send(frame: ServerFrame) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS), one_at_a_time:
                await websocket.send_text(frame.wire())
        except TimeoutError as error:
            raise TooSlow from error

    return send


class Feed:
    """One conversation for one reader: how far they are, and what they may read."""

    def __init__(
        self,
        desk: Desk,
        conversation_id: UUID,
        *,
        after: int,
        audience: Audience,
        tag: bool,
        send: Send,
    ) -> None:
        self._desk = desk
        self._conversation_id = conversation_id
        self._audience = audience
        #: agents follow several conversations, so their frames say which
        self._tag = conversation_id if tag else None
        self._send = send
        self.cursor = after
        self._one_at_a_time = asyncio.Lock()
        #: status and place as the reader knows them
        self._told: tuple[str, HandoffView | None] | None = None

    async def catch_up(self) -> None:
        """Send all rows after the cursor; the rows decide, whatever was rung."""
        async with self._one_at_a_time:
            await self._catch_up()

    async def _catch_up(self) -> None:
        while True:
            async with self._desk.database.reading() as session:
                rows = await conversations.since(
                    session,
                    self._conversation_id,
                    after=self.cursor,
                    audience=self._audience,
                    limit=PAGE,
                )
                shown: Sequence[PublicMessage | StaffMessage]
                if self._audience == Audience.AGENTS:
                    shown = await staff_messages(session, rows)
                else:
                    shown = await public_messages(session, rows)
            for message in shown:
                await self._send(
                    MessageFrame(message=message, conversation_id=self._tag)
                )
                self.cursor = message.seq
            if len(rows) < PAGE:
                return

    async def pass_on(self, ring: Ring, *, own_actor: str) -> None:
        """Turn a ring into what the reader gets."""
        if ring.kind == "check":
            await self._look(ring.head)
        elif ring.kind == "messages":
            await self.catch_up()
        elif ring.kind == "status":
            await self.catch_up()
            await self.send_status()
        elif ring.kind == "turn":
            running = TurnFrame(state="running", conversation_id=self._tag)
            done = TurnFrame(state="done", conversation_id=self._tag)
            await self._send(running if ring.detail == "running" else done)
        elif ring.kind == "typing" and ring.detail != own_actor:
            await self._send(TypingFrame(actor=ring.detail, conversation_id=self._tag))

    async def _look(self, head: Head | None) -> None:
        """Read what was missed; nothing, if the reader knows all that `head` names."""
        if head is None or self.cursor < head.seq:
            await self.catch_up()
        if head is not None and self._told is not None and self._told[0] != head.status:
            await self.send_status()

    async def send_status(self) -> None:
        """Say the status as it is now."""
        # Read and sent in one go: an older status never comes after a newer one.
        async with self._one_at_a_time:
            await self._send_status()

    async def send_place(self) -> None:
        """Say where a waiting reader stands now, if that is anything new."""
        async with self._one_at_a_time:
            if self._told is not None and self._told[0] == Status.QUEUED:
                await self._send_status(only_new=True)

    async def _send_status(self, *, only_new: bool = False) -> None:
        async with self._desk.database.reading() as session:
            row = await conversations.get(session, self._conversation_id)
            name = await owner_name(session, row)
        stands = (row.status, await handoff_view(self._desk, row))
        if only_new and stands == self._told:
            return
        await self._send(
            StatusFrame(
                status=row.status,
                handoff=stands[1],
                agent_name=name,
                conversation_id=self._tag,
            )
        )
        self.knows(*stands)

    def knows(self, status: str, handoff: HandoffView | None) -> None:
        """Note what the reader was told."""
        self._told = (status, handoff)
