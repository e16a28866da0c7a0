"""The rules for handing over: what holds, what others would have changed, and applying them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import Field

from api import policy_desk
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import TheDesk, require
from api.bodies import Body
from api.desk import Desk
from api.policy_desk import Shelf
from api.trigger_settings import Triggers

router = APIRouter(prefix="/api/v1/policy", tags=["supervisor"])
PolicyMaker = Annotated[StaffMember, Depends(require(Permission.SET_POLICY))]
Note = Annotated[str, Field(min_length=1, max_length=500)]
Number = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]


class TryPolicy(Body):
    triggers: Triggers


class ApplyPolicy(Body):
    triggers: Triggers
    #: the number of the policy that was on the screen
    seen: Number
    note: Note


class TakeBack(Body):
    #: the revision to go back to; 0 is config.yml
    number: Number
    seen: Number
    note: Note


@router.get("", operation_id="read_policy")
async def read_policy(_member: PolicyMaker, desk: TheDesk) -> dict[str, Any]:
    """The rules that hold and who applied which when, the newest first."""
    return await _shown(desk)


@router.post("/try", operation_id="try_policy")
async def try_policy(
    request: Request, _member: PolicyMaker, desk: TheDesk, body: TryPolicy
) -> dict[str, Any]:
    """Decide the stored conversations anew; nothing is changed."""
    return await policy_desk.try_out(desk, shelf_of(request), body.triggers)


@router.post("", operation_id="apply_policy")
async def apply_policy(
    member: PolicyMaker, desk: TheDesk, body: ApplyPolicy
) -> dict[str, Any]:
    """Let these rules hold from now on; refused if others were applied meanwhile."""
    await policy_desk.apply(desk, member, body.triggers, seen=body.seen, note=body.note)
    return await _shown(desk)


@router.post("/take-back", operation_id="take_policy_back")
async def take_back(
    member: PolicyMaker, desk: TheDesk, body: TakeBack
) -> dict[str, Any]:
    """Let an earlier revision hold again."""
    await policy_desk.take_back(
        desk, member, body.number, seen=body.seen, note=body.note
    )
    return await _shown(desk)


def shelf_of(request: Request) -> Shelf:
    """The one shelf of this process."""
    state = request.app.state
    if not hasattr(state, "policy_shelf"):
        state.policy_shelf = Shelf()
    found: Shelf = state.policy_shelf
    return found


async def _shown(desk: Desk) -> dict[str, Any]:
    return {
        "number": desk.policy.number,
        "triggers": desk.policy.triggers.model_dump(),
        "revisions": [
            {
                "number": one.number,
                "author": one.author,
                "note": one.note,
                "restores": one.restores,
                "at": one.at.isoformat(),
            }
            for one in await policy_desk.revisions(desk)
        ],
    }
