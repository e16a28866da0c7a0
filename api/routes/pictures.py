"""What may be done with pictures and videos over HTTP: uploaded by who speaks, seen by who may read."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from api import pictures
from api.auth import TheDesk, peer_address
from api.bodies import ClientId
from api.desk import Desk
from api.desk_view import may_read_whole
from api.errors import NotFound
from api.routes.conversations import speaker
from api.schemas import UploadedView
from handoff import attachments
from handoff.attachment_models import Attachment
from handoff.attachments import Sender
from handoff.errors import NoSuchConversation, NotYours

router = APIRouter(prefix="/api/v1/conversations", tags=["pictures"])

KINDS = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/gif",
    "video/mp4",
    "video/quicktime",
    "video/webm",
)
_BYTES = {"schema": {"type": "string", "format": "binary"}}
UPLOAD: dict[str, Any] = {
    "requestBody": {"required": True, "content": dict.fromkeys(KINDS, _BYTES)}
}
SHOWN: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys(("image/jpeg", "image/png", *KINDS[4:]), _BYTES)}
}
_CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}


@router.post(
    "/{conversation_id}/pictures",
    status_code=201,
    operation_id="upload_picture",
    openapi_extra=UPLOAD,
)
async def upload_picture(
    conversation_id: str,
    request: Request,
    desk: TheDesk,
    client_id: Annotated[ClientId, Query()],
) -> UploadedView:
    """Keep one picture or video, to be sent with a message. Its content decides what it is.

    Place, time and whatever else the file carried are left out: a picture is drawn anew,
    in a video they are overwritten.
    """
    conversation, member = await speaker(conversation_id, request, desk)
    sender = pictures.SHOPPER
    if member is not None:
        if conversation.agent_id != member.id:
            raise NotYours
        sender = pictures.by_agent(member.id)
    row = await pictures.upload(
        desk,
        conversation.id,
        await request.body(),
        client_id=client_id,
        sender=sender,
        address=peer_address(request),
    )
    return UploadedView.model_validate(row, from_attributes=True)


@router.get(
    "/{conversation_id}/pictures/{picture_id}",
    operation_id="read_picture",
    response_class=Response,
    responses=SHOWN,
)
async def read_picture(
    conversation_id: str, picture_id: str, request: Request, desk: TheDesk
) -> Response:
    """The picture, for the shopper whose conversation it is and for staff who may read it."""
    return await _sent(desk, request, conversation_id, picture_id, which="whole")


@router.get(
    "/{conversation_id}/pictures/{picture_id}/preview",
    operation_id="read_picture_preview",
    response_class=Response,
    responses=SHOWN,
)
async def read_preview(
    conversation_id: str, picture_id: str, request: Request, desk: TheDesk
) -> Response:
    """A small one, for the thread."""
    return await _sent(desk, request, conversation_id, picture_id, which="preview")


async def _sent(
    desk: Desk,
    request: Request,
    conversation_id: str,
    picture_id: str,
    *,
    which: Literal["whole", "preview"],
) -> Response:
    row = await _readable(desk, request, conversation_id, picture_id)
    is_whole = which == "whole"
    name = row.digest if is_whole else row.preview_digest
    found = await asyncio.to_thread(desk.pictures.find, row.conversation_id, name)
    if found is None:
        raise NotFound
    path, told = found
    mime = row.mime if is_whole else "image/jpeg"
    # A player asks for a part of a film at a time; Safari plays none that comes only whole.
    return FileResponse(
        path, media_type=mime, headers=_headers(row, mime), stat_result=told
    )


def _headers(row: Attachment, mime: str) -> dict[str, str]:
    """It can be looked at and kept, and never runs as a page of ours."""
    file = f"{mime.partition('/')[0]}-{row.id.hex[-8:]}.{_ENDINGS[mime]}"
    return {
        "Content-Disposition": f'attachment; filename="{file}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=300",
        "Vary": "Authorization, Cookie",
    }


async def _readable(
    desk: Desk, request: Request, conversation_id: str, picture_id: str
) -> Attachment:
    """The picture if the asker may see it; for every other case there is none."""
    conversation, member = await speaker(conversation_id, request, desk)
    if member is not None and not may_read_whole(member, conversation):
        raise NoSuchConversation
    if not _CANONICAL_UUID.fullmatch(picture_id):
        raise NotFound
    async with desk.database.reading() as session:
        row = await attachments.find(session, conversation.id, UUID(picture_id))
    asker = pictures.by_agent(member.id) if member else pictures.SHOPPER
    if row is None or (row.message_id is None and _sender_of(row) != asker):
        raise NotFound
    return row


def _sender_of(row: Attachment) -> Sender:
    return pictures.by_agent(row.agent_id) if row.agent_id else pictures.SHOPPER
