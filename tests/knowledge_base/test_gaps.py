from __future__ import annotations

from uuid import uuid4

import pytest

from knowledge_base import gaps
from knowledge_base.errors import NoSuchGap
from tests.knowledge_base.makers import LATER, NOON


async def note(session, text="能寄到火星吗", *, kind="abstained", now=NOON, **more):
    await gaps.note_gap(
        session,
        text=text,
        language="zh-Hans",
        kind=kind,
        nearest_article_id="shipping-cost",
        now=now,
        **more,
    )


async def test_a_gap_is_kept_masked(session):
    await note(session, "我叫王小明，13812345678，能寄到火星吗")
    [gap] = await gaps.list_gaps(session)
    assert gap.text == "我叫[name]，[number]，能寄到火星吗"


async def test_the_same_question_counts_up_in_any_script(session):
    await note(session, "能寄到臺灣嗎？")
    await note(session, " 能寄到台湾吗? ", kind="not_helpful", now=LATER)
    [gap] = await gaps.list_gaps(session)
    assert (gap.times, gap.kind) == (2, "not_helpful")
    assert (gap.first_at, gap.last_at) == (NOON, LATER)


async def test_the_most_asked_come_first(session):
    await note(session, "一")
    await note(session, "二")
    await note(session, "二")
    assert [one.text for one in await gaps.list_gaps(session)] == ["二", "一"]
    assert len(await gaps.list_gaps(session, limit=1)) == 1


async def test_nothing_said_is_no_gap(session):
    await note(session, "   ")
    assert await gaps.list_gaps(session) == []


async def test_a_closed_gap_that_is_asked_again_opens_again(session):
    await note(session)
    [gap] = await gaps.list_gaps(session)
    await gaps.close(session, gap.id, how="article_written", by="Eve", now=LATER)
    assert await gaps.list_gaps(session) == []
    assert [one.id for one in await gaps.list_gaps(session, closed=True)] == [gap.id]
    await note(session)
    [again] = await gaps.list_gaps(session)
    assert (again.times, again.closed_how, again.closed_by) == (2, None, None)


async def test_what_is_not_ours_stays_closed(session):
    await note(session)
    [gap] = await gaps.list_gaps(session)
    await gaps.close(session, gap.id, how="not_ours", by="Eve", now=LATER)
    await note(session)
    assert await gaps.list_gaps(session) == []


async def test_who_closed_it_and_when_is_kept(session):
    await note(session)
    [gap] = await gaps.list_gaps(session)
    await gaps.close(session, gap.id, how="not_ours", by="Eve", now=LATER)
    [closed] = await gaps.list_gaps(session, closed=True)
    assert (closed.closed_by, closed.closed_at) == ("Eve", LATER)


async def test_what_is_not_ours_counts_on_while_closed(session):
    await note(session)
    [gap] = await gaps.list_gaps(session)
    await gaps.close(session, gap.id, how="not_ours", by="Eve", now=NOON)
    await note(session, now=LATER)
    [closed] = await gaps.not_ours(session)
    assert (closed.times, closed.last_at) == (2, LATER)


async def test_the_end_of_an_asking_is_no_new_asking(session):
    await note(session)
    await note(session, kind="handed_over", asked=False, handed_over=True)
    [gap] = await gaps.list_gaps(session)
    assert (gap.times, gap.handovers, gap.kind) == (1, 1, "handed_over")


async def test_the_end_of_an_asking_does_not_reopen_what_was_closed_meanwhile(session):
    await note(session)
    [gap] = await gaps.list_gaps(session)
    await gaps.close(session, gap.id, how="article_written", by="Eve", now=LATER)
    await note(session, kind="handed_over", asked=False, handed_over=True)
    assert await gaps.list_gaps(session) == []


async def test_a_gap_that_needed_people_comes_before_one_asked_more_often(session):
    for _ in range(gaps.HANDOVER_COST):
        await note(session, "asked often")
    await note(session, "needs people", kind="handed_over", handed_over=True)
    costly, often = await gaps.list_gaps(session)
    assert (costly.text, gaps.cost(costly)) == ("needs people", 6)
    assert (often.text, gaps.cost(often)) == ("asked often", 5)


async def test_all_or_none_are_closed(session):
    await note(session)
    [gap] = await gaps.list_gaps(session)
    with pytest.raises(NoSuchGap):
        await gaps.close_all(
            session, [gap.id, uuid4()], how="not_ours", by="Eve", now=LATER
        )
    assert [one.id for one in await gaps.list_gaps(session)] == [gap.id]


async def test_a_later_note_without_an_article_keeps_the_nearest_one(session):
    await note(session)
    await gaps.note_gap(
        session,
        text="能寄到火星吗",
        language="zh-Hans",
        kind="clarification_declined",
        nearest_article_id=None,
        now=LATER,
    )
    [gap] = await gaps.list_gaps(session)
    assert gap.nearest_article_id == "shipping-cost"


async def test_an_unknown_gap_cannot_be_closed(session):
    with pytest.raises(NoSuchGap):
        await gaps.close(session, uuid4(), how="not_ours", by="Eve", now=LATER)
