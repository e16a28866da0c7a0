"""What a supervisor may do over HTTP: see this moment, whisper, take over, move in the line."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api import supervising
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import TheDesk, conversation_id_of, require
from api.board_view import Board, board_view
from api.bodies import MoveInLine, Note, Owned
from api.pages.console import colleagues_of
from api.schemas import StaffMessage

router = APIRouter(prefix="/api/v1", tags=["supervisor"])
Looker = Annotated[StaffMember, Depends(require(Permission.SEE_ALL_CONVERSATIONS))]
Mover = Annotated[StaffMember, Depends(require(Permission.MOVE_CONVERSATIONS))]


@router.get("/board", operation_id="read_board")
async def read_board(_: Looker, desk: TheDesk) -> Board:
    """The line, the agents, promises at risk and shoppers in anger, as they are now."""
    return await board_view(desk, agents=await colleagues_of(desk))


@router.post("/conversations/{conversation_id}/whisper", operation_id="whisper")
async def whisper(
    conversation_id: str, member: Mover, desk: TheDesk, body: Note
) -> StaffMessage:
    """Tell the agent who has it; the shopper never sees it."""
    wanted = conversation_id_of(conversation_id)
    return await supervising.whisper(desk, member, wanted, body)


@router.post("/conversations/{conversation_id}/take-over", operation_id="take_over")
async def take_over(
    conversation_id: str, member: Mover, desk: TheDesk, body: Owned
) -> dict[str, Any]:
    """Become the owner in place of the agent."""
    assignment = await supervising.take_over(
        desk,
        member,
        conversation_id_of(conversation_id),
        version=body.assignment_version,
    )
    return {
        "conversation_id": str(assignment.conversation_id),
        "assignment_version": assignment.version,
    }


@router.post(
    "/conversations/{conversation_id}/move-in-line", operation_id="move_in_line"
)
async def move_in_line(
    conversation_id: str, member: Mover, desk: TheDesk, body: MoveInLine
) -> dict[str, str]:
    """Serve it earlier (minutes above nought) or later, within bounds."""
    wanted = conversation_id_of(conversation_id)
    await supervising.move_in_line(desk, member, wanted, body)
    return {"status": "queued"}
