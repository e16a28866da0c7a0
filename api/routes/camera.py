"""What may be done about a look through the shopper's camera over HTTP."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api import camera
from api.auth import Agent, Shopper, TheDesk, conversation_id_of
from api.bodies import Body, Seq
from api.camera import Why
from api.routes.conversations import speaker
from api.schemas import LookView

router = APIRouter(prefix="/api/v1/conversations", tags=["camera"])

#: RFC 8866: every description begins with its version
SDP = r"^v=0\r?\n"


class AskToSee(Body):
    assignment_version: Seq


class Description(Body):
    sdp: Annotated[str, Field(max_length=20_000, pattern=SDP)]


@router.post("/{conversation_id}/camera", status_code=201, operation_id="ask_to_see")
async def ask_to_see(
    conversation_id: str, member: Agent, desk: TheDesk, body: AskToSee
) -> LookView:
    """Ask the shopper to show something through their camera."""
    return await camera.ask(
        desk,
        member,
        conversation_id_of(conversation_id),
        version=body.assignment_version,
    )


@router.put(
    "/{conversation_id}/camera/{look_id}/offer",
    status_code=204,
    operation_id="show_through_camera",
    response_class=Response,
)
async def show(
    conversation: Shopper, look_id: UUID, desk: TheDesk, body: Description
) -> None:
    """Say yes, with what my browser offers."""
    await camera.show(desk, conversation, look_id, sdp=body.sdp)


@router.put(
    "/{conversation_id}/camera/{look_id}/answer",
    status_code=204,
    operation_id="see_through_camera",
    response_class=Response,
)
async def see(
    conversation_id: str,
    look_id: UUID,
    member: Agent,
    desk: TheDesk,
    body: Description,
) -> None:
    """Take the offer, with what the agent's browser answers."""
    wanted = conversation_id_of(conversation_id)
    await camera.see(desk, member, wanted, look_id, sdp=body.sdp)


@router.delete(
    "/{conversation_id}/camera/{look_id}",
    status_code=204,
    operation_id="end_camera",
    response_class=Response,
)
async def end(
    conversation_id: str,
    look_id: UUID,
    request: Request,
    desk: TheDesk,
    why: Annotated[Why, Query()] = "done",
) -> None:
    """Say no, or stop: either side may at any time."""
    conversation, member = await speaker(conversation_id, request, desk)
    await camera.end(desk, conversation, look_id, member=member, why=why)
