"""Ratings, objections and follow-ups over HTTP, for agents and supervisors."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from api import after_talk
from api.after_talk import FollowUpView, RatedView
from api.auth import Agent, TheDesk, conversation_id_of
from api.bodies import Body

router = APIRouter(prefix="/api/v1", tags=["agent"])


class Appeal(Body):
    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class AppealDecision(Body):
    is_upheld: bool


class Tick(Body):
    step: Annotated[str, Field(max_length=40)]
    is_done: bool = True


class EndFollowUp(Body):
    outcome: Literal["settled", "not_reached", "not_justified"]
    note: Annotated[str, Field(max_length=1000)] = ""


@router.get("/ratings", operation_id="read_ratings")
async def read_ratings(member: Agent, desk: TheDesk) -> list[RatedView]:
    """The newest ratings: mine, or everybody's for a supervisor."""
    return await after_talk.rated(desk, member)


@router.post(
    "/conversations/{conversation_id}/rating/appeal",
    status_code=204,
    operation_id="appeal_rating",
)
async def appeal(
    conversation_id: str, member: Agent, desk: TheDesk, body: Appeal
) -> None:
    """Object to a rating, within 30 days, as the agent who served the shopper."""
    wanted = conversation_id_of(conversation_id)
    await after_talk.appeal(desk, member, wanted, reason=body.reason.replace("\0", ""))


@router.post(
    "/conversations/{conversation_id}/rating/appeal/decision",
    status_code=204,
    operation_id="decide_appeal",
)
async def decide_appeal(
    conversation_id: str, member: Agent, desk: TheDesk, body: AppealDecision
) -> None:
    """Say whether the rating counts."""
    wanted = conversation_id_of(conversation_id)
    await after_talk.decide_appeal(desk, member, wanted, is_upheld=body.is_upheld)


@router.get("/follow-ups", operation_id="read_follow_ups")
async def read_follow_ups(member: Agent, desk: TheDesk) -> list[FollowUpView]:
    """What is still to be done about bad ratings, the most pressing first."""
    return await after_talk.open_follow_ups(desk, member)


@router.post("/follow-ups/{conversation_id}/steps", operation_id="tick_follow_up")
async def tick(
    conversation_id: str, member: Agent, desk: TheDesk, body: Tick
) -> FollowUpView:
    """Tick a step of the playbook off, or take the tick back."""
    wanted = conversation_id_of(conversation_id)
    return await after_talk.tick(
        desk, member, wanted, step=body.step, is_done=body.is_done
    )


@router.post(
    "/follow-ups/{conversation_id}/end",
    status_code=204,
    operation_id="end_follow_up",
)
async def end(
    conversation_id: str, member: Agent, desk: TheDesk, body: EndFollowUp
) -> None:
    """Put down how it ended."""
    wanted = conversation_id_of(conversation_id)
    await after_talk.end_follow_up(
        desk,
        member,
        wanted,
        outcome=body.outcome,
        note=body.note.replace("\0", ""),
    )
