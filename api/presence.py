"""Notes which agents are at their desks, and how long a silent one counts as there."""

from __future__ import annotations

from datetime import timedelta

from api.accounts.staff import StaffMember
from api.desk import Desk
from handoff.presence import AgentState


def lease_of(desk: Desk) -> timedelta:
    return timedelta(seconds=desk.settings.handoff.lease_seconds)


async def note_presence(
    desk: Desk,
    member: StaffMember,
    *,
    state: AgentState | None = None,
    capacity: int | None = None,
) -> None:
    """Renew the agent's lease; Redis away changes nothing for anybody."""
    await desk.presence.beat(
        member.id,
        now=desk.clock(),
        lease=lease_of(desk),
        state=state,
        capacity=capacity,
    )
