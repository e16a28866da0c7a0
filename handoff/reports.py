"""What a supervisor reads about a period: every figure, the same before, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from handoff import figure_rows, figures, rating_windows, score_rows
from handoff.figure_rows import MOST_ROWS, Asked
from handoff.figures import Containment, Request, Score, Service, Stars, Talk
from handoff.rating_windows import RatingWindow


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What was read for one period; counting it asks no database."""

    talks: Sequence[Talk]
    requests: Sequence[Request]
    scores: Sequence[Score]

    @property
    def is_cut(self) -> bool:
        """Whether the period holds more than is counted."""
        return any(
            len(rows) >= MOST_ROWS for rows in (self.talks, self.requests, self.scores)
        )


@dataclass(frozen=True, kw_only=True)
class Period:
    """The figures of one stretch of time."""

    since: datetime
    until: datetime
    containment: Containment
    service: Service
    stars: Stars


@dataclass(frozen=True, kw_only=True)
class Group:
    """The figures of one agent, or of one skill; None is all without a skill."""

    agent_id: UUID | None = None
    skill: str | None = None
    service: Service
    stars: Stars


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything the page shows."""

    now: Period
    before: Period
    reasons: list[tuple[str, int]]
    #: by weekday, Monday first, and hour
    hours: list[list[int]]
    agents: list[Group]
    skills: list[Group]
    windows: list[RatingWindow]
    #: the same of everybody, to compare one agent with
    team_windows: list[RatingWindow]
    is_cut: bool


async def read(session: AsyncSession, asked: Asked) -> Rows:
    return Rows(
        talks=await figure_rows.talks(session, asked),
        requests=await figure_rows.requests(session, asked),
        scores=await score_rows.scores(session, asked),
    )


async def report(
    session: AsyncSession, asked: Asked, *, zone: ZoneInfo, now: datetime
) -> Report:
    """Read both periods and count them."""
    rows, earlier = await read(session, asked), await read(session, asked.before())
    team = await rating_windows.windows(session, now=now)
    own = team
    if asked.agent_id is not None:
        own = await rating_windows.windows(session, now=now, agent_id=asked.agent_id)
    mine = _of_agent(rows.requests, asked.agent_id)
    return Report(
        now=period(rows, asked, now=now),
        before=period(earlier, asked.before(), now=now),
        reasons=figures.reasons(mine),
        hours=figures.by_hour(mine, zone=zone),
        agents=by_agent(rows, only=asked.agent_id),
        skills=by_skill(rows, agent=asked.agent_id),
        windows=own,
        team_windows=team,
        is_cut=rows.is_cut or earlier.is_cut,
    )


def period(rows: Rows, asked: Asked, *, now: datetime) -> Period:
    return Period(
        since=asked.since,
        until=asked.until,
        containment=figures.containment(rows.talks, now=now),
        service=figures.service(rows.requests, agent=asked.agent_id),
        stars=figures.stars(rows.scores),
    )


def by_agent(rows: Rows, *, only: UUID | None = None) -> list[Group]:
    """One row for everybody who spoke, answered, ended or was rated."""
    served = {who for each in rows.requests for who in each.agents}
    rated = {each.agent_id for each in rows.scores if each.agent_id is not None}
    found = sorted((who for who in served | rated if only in (None, who)), key=str)
    return [
        Group(
            agent_id=who,
            service=figures.service(rows.requests, agent=who),
            stars=figures.stars([each for each in rows.scores if each.agent_id == who]),
        )
        for who in found
    ]


def by_skill(rows: Rows, *, agent: UUID | None = None) -> list[Group]:
    """One row for every skill that was asked for, those without one last."""
    skills = {each.skill for each in rows.requests} | {
        each.skill for each in rows.scores
    }
    return [
        Group(
            skill=skill,
            service=figures.service(
                [each for each in rows.requests if each.skill == skill], agent=agent
            ),
            stars=figures.stars([each for each in rows.scores if each.skill == skill]),
        )
        for skill in sorted(skills, key=lambda each: (each is None, each or ""))
    ]


def _of_agent(requests: Sequence[Request], agent: UUID | None) -> Sequence[Request]:
    if agent is None:
        return requests
    return [each for each in requests if agent in each.agents]
