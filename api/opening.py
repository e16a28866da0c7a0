"""Decides whether a waiting shopper may expect a person now: by the clock, or because one is here."""

from __future__ import annotations

from datetime import datetime

from api.desk import Desk
from handoff import hours
from handoff.presence import AgentState


async def is_staffed(desk: Desk, *, now: datetime) -> bool:
    """Whether the desk is open, or an agent sits there although it is closed.

    Asks Redis, so no session may be open.
    """
    if hours.is_open(now, desk.opening_hours):
        return True
    here = await desk.presence.present(now=now)
    return any(each.state == AgentState.AVAILABLE for each in here or ())
