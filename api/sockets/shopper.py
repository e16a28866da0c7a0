"""The shopper's live line to one conversation: the same rights as over HTTP, frame by frame."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from starlette.websockets import WebSocket

from api.announce import announce
from api.auth import desk_of, shoppers_conversation
from api.desk import Desk
from api.errors import ApiError, status_of
from api.realtime.frames import (
    CLOSE_IDLE,
    CLOSE_NOT_SIGNED_IN,
    CLOSE_RESTART,
    Ack,
    ErrorFrame,
    Hello,
    Ping,
    Pong,
    Read,
    Ready,
    Resync,
    SendMessage,
    Typing,
    shopper_frames,
)
from api.realtime.hub import Listener
from api.sockets.places import follow_line
from api.sockets.pump import HEARTBEAT_SECONDS, Feed, Send, sender
from api.sockets.receiving import CloseSocket, Receiver
from api.sockets.running import guarded, side_by_side
from api.speaking import Said, take
from api.views import epoch, handoff_view, owner_name, public_head
from handoff import conversations
from handoff.errors import HandoffError, NoSuchConversation
from handoff.lifecycle import Audience
from handoff.models import Conversation

HELLO_SECONDS = 5.0
IDLE_SECONDS = 1800.0


async def shopper_socket(websocket: WebSocket, conversation_id: str) -> None:
    """Accept, learn who it is, then read and write side by side until one ends."""
    desk = desk_of(websocket)
    async with guarded(desk, websocket, kind="shopper") as accepted:
        if accepted:
            await _serve(desk, websocket, conversation_id)


async def _serve(desk: Desk, websocket: WebSocket, conversation_id: str) -> None:
    send = sender(websocket)
    receiver = Receiver(websocket, frames=shopper_frames, send=send)
    try:
        hello = await receiver.next(within=HELLO_SECONDS)
    except TimeoutError:
        raise CloseSocket(CLOSE_NOT_SIGNED_IN, "no hello") from None
    if not isinstance(hello, Hello):
        raise CloseSocket(CLOSE_NOT_SIGNED_IN, "say hello first")
    try:
        conversation = await shoppers_conversation(desk, conversation_id, hello.token)
    except NoSuchConversation:
        raise CloseSocket(CLOSE_NOT_SIGNED_IN, "") from None
    with desk.hub.listen(conversation.id) as listener:
        feed = await _welcome(desk, conversation, hello, send)
        await side_by_side(
            _read(desk, conversation.id, receiver, send),
            _write(desk, conversation.id, feed, listener, send),
            follow_line(desk, feed),
        )


async def _welcome(
    desk: Desk, conversation: Conversation, hello: Hello, send: Send
) -> Feed:
    """Say where the stream stands, and replay what was missed."""
    await desk.here.note(conversation.id)
    async with desk.database.reading() as session:
        current = await conversations.get(session, conversation.id)
        head = await public_head(session, conversation.id)
        agent = await owner_name(session, current)
    name = epoch(current)
    is_other_stream = hello.epoch is not None and hello.epoch != name
    after = hello.after
    if after > current.last_seq or is_other_stream:
        # What the client holds is not of this stream: it starts afresh.
        await send(Resync())
        after = 0
    handoff = await handoff_view(desk, current)
    await send(
        Ready(
            head=head,
            epoch=name,
            status=current.status,
            handoff=handoff,
            agent_name=agent,
            language=current.language,
        )
    )
    feed = Feed(
        desk,
        conversation.id,
        after=after,
        audience=Audience.EVERYONE,
        tag=False,
        send=send,
    )
    feed.knows(current.status, handoff)
    await feed.catch_up()
    return feed


async def _read(
    desk: Desk, conversation_id: UUID, receiver: Receiver[Any], send: Send
) -> None:
    while True:
        try:
            frame = await receiver.next(within=IDLE_SECONDS)
        except TimeoutError:
            raise CloseSocket(CLOSE_IDLE, "idle") from None
        if isinstance(frame, SendMessage):
            await _take(desk, conversation_id, frame, send)
        elif isinstance(frame, Ping):
            await desk.here.note(conversation_id)
            async with desk.database.reading() as session:
                head = await public_head(session, conversation_id)
            await send(Pong(head=head))
        elif isinstance(frame, Typing):
            announce(desk, conversation_id, "typing", detail="shopper")
        elif isinstance(frame, Hello):
            raise CloseSocket(CLOSE_NOT_SIGNED_IN, "hello was said already")
        elif isinstance(frame, Read):
            continue


async def _take(
    desk: Desk, conversation_id: UUID, frame: SendMessage, send: Send
) -> None:
    """Acknowledge after the commit; the answer comes as messages."""
    said = Said(
        client_id=frame.client_id,
        text=frame.text,
        button_id=frame.button_id,
        pictures=frame.pictures,
    )
    try:
        async with desk.database.reading() as session:
            conversation = await conversations.get(session, conversation_id)
        taken = await take(desk, conversation, said)
    except (ApiError, HandoffError) as error:
        if status_of(error) is None:
            raise
        await send(
            ErrorFrame(
                code=error.code,
                client_id=frame.client_id,
                detail=str(error),
                retry_after=getattr(error, "retry_after", None),
            )
        )
        return
    await send(Ack(client_id=frame.client_id, seq=taken.message.seq))


async def _write(
    desk: Desk, conversation_id: UUID, feed: Feed, listener: Listener, send: Send
) -> None:
    while True:
        ring = await listener.next(within=HEARTBEAT_SECONDS)
        if desk.is_draining:
            raise CloseSocket(CLOSE_RESTART, "restart")
        if ring is not None:
            await feed.pass_on(ring, own_actor="shopper")
            continue
        # Quiet: say how far the stream is.
        await send(Pong(head=feed.cursor))
