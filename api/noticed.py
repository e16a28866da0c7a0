"""Decides what a turn tells the editors: a question nothing answered well, and which article was asked for.

Kept in the transaction of the turn, so that it is as safe as the reply.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from api import signals as reading
from api.understood import Gap, Understood
from handoff.decisions import Decision, Kind
from handoff.signals import PastTurn
from knowledge_base import article_days, gaps
from knowledge_base.article_days import Counts
from knowledge_base.languages import Language, detect

log = structlog.get_logger(__name__)

#: handoffs that say nothing about the articles: the matter or a failure was the reason
_NOT_ABOUT_ARTICLES = frozenset(
    {"sensitive", "bot_failure", "change_needs_person", "form_given_up"}
)
_SEARCHED = frozenset({"answer", "clarify", "abstain"})


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """What is to be kept for the editors."""

    language: Language
    gap: Gap | None = None
    #: this asking was not counted by an earlier turn
    is_new: bool = True
    handed_over: bool = False
    counts: tuple[tuple[str, Counts], ...] = ()


def notice(
    past: reading.Past, understood: Understood, decision: Decision | None
) -> Noticed:
    """What this turn, and the handoff it may have led to, say about the articles."""
    counts = _asked(past, understood)
    if not _is_about_articles(decision):
        return Noticed(language=past.language, gap=understood.gap, counts=counts)
    if understood.gap is not None:
        # asked and handed over in one turn, or declined and handed over
        blamed = understood.verdict.article_id if understood.verdict else None
        return Noticed(
            language=past.language,
            gap=understood.gap,
            handed_over=True,
            counts=counts + _needed_person(blamed),
        )
    question = _last_question(past, understood)
    if question is None:
        return Noticed(language=past.language, counts=counts)
    answered = question.search_outcome == "answer"
    return Noticed(
        language=past.language,
        gap=Gap(
            text=question.text,
            kind="handed_over",
            nearest_article_id=question.article_id,
        ),
        is_new=not question.is_counted,
        handed_over=True,
        counts=counts + _needed_person(question.article_id if answered else None),
    )


async def keep_noticed(
    session: AsyncSession, noticed: Noticed, *, zone: ZoneInfo, now: datetime
) -> None:
    """Write it down; a failure costs the editors a note and the shopper nothing."""
    try:
        async with session.begin_nested():
            for article_id, counts in noticed.counts:
                await article_days.count(
                    session, article_id, day=now.astimezone(zone).date(), counts=counts
                )
            if noticed.gap is not None:
                await gaps.note_gap(
                    session,
                    text=noticed.gap.text,
                    language=detect(noticed.gap.text, fallback=noticed.language),
                    kind=noticed.gap.kind,
                    nearest_article_id=noticed.gap.nearest_article_id,
                    asked=noticed.is_new,
                    handed_over=noticed.handed_over,
                    now=now,
                )
    except Exception:
        log.exception("not noted for the editors", action="notice")


@dataclass(frozen=True, kw_only=True)
class _Question:
    """The last thing the articles were asked, and what became of it."""

    text: str
    search_outcome: str
    article_id: str | None
    #: it stands among the gaps already
    is_counted: bool


def _is_about_articles(decision: Decision | None) -> bool:
    if decision is None or decision.kind is not Kind.HANDOFF:
        return False
    return not _NOT_ABOUT_ARTICLES & set(decision.codes)


def _asked(
    past: reading.Past, understood: Understood
) -> tuple[tuple[str, Counts], ...]:
    """The article nearest to the question, and whether the bot answered with one."""
    if understood.outcome not in _SEARCHED or understood.intent.name is None:
        return ()  # a button's own outcome is no search
    answers = [each.message.answer for each in understood.messages]
    said = {answer.article_id for answer in answers if answer is not None}
    if said:
        before = _nearest_asked_back(past)
        return tuple(
            (one, Counts(asked=int(one != before), answered=1)) for one in sorted(said)
        )
    hits = understood.search.hits if understood.search is not None else ()
    return ((hits[0].article_id, Counts(asked=1)),) if hits else ()


def _nearest_asked_back(past: reading.Past) -> str | None:
    """The article that a question back has counted as asked for in the turn before."""
    last = past.turns[-1].signals if past.turns else {}
    if last.get("search_outcome") != "clarify" or not last.get("hits"):
        return None
    return str(last["hits"][0]["article_id"])


def _needed_person(article_id: str | None) -> tuple[tuple[str, Counts], ...]:
    return ((article_id, Counts(handed_over=1)),) if article_id else ()


def _last_question(past: reading.Past, understood: Understood) -> _Question | None:
    """The newest question of this story; a person settled everything before the last handoff."""
    own = reading.to_signals(past, understood)
    story = [*reading.past_turns(past), PastTurn(signals=own)]
    is_counted = False
    for place in range(len(story) - 1, -1, -1):
        turn, signals = story[place], story[place].signals
        if turn.decided == "handoff":
            return None
        if signals.helpful is False or _is_declined(turn):
            is_counted = True
        elif signals.search_outcome in _SEARCHED and signals.text.strip():
            hits = signals.hits
            return _Question(
                text=_asked_with(story, place),
                search_outcome=str(signals.search_outcome),
                article_id=hits[0].article_id if hits else None,
                is_counted=is_counted or signals.search_outcome == "abstain",
            )
    return None


def _asked_with(story: Sequence[PastTurn], place: int) -> str:
    """The shopper's words: a choice among articles answers the question before it."""
    own = story[place].signals
    before = story[place - 1].signals if place else None
    if before is None or before.search_outcome != "clarify" or own.vector is not None:
        return own.text
    chosen = {hit.article_id for hit in own.hits}
    offered = {hit.article_id for hit in before.hits}
    return before.text if chosen & offered else own.text


def _is_declined(turn: PastTurn) -> bool:
    """Whether "none of these" was pressed: an abstention that searched nothing."""
    signals = turn.signals
    return (
        signals.search_outcome == "abstain"
        and signals.vector is None
        and not signals.hits
    )
