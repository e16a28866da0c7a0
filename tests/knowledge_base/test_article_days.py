from __future__ import annotations

from datetime import date

from knowledge_base import article_days
from knowledge_base.article_days import Counts

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


async def test_counts_of_one_day_add_up(session):
    for counts in (Counts(asked=1, answered=1), Counts(asked=1), Counts(handed_over=1)):
        await article_days.count(session, "returning", day=MONDAY, counts=counts)
    found = await article_days.between(session, first=MONDAY, last=MONDAY)
    assert found == {"returning": Counts(asked=2, answered=1, handed_over=1)}


async def test_a_span_leaves_out_the_days_beside_it(session):
    for day in (MONDAY, TUESDAY):
        await article_days.count(session, "returning", day=day, counts=Counts(asked=1))
    only = await article_days.between(session, first=TUESDAY, last=TUESDAY)
    assert only == {"returning": Counts(asked=1)}
    days = await article_days.daily(session, "returning", first=MONDAY, last=TUESDAY)
    assert list(days) == [MONDAY, TUESDAY]


async def test_nothing_to_count_writes_nothing(session):
    await article_days.count(session, "returning", day=MONDAY, counts=Counts())
    assert await article_days.between(session, first=MONDAY, last=MONDAY) == {}


def test_the_two_spans_are_equally_long_and_touch():
    (first, last), (earlier, before) = article_days.spans(TUESDAY)
    assert last == TUESDAY
    assert (last - first).days == (before - earlier).days == 29
    assert (first - before).days == 1
