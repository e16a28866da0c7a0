"""Which pictures a conversation has, who may send which, and that each is sent once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.attachment_models import Attachment
from handoff.errors import IdConflict, NoSuchPicture, PictureSentAlready
from handoff.lifecycle import Actor, Status
from handoff.models import Conversation, Message

#: names of files, by conversation
Files = dict[UUID, set[str]]


@dataclass(frozen=True, kw_only=True)
class Sender:
    """In whose name a picture is uploaded and sent."""

    actor: Actor
    agent_id: UUID | None = None


async def uploaded(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    client_id: str,
    source_hash: str,
    sender: Sender,
) -> Attachment | None:
    """Return what was uploaded under this client_id; IdConflict if it differs."""
    first = await session.scalar(
        select(Attachment).where(
            Attachment.conversation_id == conversation_id,
            Attachment.client_id == client_id,
        )
    )
    if first is None:
        return None
    if first.source_hash != source_hash or not _is_by(first, sender):
        raise IdConflict
    return first


async def keep(session: AsyncSession, row: Attachment) -> Attachment:
    """Put the row in; a twin that was faster wins, if it is the same picture."""
    try:
        async with session.begin_nested():
            session.add(row)
            await session.flush()
    except IntegrityError:
        sender = Sender(actor=Actor(row.actor), agent_id=row.agent_id)
        first = await uploaded(
            session,
            row.conversation_id,
            client_id=row.client_id,
            source_hash=row.source_hash,
            sender=sender,
        )
        if first is None:
            raise
        return first
    return row


async def find(
    session: AsyncSession, conversation_id: UUID, attachment_id: UUID
) -> Attachment | None:
    return await session.scalar(
        select(Attachment).where(
            Attachment.conversation_id == conversation_id,
            Attachment.id == attachment_id,
        )
    )


async def chosen(
    session: AsyncSession,
    conversation_id: UUID,
    ids: Sequence[UUID],
    *,
    sender: Sender,
) -> list[Attachment]:
    """The sender's own pictures of this conversation, in the order given, or NoSuchPicture."""
    if not ids:
        return []
    found = await session.scalars(
        select(Attachment).where(
            Attachment.conversation_id == conversation_id, Attachment.id.in_(ids)
        )
    )
    by_id = {row.id: row for row in found if _is_by(row, sender)}
    if len(set(ids)) != len(ids) or any(each not in by_id for each in ids):
        raise NoSuchPicture
    return [by_id[each] for each in ids]


async def bind(session: AsyncSession, message: Message, ids: Sequence[UUID]) -> None:
    """Let the pictures belong to this message; PictureSentAlready if one has another."""
    if not ids:
        return
    bound = await session.scalars(
        update(Attachment)
        .where(Attachment.id.in_(ids), Attachment.message_id.is_(None))
        .values(message_id=message.id)
        .returning(Attachment.id)
    )
    if len(list(bound)) != len(ids):
        raise PictureSentAlready


def described(row: Attachment, *, alt: str = "") -> dict[str, Any]:
    """What the message itself remembers of the picture."""
    return {
        "id": str(row.id),
        "mime": row.mime,
        "width": row.width,
        "height": row.height,
        "alt": alt,
    }


async def number_sent(
    session: AsyncSession, conversation_id: UUID, *, after: int
) -> int:
    """How many pictures the shopper sent after that seq."""
    number = await session.scalar(
        select(func.count())
        .select_from(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .where(
            Attachment.conversation_id == conversation_id,
            Attachment.actor == Actor.SHOPPER,
            Message.seq > after,
        )
    )
    return number or 0


async def forget_unsent(
    session: AsyncSession, *, before: datetime, limit: int = 100
) -> Files:
    """Delete rows of pictures that nobody sent; returns the files that go with them."""
    unsent = Attachment.message_id.is_(None), Attachment.created_at < before
    return await _forget(session, *unsent, limit=limit)


async def forget_old(
    session: AsyncSession, *, untouched_since: datetime, limit: int = 100
) -> Files:
    """Delete pictures of conversations in which nothing happened since; the words stay."""
    old = select(Conversation.id).where(
        Conversation.updated_at < untouched_since,
        Conversation.status.not_in((Status.QUEUED, Status.ASSIGNED)),
    )
    return await _forget(session, Attachment.conversation_id.in_(old), limit=limit)


async def kept_files(
    session: AsyncSession, conversation_ids: Collection[UUID]
) -> Files:
    """The names of the files that rows of these conversations know."""
    rows = await session.execute(
        select(
            Attachment.conversation_id, Attachment.digest, Attachment.preview_digest
        ).where(Attachment.conversation_id.in_(conversation_ids))
    )
    return _by_conversation(rows.all())


async def _forget(
    session: AsyncSession, *which: ColumnElement[bool], limit: int
) -> Files:
    ids = select(Attachment.id).where(*which).limit(limit)
    rows = await session.execute(
        delete(Attachment)
        .where(Attachment.id.in_(ids), *which)
        .returning(
            Attachment.conversation_id, Attachment.digest, Attachment.preview_digest
        )
    )
    files = _by_conversation(rows.all())
    # The same picture may have been sent twice: then its file is still needed.
    return {
        conversation_id: names - await _still_used(session, conversation_id, names)
        for conversation_id, names in files.items()
    }


def _by_conversation(rows: Iterable[Row[UUID, str, str]]) -> Files:
    files: Files = defaultdict(set)
    for conversation_id, digest, preview in rows:
        files[conversation_id] |= {digest, preview}
    return files


async def _still_used(
    session: AsyncSession, conversation_id: UUID, names: set[str]
) -> set[str]:
    used = await session.execute(
        select(Attachment.digest, Attachment.preview_digest).where(
            Attachment.conversation_id == conversation_id,
            or_(Attachment.digest.in_(names), Attachment.preview_digest.in_(names)),
        )
    )
    return {name for row in used for name in row}


def _is_by(row: Attachment, sender: Sender) -> bool:
    return row.actor == sender.actor and row.agent_id == sender.agent_id
