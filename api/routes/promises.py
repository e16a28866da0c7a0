"""What agents may do over HTTP with the promises they made."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime

from api import promising
from api.auth import Agent, TheDesk, conversation_id_of
from api.bodies import Body
from api.desk_view import check_may_read
from api.promising import PromiseView
from handoff import conversations

router = APIRouter(prefix="/api/v1", tags=["agent"])


class MovePromise(Body):
    due_at: AwareDatetime


class EndPromise(Body):
    how: Literal["kept", "broken", "withdrawn"]


@router.get("/promises", operation_id="read_promises")
async def read_promises(
    member: Agent, desk: TheDesk, whose: Literal["mine", "all"] = "mine"
) -> list[PromiseView]:
    """What I still owe, the most pressing first."""
    return await promising.open_promises(desk, member, everybody=whose == "all")


@router.get(
    "/conversations/{conversation_id}/promises",
    operation_id="read_promises_of_conversation",
)
async def read_promises_of(
    conversation_id: str, member: Agent, desk: TheDesk
) -> list[PromiseView]:
    """What was promised in this conversation, kept or not."""
    wanted = conversation_id_of(conversation_id)
    async with desk.database.reading() as session:
        check_may_read(member, await conversations.get(session, wanted))
    return await promising.promises_of(desk, wanted)


@router.put("/promises/{promise_id}", operation_id="move_promise")
async def move(
    promise_id: UUID, member: Agent, desk: TheDesk, body: MovePromise
) -> PromiseView:
    """Correct the time that was read out of the words."""
    return await promising.move_promise(desk, member, promise_id, due_at=body.due_at)


@router.post("/promises/{promise_id}/end", operation_id="end_promise")
async def end(
    promise_id: UUID, member: Agent, desk: TheDesk, body: EndPromise
) -> PromiseView:
    """Say that it was kept or broken, or that it was no promise."""
    return await promising.end_promise(desk, member, promise_id, how=body.how)
