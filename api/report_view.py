"""Decides which report an address asks for, and how its figures are told as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BeforeValidator, Field

from api.desk import Desk
from api.views import agent_names
from handoff import reports
from handoff.figure_rows import Asked
from handoff.figures import Mean, Share, Times
from handoff.reports import Group, Report

#: forms send an empty value for none
EmptyIsNone = BeforeValidator(lambda given: given or None)

#: days that the page offers
PERIODS = (1, 7, 28, 91, 365)
#: no shop's figures are older, and no calendar ends before
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)

Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What stands in the address."""

    days: int = 7
    #: the last day; none is today
    until: date | None = None
    language: str | None = None
    skill: str | None = None
    agent: UUID | None = None

    def query(self) -> dict[str, Any]:
        """What stands in the address when it asks for the same."""
        given = asdict(self)
        return {name: value for name, value in given.items() if value is not None}

    def asked(self, *, zone: ZoneInfo, now: datetime) -> Asked:
        """Whole days of the shop's clock, the last one included."""
        last = self.until or now.astimezone(zone).date()
        end = last + timedelta(days=1)
        return Asked(
            since=datetime.combine(end - timedelta(days=self.days), time(), zone),
            until=datetime.combine(end, time(), zone),
            language=self.language,
            skill=self.skill,
            agent_id=self.agent,
        )


def filters(
    days: Annotated[int, Query(ge=1, le=366)] = 7,
    until: Annotated[Day | None, EmptyIsNone] = None,
    language: Annotated[str | None, Query(pattern=r"^(zh-Hans|zh-Hant|en)?$")] = None,
    skill: Annotated[str | None, Query(pattern=r"^[a-z0-9_]{0,32}$")] = None,
    agent: Annotated[str | None, Query(pattern=r"^([0-9a-fA-F-]{36})?$")] = None,
) -> Filters:
    """An empty value is none: forms send those."""
    return Filters(
        days=days,
        until=until,
        language=language or None,
        skill=skill or None,
        agent=_agent(agent),
    )


def _agent(given: str | None) -> UUID | None:
    """Whom that names; a spelling that is no id names nobody's figures."""
    try:
        return UUID(given) if given else None
    except ValueError:
        return UUID(int=0)


async def read(desk: Desk, wanted: Filters) -> tuple[Report, dict[UUID, str]]:
    """The report and the names of those in it."""
    zone = ZoneInfo(desk.settings.shop.timezone)
    now = desk.clock()
    async with desk.database.reading() as session:
        found = await reports.report(
            session, wanted.asked(zone=zone, now=now), zone=zone, now=now
        )
        names = await agent_names(
            session, (each.agent_id for each in found.agents if each.agent_id)
        )
    return found, dict(names)


def as_json(found: Report, names: dict[UUID, str]) -> dict[str, Any]:
    """Counts with the values beside them; a figure over nothing is null."""
    return {
        "now": _period(found.now),
        "before": _period(found.before),
        "reasons": [{"code": code, "count": count} for code, count in found.reasons],
        "hours": found.hours,
        "agents": [
            {"id": str(each.agent_id), "name": names.get(each.agent_id)}  # type: ignore[arg-type]
            | _group(each)
            for each in found.agents
        ],
        "skills": [{"skill": each.skill} | _group(each) for each in found.skills],
        "windows": [_told(each) for each in found.windows],
        "team_windows": [_told(each) for each in found.team_windows],
        "is_cut": found.is_cut,
    }


def _period(period: reports.Period) -> dict[str, Any]:
    return {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "containment": _told(period.containment),
        "service": _told(period.service),
        "stars": _told(period.stars),
    }


def _group(group: Group) -> dict[str, Any]:
    return {"service": _told(group.service), "stars": _told(group.stars)}


def _told(part: Any) -> Any:
    if isinstance(part, Share):
        return {"part": part.part, "whole": part.whole, "value": rounded(part.value)}
    if isinstance(part, Times | Mean):
        return {name: rounded(value) for name, value in asdict(part).items()}
    if hasattr(part, "__dataclass_fields__"):
        return {name: _told(getattr(part, name)) for name in part.__dataclass_fields__}
    return part


def rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
