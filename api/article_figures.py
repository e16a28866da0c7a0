"""Decides how it is told what became of each article: thirty days against the thirty before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.desk import Desk
from handoff.models import Feedback
from knowledge_base import article_days
from knowledge_base.article_days import Counts

Verdicts = dict[str, tuple[int, int]]


@dataclass(frozen=True, kw_only=True)
class Span:
    """What happened to one article in thirty days."""

    asked: int = 0
    answered: int = 0
    handed_over: int = 0
    helpful: int = 0
    not_helpful: int = 0

    @property
    def helpful_share(self) -> float | None:
        """Of the verdicts; None when nobody gave one."""
        given = self.helpful + self.not_helpful
        return self.helpful / given if given else None


@dataclass(frozen=True, kw_only=True)
class Figures:
    """An article's thirty days, and the thirty before them."""

    now: Span = Span()
    before: Span = Span()


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of one article."""

    day: date
    counts: Counts


async def of_desk(desk: Desk, session: AsyncSession) -> dict[str, Figures]:
    """The same, by the desk's own calendar and clock."""
    zone = ZoneInfo(desk.settings.shop.timezone)
    return await of_all(session, zone=zone, now=desk.clock())


async def of_all(
    session: AsyncSession, *, zone: ZoneInfo, now: datetime
) -> dict[str, Figures]:
    """The figures of every article that has any."""
    latest, earlier = article_days.spans(now.astimezone(zone).date())
    spans = []
    for first, last in (latest, earlier):
        counts = await article_days.between(session, first=first, last=last)
        verdicts = await _verdicts(session, first=first, last=last, zone=zone)
        spans.append(_merged(counts, verdicts))
    return {
        article_id: Figures(
            now=spans[0].get(article_id, Span()),
            before=spans[1].get(article_id, Span()),
        )
        for article_id in spans[0].keys() | spans[1].keys()
    }


async def days_of(
    session: AsyncSession, article_id: str, *, zone: ZoneInfo, now: datetime
) -> list[Day]:
    """The last sixty days in order, those without a question too."""
    latest, (first, _) = article_days.spans(now.astimezone(zone).date())
    found = await article_days.daily(session, article_id, first=first, last=latest[1])
    length = (latest[1] - first).days + 1
    days = [first + timedelta(days=place) for place in range(length)]
    return [Day(day=day, counts=found.get(day, Counts())) for day in days]


async def _verdicts(
    session: AsyncSession, *, first: date, last: date, zone: ZoneInfo
) -> Verdicts:
    """The last verdicts of shoppers: helpful and not, by article."""
    begin = datetime.combine(first, time(), tzinfo=zone)
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    rows = await session.execute(
        select(Feedback.article_id, Feedback.helpful, func.count())
        .where(
            Feedback.article_id.is_not(None),
            Feedback.created_at >= begin,
            Feedback.created_at < end,
        )
        .group_by(Feedback.article_id, Feedback.helpful)
    )
    found: Verdicts = {}
    for article_id, helpful, count in rows:
        if article_id is None:
            continue
        yes, no = found.get(article_id, (0, 0))
        found[article_id] = (yes + count, no) if helpful else (yes, no + count)
    return found


def _merged(counts: dict[str, Counts], verdicts: Verdicts) -> dict[str, Span]:
    made = {}
    for article_id in counts.keys() | verdicts.keys():
        one = counts.get(article_id, Counts())
        yes, no = verdicts.get(article_id, (0, 0))
        made[article_id] = Span(
            asked=one.asked,
            answered=one.answered,
            handed_over=one.handed_over,
            helpful=yes,
            not_helpful=no,
        )
    return made
