"""Decides what a break and the end of a shift do: who is away until when, and where conversations go."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from api.accounts import people
from api.accounts.staff import StaffMember
from api.agents import put_back
from api.announce import announce_queue
from api.bodies import PresenceBody
from api.desk import Desk
from api.errors import InvalidFields
from api.presence import MyPresence, my_presence, note_presence
from handoff.hours import closing, read_hours
from handoff.presence import AgentState

#: a longer break is no break, and nobody works longer in one go
LONGEST_BREAK = timedelta(hours=12)
LONGEST_SHIFT = timedelta(hours=24)
#: whoever comes so much before their shift has come for it
EARLY = timedelta(hours=2)


async def be(desk: Desk, member: StaffMember, body: PresenceBody) -> MyPresence:
    """Available, away, or on a break; colleagues see it at once."""
    now = desk.clock()
    if body.back_at is not None and not now < body.back_at <= now + LONGEST_BREAK:
        raise InvalidFields(
            [{"pointer": "/back_at", "detail": "Within the next 12 hours."}]
        )
    await note_presence(
        desk,
        member,
        state=AgentState(body.state),
        capacity=body.capacity,
        back_at=body.back_at,
    )
    if AgentState(body.state) is AgentState.AVAILABLE:
        await _follow_week(desk, member.id, now=now)
    announce_queue(desk)
    return await _seen(desk, member, state=body.state)


async def _follow_week(desk: Desk, agent_id: UUID, *, now: datetime) -> None:
    """Whoever is at the desk within a shift of their week works until its end.

    It is noted once a shift: moved or taken back afterwards, it does not come again.
    """
    async with desk.database.reading() as session:
        week = (await people.get(session, agent_id)).shifts
    if not week:
        return
    zone = desk.opening_hours.timezone
    shifts = read_hours(timezone=zone.key, weekly=week)
    ends_at = closing(now, shifts, early=EARLY)
    if ends_at is not None:
        await desk.presence.follow_week(agent_id, ends_at=ends_at)


async def plan(
    desk: Desk, member: StaffMember, *, ends_at: datetime | None
) -> MyPresence:
    """Note when the shift ends; one that is over ends now."""
    now = desk.clock()
    if ends_at is not None and ends_at > now + LONGEST_SHIFT:
        raise InvalidFields(
            [{"pointer": "/ends_at", "detail": "Within the next 24 hours."}]
        )
    await desk.presence.plan_shift(member.id, ends_at=ends_at)
    if ends_at is not None and ends_at <= now:
        await _end(desk, member.id, now=now)
    announce_queue(desk)
    return await _seen(desk, member, state=AgentState.AVAILABLE)


async def end_shifts(desk: Desk) -> None:
    """Whoever's shift is over gets nothing more, and what they have goes back."""
    now = desk.clock()
    for agent_id in await desk.presence.shifts_over(now=now):
        await _end(desk, agent_id, now=now)
        announce_queue(desk)


async def _end(desk: Desk, agent_id: UUID, *, now: datetime) -> None:
    # Away first: in push mode they would be given what they have just put back.
    await desk.presence.say(agent_id, state=AgentState.AWAY)
    await put_back(desk, agent_id, how="shift_over", key="agent_shift_over", now=now)
    # Last: a process that dies before this leaves the rest to another.
    await desk.presence.plan_shift(agent_id, ends_at=None)


async def _seen(desk: Desk, member: StaffMember, *, state: str) -> MyPresence:
    """As the desk has it now; without Redis what was said is all there is."""
    return await my_presence(desk, member) or MyPresence(state=state)
