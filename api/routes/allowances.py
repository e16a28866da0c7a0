"""Coupons, compensation and refunds over HTTP: give, ask, decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from api import giving
from api.auth import Agent, TheDesk, conversation_id_of
from api.bodies import Body, ClientId
from api.desk_view import check_may_read
from api.giving import AllowanceView
from handoff import conversations

router = APIRouter(prefix="/api/v1", tags=["agent"])


class Give(Body):
    #: made by the sender's device; a resend carries the same one and gives nothing again
    idempotency_key: ClientId
    kind: Literal["coupon", "compensation", "refund"]
    amount: Annotated[Decimal, Field(gt=0, max_digits=9, decimal_places=2)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    order_number: Annotated[str, Field(max_length=40)] = ""
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class Decision(Body):
    is_approved: bool
    note: Annotated[str, Field(max_length=500)] = ""


@router.post(
    "/conversations/{conversation_id}/allowances", operation_id="give_allowance"
)
async def give(
    conversation_id: str, member: Agent, desk: TheDesk, body: Give
) -> AllowanceView:
    """Give it within the limits; above them it waits for a supervisor."""
    return await giving.give(
        desk,
        member,
        conversation_id_of(conversation_id),
        key=body.idempotency_key,
        kind=body.kind,
        amount=body.amount,
        currency=body.currency,
        order=body.order_number,
        reason=body.reason.replace("\0", ""),
    )


@router.get(
    "/conversations/{conversation_id}/allowances",
    operation_id="read_allowances_of_conversation",
)
async def read_given(
    conversation_id: str, member: Agent, desk: TheDesk
) -> list[AllowanceView]:
    """Everything asked for in this conversation."""
    wanted = conversation_id_of(conversation_id)
    async with desk.database.reading() as session:
        check_may_read(member, await conversations.get(session, wanted))
    return await giving.given_in(desk, wanted)


@router.get("/allowances", operation_id="read_waiting_allowances")
async def read_waiting(member: Agent, desk: TheDesk) -> list[AllowanceView]:
    """What waits for a supervisor."""
    return await giving.waiting(desk, member)


@router.post("/allowances/{request_id}/decision", operation_id="decide_allowance")
async def decide(
    request_id: UUID, member: Agent, desk: TheDesk, body: Decision
) -> AllowanceView:
    """Agree or refuse; the answer stands in the thread."""
    return await giving.decide(
        desk,
        member,
        request_id,
        is_approved=body.is_approved,
        note=body.note.replace("\0", ""),
    )
