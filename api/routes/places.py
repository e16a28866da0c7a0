"""What a waiting shopper may do to leave: be told by mail when it is their turn, or give up the place."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field

from api import keeping_places, leaving_line
from api.auth import Shopper, TheDesk, conversation_id_of, peer_address
from api.bodies import Body
from api.schemas import LeftLine, OpenedView, PlaceView

router = APIRouter(prefix="/api/v1/conversations", tags=["shopper"])

#: one address and nothing else: no list, no name, no line break
MAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"


class KeepPlace(Body):
    mail: Annotated[str, Field(max_length=254, pattern=MAIL)]


class ComeBack(Body):
    code: Annotated[str, Field(pattern=r"^[0-9a-f]{43}$")]


@router.put("/{conversation_id}/place", operation_id="keep_place")
async def keep_place(
    conversation: Shopper, request: Request, desk: TheDesk, body: KeepPlace
) -> PlaceView:
    """Keep my place and write to this address when it is my turn."""
    shown = await keeping_places.keep(
        desk, conversation, mail=body.mail, address=peer_address(request)
    )
    return PlaceView(mail=shown)


@router.delete("/{conversation_id}/place", operation_id="forget_place_mail")
async def forget_place_mail(conversation: Shopper, desk: TheDesk) -> PlaceView:
    """Send me no mail; I keep my place."""
    await keeping_places.give_up(desk, conversation)
    return PlaceView()


@router.post("/{conversation_id}/leave-line", operation_id="leave_line")
async def leave_line(conversation: Shopper, desk: TheDesk) -> LeftLine:
    """Stop waiting and go on with the bot; the place is lost. Twice is harmless."""
    return LeftLine(status=await leaving_line.leave(desk, conversation))


@router.post("/{conversation_id}/come-back", operation_id="come_back")
async def come_back(
    conversation_id: str, request: Request, desk: TheDesk, body: ComeBack
) -> OpenedView:
    """Open the conversation with the link of that mail; earlier tokens end."""
    row, token = await keeping_places.come_back(
        desk,
        conversation_id_of(conversation_id),
        code=body.code,
        address=peer_address(request),
    )
    return OpenedView(id=row.id, token=token, language=row.language, status=row.status)
