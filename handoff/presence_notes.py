"""What is kept of an agent beside the lease: state, break, the end of the shift.   (pure)"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

#: as it is kept: plain values under short names
Notes = dict[str, Any]


class AgentState(StrEnum):
    """What an agent says of themselves."""

    AVAILABLE = "available"
    AWAY = "away"  #: keeps what they have, gets nothing new


@dataclass(frozen=True, kw_only=True)
class AgentPresence:
    agent_id: UUID
    state: AgentState
    capacity: int | None = None
    #: away on a break until then
    back_at: datetime | None = None
    shift_ends_at: datetime | None = None


def presence_of(agent_id: str, kept: Notes) -> AgentPresence:
    return AgentPresence(
        agent_id=UUID(agent_id),
        state=AgentState(kept.get("state", AgentState.AVAILABLE)),
        capacity=kept.get("capacity"),
        back_at=_moment(kept.get("back_at")),
        shift_ends_at=_moment(kept.get("shift_ends_at")),
    )


def change(
    known: Notes,
    *,
    state: AgentState | None,
    capacity: int | None,
    back_at: datetime | None,
) -> None:
    """The same state said again keeps the break: a page that opens says it too."""
    if state is not None and state != known.get("state"):
        known |= {"state": state, "back_at": None}
    if state == AgentState.AWAY and back_at is not None:
        known["back_at"] = back_at.isoformat()
    if capacity is not None:
        known["capacity"] = capacity


def is_over(known: Notes, now: datetime) -> bool:
    ends_at = _moment(known.get("shift_ends_at"))
    return ends_at is not None and ends_at <= now


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def read_notes(kept: bytes | str | None) -> Notes:
    return dict(json.loads(kept)) if kept else {}


def plan_shift(known: Notes, *, ends_at: datetime | None) -> None:
    """What the agent says of the end; None is an open one."""
    known["shift_ends_at"] = ends_at.isoformat() if ends_at else None


def follow_week(known: Notes, *, ends_at: datetime) -> None:
    """The end that their week names, once: moved or taken back, it does not come again."""
    named = ends_at.isoformat()
    if known.get("week_ends_at") != named:
        known |= {"week_ends_at": named, "shift_ends_at": named}
