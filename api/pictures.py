"""Takes the pictures and videos that people upload, and sends them with messages; nothing of them is guessed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import timedelta
from itertools import batched
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from api import incoming
from api.bodies import SentPicture
from api.desk import Desk
from api.errors import EmptyMessage, RateLimited, Unavailable
from api.limits import Rate
from api.picture_errors import (
    PicturesTooOften,
    PictureTooLarge,
    TooManyPictures,
    VideoTooLarge,
)
from handoff import attachments
from handoff.attachment_models import Attachment
from handoff.attachments import Sender
from handoff.errors import PictureKindUnknown
from handoff.lifecycle import Actor
from handoff.models import Message
from handoff.pictures import Picture, redraw
from handoff.videos import is_video, without_notes

log = structlog.get_logger(__name__)

SHOPPER = Sender(actor=Actor.SHOPPER)
AN_HOUR = 3600
A_MILLION = 1_000_000
LONGEST_ALT = 300
#: a file younger than this may be of an upload whose row is on the way
SETTLED = timedelta(hours=1)
#: of so many conversations one question asks what they keep
SWEPT_AT_ONCE = 500


def by_agent(agent_id: UUID) -> Sender:
    return Sender(actor=Actor.AGENT, agent_id=agent_id)


async def upload(
    desk: Desk,
    conversation_id: UUID,
    data: bytes,
    *,
    client_id: str,
    sender: Sender,
    address: str,
) -> Attachment:
    """Keep the picture drawn anew; the same client_id with the same bytes changes nothing."""
    if desk.is_draining:
        raise Unavailable(retry_after=2)
    if not data:
        raise PictureKindUnknown
    _check_size(desk, data)
    source_hash = await asyncio.to_thread(_sha256, data)
    async with desk.database.reading() as session:
        first = await attachments.uploaded(
            session,
            conversation_id,
            client_id=client_id,
            source_hash=source_hash,
            sender=sender,
        )
    if first is not None:
        return first
    await _check_rate(desk, conversation_id, sender, address)
    async with desk.unpacking:
        picture = await asyncio.to_thread(_kept, desk, data)
    # The files are on the disk before a row speaks of them.
    digests = await asyncio.to_thread(_keep_files, desk, conversation_id, picture)
    desk.failpoints.reach("after_picture_file_before_row")
    row = _row(conversation_id, picture, digests, sender=sender)
    row.client_id, row.source_hash = client_id, source_hash
    row.created_at = desk.clock()
    async with desk.database.writing() as session:
        return await attachments.keep(session, row)


def _check_size(desk: Desk, data: bytes) -> None:
    limits = desk.settings.limits
    if is_video(data):
        if len(data) > limits.video_megabytes * A_MILLION:
            raise VideoTooLarge
    elif len(data) > limits.picture_megabytes * A_MILLION:
        raise PictureTooLarge


def _kept(desk: Desk, data: bytes) -> Picture:
    if is_video(data):
        return without_notes(data)
    most_pixels = desk.settings.limits.picture_megapixels * A_MILLION
    return redraw(data, most_pixels=most_pixels)


async def _check_rate(
    desk: Desk, conversation_id: UUID, sender: Sender, address: str
) -> None:
    limits = desk.settings.limits
    hourly = Rate(times=limits.pictures_per_hour, seconds=AN_HOUR)
    many = Rate(times=limits.pictures_per_hour_address, seconds=AN_HOUR)
    try:
        if sender == SHOPPER:
            await desk.limiter.check("pictures", str(conversation_id), hourly)
            await desk.limiter.check("pictures_address", address, many)
        else:
            await desk.limiter.check("pictures", str(sender.agent_id), many)
    except RateLimited as error:
        raise PicturesTooOften(retry_after=error.retry_after) from error


def words_of(
    desk: Desk, text: str | None, sent: Sequence[SentPicture], *, longer: int = 1
) -> str:
    """The words of a message, cleaned; only beside pictures they may be empty."""
    limit = desk.settings.limits.message_characters * longer
    return (
        _clean_or_nothing(text, limit)
        if sent
        else incoming.clean(text or "", limit=limit)
    )


def _clean_or_nothing(text: str | None, limit: int) -> str:
    try:
        return incoming.clean(text or "", limit=limit)
    except EmptyMessage:
        return ""


async def chosen(
    desk: Desk,
    session: AsyncSession,
    conversation_id: UUID,
    sent: Sequence[SentPicture],
    *,
    sender: Sender,
) -> list[dict[str, Any]]:
    """The pictures as the message remembers them; only the sender's own of this conversation."""
    if len(sent) > desk.settings.limits.pictures_per_message:
        raise TooManyPictures
    ids = [each.id for each in sent]
    rows = await attachments.chosen(session, conversation_id, ids, sender=sender)
    return [
        attachments.described(row, alt=_clean_or_nothing(each.alt, LONGEST_ALT))
        for row, each in zip(rows, sent, strict=True)
    ]


async def bind(session: AsyncSession, message: Message) -> None:
    """The pictures that the message remembers belong to it from now on."""
    ids = [UUID(each["id"]) for each in message.meta.get("pictures") or ()]
    await attachments.bind(session, message, ids)


async def forget_pictures(desk: Desk) -> None:
    """Take away what is old or was never sent, and files that no row knows."""
    now = desk.clock()
    privacy = desk.settings.privacy
    unsent = now - timedelta(hours=privacy.unsent_picture_hours)
    old = now - timedelta(days=privacy.picture_days)
    while True:
        async with desk.database.writing() as session:
            gone = await attachments.forget_unsent(session, before=unsent)
            gone |= await attachments.forget_old(session, untouched_since=old)
        for conversation_id, names in gone.items():
            await asyncio.to_thread(desk.pictures.drop, conversation_id, names)
        if not gone:
            break
    await sweep(desk)


async def sweep(desk: Desk) -> int:
    """Take away files whose process died before their row, and those left by a deletion."""
    before = (desk.clock() - SETTLED).timestamp()
    swept = 0
    there = await asyncio.to_thread(desk.pictures.conversations)
    for some in batched(there, SWEPT_AT_ONCE):
        async with desk.database.reading() as session:
            kept = await attachments.kept_files(session, some)
        for conversation_id in some:
            swept += await asyncio.to_thread(
                desk.pictures.sweep,
                conversation_id,
                kept=kept.get(conversation_id, ()),
                before=before,
            )
    if swept:
        log.info("files without a row were deleted", action="pictures", number=swept)
    return swept


async def forget_files(desk: Desk, gone: Sequence[UUID]) -> None:
    """Delete what was sent in conversations that are forgotten."""
    for conversation_id in gone:
        await asyncio.to_thread(desk.pictures.forget, conversation_id)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _keep_files(desk: Desk, conversation_id: UUID, picture: Picture) -> tuple[str, str]:
    content = desk.pictures.keep(conversation_id, picture.content)
    return content, desk.pictures.keep(conversation_id, picture.preview)


def _row(
    conversation_id: UUID,
    picture: Picture,
    digests: tuple[str, str],
    *,
    sender: Sender,
) -> Attachment:
    return Attachment(
        conversation_id=conversation_id,
        actor=sender.actor,
        agent_id=sender.agent_id,
        digest=digests[0],
        preview_digest=digests[1],
        mime=picture.mime,
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
    )
