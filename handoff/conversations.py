"""What is said in a conversation, in which order, and that nothing is said twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.errors import BotIsSilent, ConversationEnded, IdConflict
from handoff.events import ConversationOpened, LanguageChanged
from handoff.lifecycle import ENDED, Actor, Audience, Status
from handoff.models import Conversation, Message
from handoff.transitions import change, fetch, record

# Every message asks these; made once, as to put one together costs as much as to run it.
_BY_TOKEN = select(Conversation).where(
    Conversation.token_hash == bindparam("token_hash")
)
_SENT_AS = select(Message).where(
    Message.conversation_id == bindparam("conversation_id"),
    Message.client_id == bindparam("client_id"),
)
_SINCE = (
    select(Message)
    .where(
        Message.conversation_id == bindparam("conversation_id"),
        Message.seq > bindparam("after"),
    )
    .order_by(Message.seq)
    .limit(bindparam("limit", type_=Integer))
)
_PUBLIC_SINCE = _SINCE.where(Message.audience == Audience.EVERYONE)


@dataclass(frozen=True, kw_only=True)
class Appended:
    """The message as it stands, and whether this was only a resend of it."""

    message: Message
    was_resent: bool
    #: the conversation as the message left it; None for a resend
    conversation: Conversation | None = None


class Details(TypedDict, total=False):
    """What a message may carry besides its words; see `Message` for each."""

    kind: str
    audience: str
    language: str | None
    client_id: str | None
    agent_id: UUID | None
    turn_id: UUID | None
    buttons: Sequence[dict[str, Any]]
    sources: Sequence[dict[str, Any]]
    meta: dict[str, Any] | None


async def open_conversation(
    session: AsyncSession,
    *,
    conversation_id: UUID,
    token_hash: str,
    language: str,
    channel: str = "web",
    shopper: dict[str, Any] | None = None,
    follows_id: UUID | None = None,
    now: datetime,
) -> Conversation:
    conversation = Conversation(
        id=conversation_id,
        token_hash=token_hash,
        status=Status.BOT,
        language=language,
        channel=channel,
        shopper=shopper or {},
        follows_id=follows_id,
        last_seq=0,
        answered_seq=0,
        assignment_version=0,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    await session.flush()
    record(
        session,
        ConversationOpened(
            conversation_id=conversation_id, at=now, language=language, channel=channel
        ),
    )
    return conversation


async def get(session: AsyncSession, conversation_id: UUID) -> Conversation:
    """Return the conversation as it is now, or raise NoSuchConversation."""
    return await fetch(session, conversation_id)


async def by_token_hash(session: AsyncSession, token_hash: str) -> Conversation | None:
    return await session.scalar(_BY_TOKEN, {"token_hash": token_hash})


async def change_language(
    session: AsyncSession, conversation_id: UUID, *, language: str, now: datetime
) -> Conversation:
    """Answer in this language from now on; changing to the same one changes nothing."""
    changed = await change(
        session,
        conversation_id,
        Conversation.language != language,
        to={"language": language, "updated_at": now},
    )
    if changed is None:
        return await fetch(session, conversation_id)
    record(
        session,
        LanguageChanged(conversation_id=conversation_id, at=now, language=language),
    )
    return changed


async def append(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    actor: str,
    text: str,
    now: datetime,
    **details: Unpack[Details],
) -> Appended:
    """Put one message at the end of the conversation.

    The same `client_id` with the same body gives the first message back, however often
    and from however many workers it comes, and even after the conversation has ended;
    with another body (text, button or pictures in `meta`) it raises IdConflict. The bot may
    speak only while the status is `bot` (BotIsSilent); shopper and agents only until
    the end (ConversationEnded).
    """
    message = _message(conversation_id, actor=actor, text=text, now=now, **details)
    if message.client_id is None:
        return await _put(session, message)
    first = await _first_sent(session, message)
    if first is not None:
        return Appended(message=first, was_resent=True)
    try:
        # The savepoint gives the sequence number back when a twin was faster.
        async with session.begin_nested():
            return await _put(session, message)
    except IntegrityError:
        first = await _first_sent(session, message)
        if first is None:
            raise
        return Appended(message=first, was_resent=True)


async def _put(session: AsyncSession, message: Message) -> Appended:
    conversation = await _move_on(
        session, message.conversation_id, actor=message.actor, now=message.created_at
    )
    message.seq = conversation.last_seq
    session.add(message)
    await session.flush()
    return Appended(message=message, was_resent=False, conversation=conversation)


async def resent(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    client_id: str | None,
    actor: str,
    text: str,
    kind: str = "text",
    meta: Mapping[str, Any] | None = None,
) -> Message | None:
    """Return the message first sent under this client_id; IdConflict if it differs."""
    if client_id is None:
        return None
    first: Message | None = await session.scalar(
        _SENT_AS, {"conversation_id": conversation_id, "client_id": client_id}
    )
    if first is not None and first.body_hash != _body_hash(
        actor, kind, text, meta or {}
    ):
        raise IdConflict
    return first


async def since(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    after: int = 0,
    audience: str = Audience.EVERYONE,
    limit: int = 500,
) -> list[Message]:
    """Return what this audience may read after that seq, in order.

    Agents read everything; for everyone else internal notes leave a hole in the numbers.
    """
    query = _SINCE if audience == Audience.AGENTS else _PUBLIC_SINCE
    given = {"conversation_id": conversation_id, "after": after, "limit": limit}
    return list(await session.scalars(query, given))


async def find_message(
    session: AsyncSession, conversation_id: UUID, *, seq: int
) -> Message | None:
    return await session.scalar(
        select(Message).where(
            Message.conversation_id == conversation_id, Message.seq == seq
        )
    )


async def last_shopper_seq(session: AsyncSession, conversation_id: UUID) -> int:
    """Return the seq of the newest thing the shopper said; 0 if nothing yet."""
    newest = await session.scalar(
        select(func.max(Message.seq)).where(
            Message.conversation_id == conversation_id, Message.actor == Actor.SHOPPER
        )
    )
    return newest or 0


def _message(
    conversation_id: UUID,
    *,
    actor: str,
    text: str,
    now: datetime,
    **details: Unpack[Details],
) -> Message:
    kind = details.get("kind", "text")
    meta = details.get("meta") or {}
    return Message(
        conversation_id=conversation_id,
        client_id=details.get("client_id"),
        body_hash=_body_hash(actor, kind, text, meta),
        actor=actor,
        audience=details.get("audience", Audience.EVERYONE),
        kind=kind,
        text=text,
        language=details.get("language"),
        agent_id=details.get("agent_id"),
        turn_id=details.get("turn_id"),
        buttons=list(details.get("buttons", ())),
        sources=list(details.get("sources", ())),
        meta=meta,
        created_at=now,
    )


async def _first_sent(session: AsyncSession, message: Message) -> Message | None:
    return await resent(
        session,
        message.conversation_id,
        client_id=message.client_id,
        actor=message.actor,
        kind=message.kind,
        text=message.text,
        meta=message.meta,
    )


async def _move_on(
    session: AsyncSession, conversation_id: UUID, *, actor: str, now: datetime
) -> Conversation:
    """Take the next sequence number, if this actor may speak."""
    may_speak = {
        Actor.BOT: (Conversation.status == Status.BOT,),
        Actor.SYSTEM: (),
    }.get(Actor(actor), (Conversation.status.not_in(ENDED),))
    changed = await change(
        session,
        conversation_id,
        *may_speak,
        to={"last_seq": Conversation.last_seq + 1, "updated_at": now},
    )
    if changed is not None:
        return changed
    await fetch(session, conversation_id)  # NoSuchConversation is the plainer word
    raise BotIsSilent if actor == Actor.BOT else ConversationEnded


def _body_hash(actor: str, kind: str, text: str, meta: Mapping[str, Any]) -> str:
    """What tells a resend from another message: words, button and pictures."""
    pictures = [each["id"] for each in meta.get("pictures") or ()]
    body = [actor, kind, text, meta.get("button_id"), *pictures]
    told = json.dumps(body, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
