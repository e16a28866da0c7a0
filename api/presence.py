"""Notes which agents are at their desks, on a break or at the end of their shift."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from api.accounts.staff import StaffMember
from api.desk import Desk
from handoff.presence import AgentState


class MyPresence(BaseModel):
    """What the desk thinks of an agent: their own page shows it."""

    model_config = ConfigDict(frozen=True)

    state: str
    #: away on a break until then
    back_at: datetime | None = None
    shift_ends_at: datetime | None = None


def lease_of(desk: Desk) -> timedelta:
    return timedelta(seconds=desk.settings.handoff.lease_seconds)


async def note_presence(
    desk: Desk,
    member: StaffMember,
    *,
    state: AgentState | None = None,
    capacity: int | None = None,
    back_at: datetime | None = None,
) -> None:
    """Renew the agent's lease; Redis away changes nothing for anybody."""
    await desk.presence.beat(
        member.id,
        now=desk.clock(),
        lease=lease_of(desk),
        state=state,
        capacity=capacity,
        back_at=back_at,
    )


async def my_presence(desk: Desk, member: StaffMember) -> MyPresence | None:
    """What the desk has of them; None when they are not there, or nobody can say."""
    for each in await desk.presence.present(now=desk.clock()) or ():
        if each.agent_id == member.id:
            return MyPresence(
                state=each.state.value,
                back_at=each.back_at,
                shift_ends_at=each.shift_ends_at,
            )
    return None
