"""Decides what the supervisor's board says of this moment: the line, the people, what is at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from api.desk import Desk
from api.queue_view import SlaView, nearest, sla_policy
from api.views import agent_names
from handoff import sla, waiting
from handoff.lifecycle import Status
from handoff.sla import ORDER, Level, Open

#: a feeling this strong, or growing to it, is anger that somebody should look at
STRONG = 0.5
UPSET = frozenset({"angry", "dissatisfied"})
#: so many of each list are shown; the counts are of all
MOST = 100


class BoardRow(BaseModel):
    """One conversation that a person is needed for, or has."""

    model_config = ConfigDict(frozen=True)

    id: UUID
    status: str
    shopper_name: str | None
    language: str
    agent_id: UUID | None
    agent_name: str | None
    assignment_version: int
    waiting_since: datetime | None
    position: int | None
    priority: list[dict[str, Any]]
    sla: SlaView | None
    emotion: str | None
    #: rising | falling | steady
    trend: str | None


class Expected(BaseModel):
    """How long the next one would wait, in seconds."""

    low: int
    high: int


class Board(BaseModel):
    """Everything at this moment, counted from the rows."""

    at: datetime
    waiting: int
    longest_since: datetime | None
    served: int
    #: of somebody who joins now; None while nobody is there to serve
    expected: Expected | None
    late: int
    soon: int
    line: list[BoardRow]
    at_risk: list[BoardRow]
    in_anger: list[BoardRow]
    agents: list[dict[str, Any]]


async def board_view(desk: Desk, *, agents: list[dict[str, Any]]) -> Board:
    """The board as it is now; `agents` are the colleagues with presence and load."""
    now = desk.clock()
    free = sum(each["state"] == "available" for each in agents)
    async with desk.database.reading() as session:
        found = await sla.open_requests(session)
        places = {
            each.conversation.id: each.position
            for each in await waiting.waiting(session)
        }
        rows = await _rows(desk, session, found, places, now=now)
        expected = (
            await _expected(desk, session, ahead=len(places), now=now) if free else None
        )
    by_id = {each.conversation.id: each for each in found}
    line = sorted(
        (row for row in rows if row.status == Status.QUEUED),
        key=lambda row: row.position or 0,
    )
    at_risk = [row for row in rows if row.sla and row.sla.level != Level.FINE]
    at_risk.sort(key=lambda row: _urgency(row.sla))
    since = [row.waiting_since for row in line if row.waiting_since is not None]
    return Board(
        at=now,
        waiting=len(line),
        longest_since=min(since, default=None),
        served=sum(row.status == Status.ASSIGNED for row in rows),
        expected=expected,
        late=sum(_level(row) == Level.LATE for row in rows),
        soon=sum(_level(row) == Level.SOON for row in rows),
        line=line[:MOST],
        at_risk=at_risk[:MOST],
        in_anger=[row for row in rows if is_in_anger(trace_of(by_id[row.id]))][:MOST],
        agents=agents,
    )


def trace_of(one: Open) -> list[dict[str, Any]]:
    """The shopper's feelings turn by turn, as the card has them."""
    return list(one.handoff.card.get("emotion_trace") or ())


def is_in_anger(trace: Sequence[dict[str, Any]]) -> bool:
    """The last thing they said was angry, or strongly displeased."""
    if not trace:
        return False
    last = trace[-1]
    return last["label"] == "angry" or _upset(last) >= STRONG


def trend_of(trace: Sequence[dict[str, Any]]) -> str | None:
    """Whether they are getting more upset; None when there is nothing to go by."""
    if not trace:
        return None
    before = [_upset(each) for each in trace[:-1]]
    change = _upset(trace[-1]) - (sum(before) / len(before) if before else 0.0)
    if abs(change) < 0.1:  # noqa: PLR2004 - smaller is noise of one wording
        return "steady"
    return "rising" if change > 0 else "falling"


def _upset(one: dict[str, Any]) -> float:
    return float(one.get("intensity") or 0) if one["label"] in UPSET else 0.0


def _urgency(one: SlaView | None) -> tuple[int, float]:
    if one is None:
        return len(ORDER), 0.0
    return ORDER.index(Level(one.level)), one.due_at.timestamp()


def _level(row: BoardRow) -> Level:
    return Level(row.sla.level) if row.sla else Level.FINE


async def _rows(
    desk: Desk,
    session: AsyncSession,
    found: Sequence[Open],
    places: Mapping[UUID, int],
    *,
    now: datetime,
) -> list[BoardRow]:
    names = await agent_names(session, (each.conversation.agent_id for each in found))
    policy = sla_policy(desk.settings)
    rows = []
    for each in found:
        row, trace = each.conversation, trace_of(each)
        rows.append(
            BoardRow(
                id=row.id,
                status=row.status,
                shopper_name=row.shopper.get("name"),
                language=row.language,
                agent_id=row.agent_id,
                agent_name=names.get(row.agent_id) if row.agent_id else None,
                assignment_version=row.assignment_version,
                waiting_since=row.queued_at,
                position=places.get(row.id),
                priority=list(each.handoff.priority),
                sla=nearest(row, each.handoff, each.owed_since, policy=policy, now=now),
                emotion=str(trace[-1]["label"]) if trace else None,
                trend=trend_of(trace),
            )
        )
    return rows


async def _expected(
    desk: Desk, session: AsyncSession, *, ahead: int, now: datetime
) -> Expected:
    """What somebody who joins behind so many would be told."""
    soon = await waiting.forecast(
        session,
        position=ahead + 1,
        now=now,
        default=desk.settings.handoff.forecast_default_seconds,
    )
    return Expected(low=soon.low, high=soon.high)
