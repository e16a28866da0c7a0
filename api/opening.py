"""Decides whether a waiting shopper may expect a person now: by the clock, or because one is here."""

from __future__ import annotations

from datetime import datetime

from api.accounts.people import all_who_serve
from api.desk import Desk
from handoff import hours
from handoff.presence import AgentState


async def is_staffed(desk: Desk, *, skill: str | None, now: datetime) -> bool:
    """Whether those with this skill are open, or one of them sits there although it is closed.

    A skill without hours of its own has the desk's, and anybody at the desk will do. Asks
    Redis, so no session may be open.
    """
    own = desk.opening_hours.of(skill)
    if hours.is_open(now, own):
        return True
    present = await desk.presence.present(now=now) or ()
    here = {each.agent_id for each in present if each.state == AgentState.AVAILABLE}
    if own is desk.opening_hours or not here:
        return bool(here)
    async with desk.database.reading() as session:
        serving = await all_who_serve(session, demo=desk.settings.demo)
    return any(skill in each.skills for each in serving if each.id in here)
