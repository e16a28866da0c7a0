"""Decides which marks an article carries on its way: waiting for review, planned, about to end, over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from api.desk import Desk
from api.pages.translate import translate
from api.settings import Language
from knowledge_base.articles import ArticleView

STAGES = {
    "review": "Waiting for review",
    "planned": "Planned",
    "refused": "Refused at its time",
    "ending": "About to end",
    "ended": "Over",
    "older": "A language is older",
}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A word beside an article's state, and how it looks."""

    stage: str
    kind: str
    words: str


def marks_of(view: ArticleView, desk: Desk, language: Language) -> list[Mark]:
    """Every mark of one article, the most urgent first."""

    def mark(stage: str, kind: str, sentence: str, value: str | datetime = "") -> Mark:
        told = _told(desk, value) if isinstance(value, datetime) else value
        words = translate(language, sentence, at=told, by=told)
        return Mark(stage=stage, kind=kind, words=words)

    found = _dates(view, desk, mark)
    if view.schedule and view.schedule.get("refused"):
        found.append(mark("refused", "bad", "Was not published at its time"))
    if view.scheduled_at:
        found.append(mark("planned", "calm", "Planned for %(at)s", view.scheduled_at))
    if view.review_asked_by:
        by = view.review_asked_by
        found.append(mark("review", "warn", "%(by)s asks for a review", by))
    return found


def _dates(view: ArticleView, desk: Desk, mark: Callable[..., Mark]) -> list[Mark]:
    now, end = desk.clock(), view.valid_until
    found: list[Mark] = []
    if end is not None and end <= now:
        found.append(mark("ended", "bad", "Over since %(at)s", end))
    elif end is not None and end <= now + _notice(desk):
        found.append(mark("ending", "warn", "Ends %(at)s", end))
    if view.valid_from and view.valid_from > now:
        found.append(mark("begins", "calm", "Begins %(at)s", view.valid_from))
    return found


def _told(desk: Desk, at: datetime) -> str:
    zone = ZoneInfo(desk.settings.shop.timezone)
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def stages_of(
    views: Sequence[ArticleView], desk: Desk, language: Language
) -> list[tuple[str, str, int]]:
    """What the list can be narrowed to, with how many there are; empty ones are left out."""
    counted = [
        (
            code,
            translate(language, words),
            sum(in_stage(one, desk, code) for one in views),
        )
        for code, words in STAGES.items()
    ]
    return [one for one in counted if one[2]]


def in_stage(view: ArticleView, desk: Desk, stage: str) -> bool:
    """Whether the article is shown under this filter; any other filter lets it pass."""
    if stage not in STAGES:
        return True
    if stage == "older":
        source = view.since.get(desk.settings.languages.default, 0)
        return any(number < source for number in view.since.values())
    return any(one.stage == stage for one in marks_of(view, desk, "en"))


def _notice(desk: Desk) -> timedelta:
    return timedelta(days=desk.settings.knowledge_base.expiry_notice_days)
