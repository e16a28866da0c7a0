"""The agent's live line: the queue's bell, and every conversation they look at."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from starlette.websockets import WebSocket

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember, hash_token
from api.announce import announce
from api.auth import desk_of, recognise_staff, recognise_token
from api.desk import Desk
from api.desk_view import counts, may_follow
from api.presence import note_presence
from api.realtime.frames import (
    CLOSE_FORBIDDEN,
    CLOSE_NOT_SIGNED_IN,
    CLOSE_RESTART,
    AgentHello,
    AgentReady,
    AgentTyping,
    ErrorFrame,
    Ping,
    Pong,
    QueueFrame,
    Resync,
    Unwatch,
    Watch,
    agent_frames,
)
from api.realtime.hub import DESK, Listener
from api.realtime.rings import Head, Ring
from api.sockets.pump import Feed, Send, sender
from api.sockets.receiving import CloseSocket, Receiver
from api.sockets.running import guarded, let_in, side_by_side
from api.supervising import note_listening
from handoff import conversations
from handoff.errors import NoSuchConversation
from handoff.followed import several
from handoff.lifecycle import Audience

HELLO_SECONDS = 5.0
#: how often the session and the rights are looked at again
RECHECK_SECONDS = 3.0
BEAT_SECONDS = 10.0
MOST_WATCHED = 50


async def agent_socket(websocket: WebSocket) -> None:
    """Accept, learn who it is by cookie or token, then follow until the session ends."""
    desk = desk_of(websocket)
    async with guarded(desk, websocket, kind="agent") as accepted:
        if accepted:
            await _serve(desk, websocket)


async def _serve(desk: Desk, websocket: WebSocket) -> None:
    send = sender(websocket)
    receiver = Receiver(websocket, frames=agent_frames, send=send)
    try:
        hello = await receiver.next(within=HELLO_SECONDS)
    except TimeoutError:
        raise CloseSocket(CLOSE_NOT_SIGNED_IN, "no hello") from None
    if not isinstance(hello, AgentHello):
        raise CloseSocket(CLOSE_NOT_SIGNED_IN, "say hello first")
    member = await _who(desk, websocket, hello)
    let_in(desk, websocket)
    with desk.hub.listen(DESK) as listener:
        line = AgentLine(desk, member, listener, send, looks_on=hello.looks_on)
        await line.welcome(hello.watch)
        await side_by_side(line.read(receiver), line.write(), line.stay_there())


async def _who(desk: Desk, websocket: WebSocket, hello: AgentHello) -> StaffMember:
    if hello.token is not None:
        member = await recognise_token(desk, hash_token(hello.token))
    else:
        member = await recognise_staff(websocket)
    if member is None:
        raise CloseSocket(CLOSE_NOT_SIGNED_IN, "")
    if not member.may(Permission.SERVE_SHOPPERS):
        raise CloseSocket(CLOSE_FORBIDDEN, "")
    return member


class AgentLine:
    """One agent's socket: what they follow, and whether they still may."""

    def __init__(
        self,
        desk: Desk,
        member: StaffMember,
        listener: Listener,
        send: Send,
        *,
        looks_on: bool = False,
    ) -> None:
        self._looks_on = looks_on
        self._desk = desk
        self._member = member
        self._listener = listener
        self._send = send
        self._feeds: dict[UUID, Feed] = {}
        self._version = 0

    async def welcome(self, watch: list[UUID]) -> None:
        await self._beat()
        waits, own = await counts(self._desk, self._member)
        await self._send(AgentReady(waiting=waits, mine=own))
        for conversation_id in watch:
            await self._watch(conversation_id, after=0)

    async def read(self, receiver: Receiver[Any]) -> None:
        while True:
            frame = await receiver.next()
            if isinstance(frame, Watch):
                await self._watch(frame.conversation_id, after=frame.after)
            elif isinstance(frame, Unwatch):
                self._unwatch(frame.conversation_id)
            elif isinstance(frame, AgentTyping):
                if frame.conversation_id in self._feeds:
                    announce(
                        self._desk, frame.conversation_id, "typing", detail="agent"
                    )
            elif isinstance(frame, Ping):
                await self._send(Pong(head=self._version))
            else:
                raise CloseSocket(CLOSE_NOT_SIGNED_IN, "hello was said already")

    async def write(self) -> None:
        while True:
            ring = await self._listener.next(within=RECHECK_SECONDS)
            if self._desk.is_draining:
                raise CloseSocket(CLOSE_RESTART, "restart")
            if ring is None:
                await self._miss_no_queue()
            else:
                await self._hear(ring)

    async def stay_there(self) -> None:
        """Keep the agent's lease and look whether the session still stands.

        Apart from `write`, so that a busy desk cannot keep a closed session open.
        """
        since_beat = 0.0
        while True:
            await asyncio.sleep(RECHECK_SECONDS)
            await self._ask_again()
            since_beat += RECHECK_SECONDS
            if since_beat >= BEAT_SECONDS:
                since_beat = 0.0
                await self._beat()
                await self._drop_what_is_not_theirs()

    async def _beat(self) -> None:
        if not self._looks_on:
            await note_presence(self._desk, self._member)

    async def _ask_again(self) -> None:
        """Close unless the session still stands and its rights still suffice."""
        member = await recognise_token(self._desk, self._member.token_hash)
        if member is None:
            raise CloseSocket(CLOSE_NOT_SIGNED_IN, "")
        if not member.may(Permission.SERVE_SHOPPERS):
            raise CloseSocket(CLOSE_FORBIDDEN, "")
        before, self._member = self._member, member
        if member.roles != before.roles:
            await self._drop_what_is_not_theirs()

    async def _hear(self, ring: Ring) -> None:
        if ring.kind == "session":
            if ring.detail in {self._member.token_hash, f"staff:{self._member.id}"}:
                await self._ask_again()
        elif ring.kind == "queue":
            await self._send_queue()
        elif ring.conversation_id is None:
            await self._look_again()
        elif ring.conversation_id in self._feeds:
            if ring.kind == "status" or _is_others(ring.head, self._member):
                await self._drop_what_is_not_theirs()
            feed = self._feeds.get(ring.conversation_id)
            if feed is not None:
                await feed.pass_on(ring, own_actor="agent")

    async def _look_again(self) -> None:
        for feed in list(self._feeds.values()):
            await feed.catch_up()
        await self._miss_no_queue()

    async def _miss_no_queue(self) -> None:
        """While no rings come from other processes, the queue is counted in silence, too."""
        if not self._desk.broker.is_healthy:
            await self._send_queue()

    async def _send_queue(self) -> None:
        waits, own = await counts(self._desk, self._member)
        self._version += 1
        await self._send(QueueFrame(waiting=waits, mine=own, version=self._version))

    async def _watch(self, conversation_id: UUID, *, after: int) -> None:
        try:
            async with self._desk.database.reading() as session:
                row = await conversations.get(session, conversation_id)
                may = await may_follow(session, self._member, row)
        except NoSuchConversation:
            row, may = None, False
        if row is None or not may:
            await self._refuse("not_found", conversation_id)
            return
        if len(self._feeds) >= MOST_WATCHED:
            await self._refuse("too_many", conversation_id)
            return
        await note_listening(self._desk, self._member, conversation_id)
        if after > row.last_seq:
            await self._send(Resync(conversation_id=conversation_id))
            after = 0
        feed = Feed(
            self._desk,
            conversation_id,
            after=after,
            audience=Audience.AGENTS,
            tag=True,
            send=self._send,
        )
        # Listen first, then read: nothing falls between.
        self._desk.hub.follow(self._listener, conversation_id)
        await feed.catch_up()
        self._feeds[conversation_id] = feed
        await feed.catch_up()
        await feed.send_status()

    def _unwatch(self, conversation_id: UUID) -> None:
        self._feeds.pop(conversation_id, None)
        self._desk.hub.unfollow(self._listener, conversation_id)

    async def _drop_what_is_not_theirs(self) -> None:
        watched = list(self._feeds)
        if not watched:
            return
        async with self._desk.database.reading() as session:
            rows = await several(session, watched)
            lost = [
                each
                for each in watched
                if each not in rows
                or not await may_follow(session, self._member, rows[each])
            ]
        for conversation_id in lost:
            self._unwatch(conversation_id)
            await self._refuse("not_yours", conversation_id)

    async def _refuse(self, code: str, conversation_id: UUID) -> None:
        await self._send(
            ErrorFrame(
                code=code,
                detail="You cannot follow this conversation.",
                conversation_id=conversation_id,
            )
        )


def _is_others(head: Head | None, member: StaffMember) -> bool:
    """Whether it stands as somebody else's, or nobody's."""
    return head is not None and head.agent_id != member.id
