"""What the supervisor's figures mean: each is counted from facts of rows, by one definition.

Nothing here asks a database or a clock. Times are medians and ninetieth percentiles; a
figure over nothing is None, never nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from handoff.quantiles import quantile

#: whoever does not come back for so long has been helped for good
DURABLE_AFTER = timedelta(days=7)
#: a talk with the bot may still go on until it was quiet for so long
QUIET_AFTER = timedelta(minutes=30)
GOOD_STARS = 4
DAYS, HOURS = 7, 24


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One conversation as containment sees it."""

    began_at: datetime
    last_at: datetime
    #: the bot answered at least once
    with_bot: bool
    is_ended: bool = False
    asked_at: datetime | None = None
    #: the shopper opened another one, going on from it or signed in as the same customer
    came_back_at: datetime | None = None
    #: of its answers, how many the shopper called helpful and how many not
    helpful: int = 0
    unhelpful: int = 0


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request for a person; a reopened case makes a new one."""

    requested_at: datetime
    reasons: tuple[str, ...] = ()
    skill: str | None = None
    #: the first words of a person, and the first that answer something
    word_at: datetime | None = None
    word_by: UUID | None = None
    answer_at: datetime | None = None
    answer_by: UUID | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    ended_by: UUID | None = None
    #: a person was asked for again in the same conversation
    again_at: datetime | None = None

    @property
    def agents(self) -> frozenset[UUID]:
        """Whoever spoke, answered or ended it."""
        steps = (self.word_by, self.answer_by, self.ended_by)
        return frozenset(who for who in steps if who is not None)


@dataclass(frozen=True, kw_only=True)
class Score:
    """A rating that counts: the last word of the shopper, no objection upheld."""

    stars: int
    accuracy: int | None = None
    communication: int | None = None
    delivery: int | None = None
    agent_id: UUID | None = None
    skill: str | None = None


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, kw_only=True)
class Times:
    """How long it took: half were quicker than `median`, nine of ten than `most`."""

    count: int
    median: float | None
    most: float | None


@dataclass(frozen=True, kw_only=True)
class Mean:
    count: int
    value: float | None


@dataclass(frozen=True, kw_only=True)
class Containment:
    """What the bot settled alone, by three strictnesses."""

    confirmed: Share
    assumed: Share
    durable: Share


@dataclass(frozen=True, kw_only=True)
class Service:
    """What people did with the requests."""

    requests: int
    first_word: Times
    first_answer: Times
    resolution: Times
    resolved: Share
    reopened: Share


@dataclass(frozen=True, kw_only=True)
class Stars:
    """What shoppers thought of it."""

    stars: Mean
    good: Share
    accuracy: Mean
    communication: Mean
    delivery: Mean


def containment(talks: Iterable[Talk], *, now: datetime) -> Containment:
    """Count over the talks with the bot that are over: quiet, ended or handed over."""
    over = [each for each in talks if each.with_bot and _is_over(each, now)]
    alone = [each for each in over if each.asked_at is None]
    ripe = [each for each in over if each.began_at <= now - DURABLE_AFTER]
    return Containment(
        confirmed=Share(
            part=sum(each.helpful > 0 and not each.unhelpful for each in alone),
            whole=len(over),
        ),
        assumed=Share(part=len(alone), whole=len(over)),
        durable=Share(part=sum(map(_stayed_away, ripe)), whole=len(ripe)),
    )


def _is_over(talk: Talk, now: datetime) -> bool:
    was_asked = talk.asked_at is not None
    return talk.is_ended or was_asked or talk.last_at <= now - QUIET_AFTER


def _stayed_away(talk: Talk) -> bool:
    if talk.asked_at is not None:
        return False
    back = talk.came_back_at
    return back is None or back - talk.last_at > DURABLE_AFTER


def service(requests: Sequence[Request], *, agent: UUID | None = None) -> Service:
    """Count the requests; with `agent`, each step only where that person took it."""

    def by(who: Callable[[Request], UUID | None]) -> list[Request]:
        return [each for each in requests if agent is None or who(each) == agent]

    ended = [each for each in by(lambda one: one.ended_by) if each.ended_at is not None]
    resolved = [each for each in ended if each.outcome == "resolved"]
    touched = [each for each in requests if agent is None or agent in each.agents]
    return Service(
        requests=len(touched),
        first_word=times(
            (each.requested_at, each.word_at) for each in by(lambda one: one.word_by)
        ),
        first_answer=times(
            (each.requested_at, each.answer_at)
            for each in by(lambda one: one.answer_by)
        ),
        resolution=times((each.requested_at, each.ended_at) for each in resolved),
        resolved=Share(part=len(resolved), whole=len(ended)),
        reopened=Share(
            part=sum(each.again_at is not None for each in resolved),
            whole=len(resolved),
        ),
    )


def stars(scores: Sequence[Score]) -> Stars:
    return Stars(
        stars=mean([each.stars for each in scores]),
        good=Share(
            part=sum(each.stars >= GOOD_STARS for each in scores), whole=len(scores)
        ),
        accuracy=mean([each.accuracy for each in scores]),
        communication=mean([each.communication for each in scores]),
        delivery=mean([each.delivery for each in scores]),
    )


def reasons(requests: Iterable[Request]) -> list[tuple[str, int]]:
    """How often each reason brought a request, the most frequent first."""
    counted = Counter(code for each in requests for code in set(each.reasons))
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


def by_hour(requests: Iterable[Request], *, zone: ZoneInfo) -> list[list[int]]:
    """Requests by weekday (Monday first) and hour of the shop's clock."""
    grid = [[0] * HOURS for _ in range(DAYS)]
    for each in requests:
        local = each.requested_at.astimezone(zone)
        grid[local.weekday()][local.hour] += 1
    return grid


def times(spans: Iterable[tuple[datetime, datetime | None]]) -> Times:
    took = sorted(
        (end - start).total_seconds() for start, end in spans if end is not None
    )
    if not took:
        return Times(count=0, median=None, most=None)
    return Times(count=len(took), median=quantile(took, 0.5), most=quantile(took, 0.9))


def mean(given: Iterable[int | None]) -> Mean:
    known = [each for each in given if each is not None]
    return Mean(count=len(known), value=sum(known) / len(known) if known else None)
