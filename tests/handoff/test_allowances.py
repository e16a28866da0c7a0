"""Money within limits at once, above them when somebody else agrees; never twice, never rewritten."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from handoff import allowances, ledger
from handoff.allowances import Limit, Wish
from handoff.care_models import AllowanceEntry
from handoff.errors import (
    AllowanceDecided,
    IdConflict,
    NoSuchAllowance,
    OwnAllowance,
)
from tests.people import ALICE, BOB, NOON, minutes

LIMITS = {"coupon": Limit(order=3000, day=5000)}
SUE = uuid4()


async def ask(session, *, cents=1000, key="", order="WL1", by=ALICE, **more):
    wish = Wish(
        conversation_id=more.pop("conversation_id", None) or uuid4(),
        order_number=order,
        kind=more.pop("kind", "coupon"),
        minor_units=cents,
        currency=more.pop("currency", "CNY"),
        reason="late",
    )
    return await allowances.ask(
        session,
        wish,
        key=key or uuid4().hex,
        asked_by=by,
        limits=LIMITS,
        currency="CNY",
        day_began=NOON - minutes(720),
        now=NOON,
    )


async def test_within_the_limits_it_is_granted_at_once(session):
    assert (await ask(session, cents=3000)).state == "granted"


async def test_an_order_gets_no_more_than_its_limit_whoever_gives(session):
    await ask(session, cents=2000, by=ALICE)
    assert (await ask(session, cents=1001, by=BOB)).state == "waits"
    assert (await ask(session, cents=1000, by=BOB)).state == "granted"


async def test_a_person_gives_no_more_than_the_days_limit(session):
    await ask(session, cents=3000, order="WL1")
    assert (await ask(session, cents=2001, order="WL2")).state == "waits"
    assert (await ask(session, cents=2000, order="WL3")).state == "granted"


@pytest.mark.parametrize("more", [{"kind": "refund"}, {"currency": "USD"}])
async def test_what_no_limit_covers_is_always_asked_for(session, more):
    assert (await ask(session, cents=1, **more)).state == "waits"


async def test_the_same_key_gives_once_and_another_amount_clashes(session):
    here = uuid4()
    first = await ask(session, key="press", conversation_id=here)
    again = await ask(session, key="press", conversation_id=here)
    assert first.asked.id == again.asked.id
    assert await ledger.given_to_order(session, "WL1", kind="coupon") == 1000
    with pytest.raises(IdConflict):
        await ask(session, key="press", conversation_id=here, cents=2000)


async def test_a_supervisor_answers_once_and_never_for_themselves(session):
    request = await ask(session, cents=9000, by=ALICE)
    wanted = request.asked.request_id
    assert [one.asked.request_id for one in await ledger.waiting(session)] == [wanted]

    with pytest.raises(OwnAllowance):
        await allowances.decide(session, wanted, by=ALICE, is_approved=True, now=NOON)
    decided = await allowances.decide(
        session, wanted, by=SUE, is_approved=True, note="go on", now=NOON
    )

    assert (decided.state, decided.decided.note) == ("approved", "go on")
    assert await ledger.waiting(session) == []
    assert await ledger.given_to_order(session, "WL1", kind="coupon") == 9000
    with pytest.raises(AllowanceDecided):
        await allowances.decide(session, wanted, by=BOB, is_approved=False, now=NOON)


async def test_what_is_refused_is_not_given(session):
    request = await ask(session, cents=9000)
    await allowances.decide(
        session, request.asked.request_id, by=SUE, is_approved=False, now=NOON
    )
    assert await ledger.given_to_order(session, "WL1", kind="coupon") == 0


async def test_what_was_granted_at_once_needs_nobody(session):
    request = await ask(session)
    with pytest.raises(AllowanceDecided):
        await allowances.decide(
            session, request.asked.request_id, by=SUE, is_approved=False, now=NOON
        )
    with pytest.raises(NoSuchAllowance):
        await allowances.decide(session, uuid4(), by=SUE, is_approved=True, now=NOON)


async def test_the_first_word_of_the_shop_stands(session):
    wanted = (await ask(session)).asked.request_id
    for outcome in ("told", "failed"):
        request = await allowances.carried(
            session, wanted, outcome=outcome, by=ALICE, data={}, now=NOON
        )
    assert request.state == "told"


@pytest.mark.parametrize(
    "statement",
    [update(AllowanceEntry).values(minor_units=1), delete(AllowanceEntry)],
    ids=["update", "delete"],
)
async def test_the_database_itself_refuses_to_rewrite_the_ledger(session, statement):
    await ask(session)
    with pytest.raises(DBAPIError, match="append-only"):
        await session.execute(statement)


async def test_two_who_give_to_one_order_at_once_do_not_both_fit(sessions):
    async def give(by):
        async with sessions() as session, session.begin():
            return (await ask(session, cents=2000, by=by)).state

    states = await asyncio.gather(*(give(by) for by in (ALICE, BOB, SUE)))
    assert sorted(states) == ["granted", "waits", "waits"]


async def test_one_press_sent_by_two_workers_gives_once(sessions):
    here = uuid4()

    async def give():
        async with sessions() as session, session.begin():
            request = await ask(session, key="press", conversation_id=here)
            return request.asked.id

    assert len(set(await asyncio.gather(*(give() for _ in range(4))))) == 1
