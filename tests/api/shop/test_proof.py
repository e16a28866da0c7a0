"""Who may see an order (GUARANTEES B24), on both databases."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from api.shop import demo_orders, proof, tries
from api.shop.errors import ShopUnreachable
from api.shop.identity import Identity, sign_in, sign_out
from api.shop.models import Proof, ProofTry
from api.shop.proof import NotProven, Proven, has_proof, may_see, prove
from api.shop.tries import TooMany
from tests.api.shop.conftest import POLICY

SAMPLE = demo_orders.sample_orders()[0]
OTHER = demo_orders.sample_orders()[2]
UNKNOWN = "WL2026112299999"


@pytest.fixture
def attempt(database, orders, clock):
    async def attempt_(
        *,
        number=SAMPLE.number,
        contact=SAMPLE.phone,
        conversation_id=None,
        address_key=None,
        policy=POLICY,
        source=orders,
    ):
        return await prove(
            database,
            source,
            conversation_id or uuid4(),
            number=number,
            contact=contact,
            address_key=address_key,
            policy=policy,
            now=clock(),
        )

    return attempt_


class TestProve:
    @pytest.mark.parametrize(
        "contact",
        [
            SAMPLE.phone,
            SAMPLE.phone.removeprefix("+86"),
            SAMPLE.email,
            SAMPLE.email.upper(),
            f" {SAMPLE.email} ",
        ],
    )
    async def test_the_buyers_phone_or_mailbox_opens_the_order(self, attempt, contact):
        outcome = await attempt(contact=contact)

        assert isinstance(outcome, Proven)
        assert outcome.order.number == SAMPLE.number

    @pytest.mark.parametrize(
        "contact",
        [
            OTHER.phone,
            OTHER.email,
            "none",
            "-",
            SAMPLE.email.replace("@", "+1@"),
            SAMPLE.phone[:-1] + "0",
            SAMPLE.phone[-4:],
            "",
            "*",
            "%",
            "' OR 1=1--",
        ],
    )
    async def test_any_other_contact_does_not(self, attempt, contact):
        assert await attempt(contact=contact) == NotProven()

    async def test_unknown_and_wrong_are_one_answer(self, attempt):
        unknown = await attempt(number=UNKNOWN)
        wrong = await attempt(contact=OTHER.phone)

        assert unknown == wrong == NotProven()

    @pytest.mark.parametrize("contact", ["+8613800000000", "nobody@example.com"])
    async def test_the_stand_in_for_unknown_orders_opens_nothing(
        self, attempt, contact
    ):
        assert await attempt(number=UNKNOWN, contact=contact) == NotProven()

    async def test_unknown_and_wrong_do_the_same_work(
        self, attempt, database, orders, monkeypatch
    ):
        """Same statements, same comparisons: the bench compares the medians of time."""
        done: list[str] = []

        def noted(name, inner):
            def call(*args, **kwargs):
                done.append(name)
                return inner(*args, **kwargs)

            return call

        for module, name in (
            (proof.hmac, "compare_digest"),
            (proof.tries, "digest"),
            (proof, "phone_numbers"),
            (proof, "email_address"),
            (tries, "settle"),
            (tries, "reserve"),
            (tries, "failures"),
        ):
            monkeypatch.setattr(module, name, noted(name, getattr(module, name)))
        await attempt(number=UNKNOWN)
        unknown = sorted(done)
        done.clear()
        await attempt(contact=OTHER.phone)

        assert unknown == sorted(done)
        assert "compare_digest" in unknown

    async def test_no_answer_comes_before_its_time(self, attempt, monkeypatch):
        waits = []

        async def sleep(seconds):
            waits.append(seconds)

        monkeypatch.setattr(proof.asyncio, "sleep", sleep)
        await attempt(policy=replace(POLICY, floor_seconds=60), number=UNKNOWN)

        assert len(waits) == 1
        assert 50 < waits[0] <= 60

    async def test_a_shop_that_is_away_costs_no_try(self, attempt, database):
        class Away:
            async def find(self, number):
                raise ShopUnreachable

        conversation_id = uuid4()
        for _ in range(7):
            with pytest.raises(ShopUnreachable):
                await attempt(conversation_id=conversation_id, source=Away())

        assert isinstance(await attempt(conversation_id=conversation_id), Proven)


class TestLimits:
    async def test_a_thousand_numbers_by_one_mailbox_get_five_tries_a_conversation(
        self, attempt
    ):
        """B24 in small: 60 numbers in one conversation."""
        conversation_id = uuid4()
        outcomes = [
            await attempt(number=f"WL9{n:012d}", conversation_id=conversation_id)
            for n in range(60)
        ]

        assert outcomes[:5] == [NotProven()] * 5
        assert all(isinstance(outcome, TooMany) for outcome in outcomes[5:])

    async def test_many_mailboxes_for_one_number_get_five_tries_over_all_conversations(
        self, attempt
    ):
        outcomes = [await attempt(contact=f"guess{n}@example.com") for n in range(30)]

        assert outcomes[:5] == [NotProven()] * 5
        assert all(isinstance(outcome, TooMany) for outcome in outcomes[5:])

    async def test_one_address_gets_five_tries_over_conversations_and_numbers(
        self, attempt
    ):
        outcomes = [
            await attempt(number=f"WL9{n:012d}", address_key="somewhere")
            for n in range(12)
        ]

        assert outcomes[:5] == [NotProven()] * 5
        assert all(isinstance(outcome, TooMany) for outcome in outcomes[5:])

    async def test_unrelated_shoppers_are_not_limited(self, attempt):
        """The negative control: other conversation, other number, other address."""
        for n in range(12):
            outcome = await attempt(number=f"WL9{n:012d}", address_key=f"address {n}")
            assert outcome == NotProven()

    async def test_the_right_answer_is_refused_too_while_limited(self, attempt):
        for n in range(5):
            await attempt(contact=f"guess{n}@example.com")

        assert isinstance(await attempt(), TooMany)

    async def test_the_limit_ends_when_it_said_it_would(self, attempt, clock):
        for n in range(5):
            await attempt(contact=f"guess{n}@example.com")
            clock.forward(minutes=1)
        refused = await attempt()
        assert isinstance(refused, TooMany)

        clock.now = refused.retry_at - timedelta(seconds=1)
        assert isinstance(await attempt(), TooMany)
        clock.now = refused.retry_at + timedelta(seconds=1)
        assert isinstance(await attempt(), Proven)

    async def test_refused_tries_do_not_prolong_the_wait(self, attempt):
        for n in range(5):
            await attempt(contact=f"guess{n}@example.com")
        first = await attempt()
        again = [await attempt() for _ in range(5)]

        assert {outcome.retry_at for outcome in again} == {first.retry_at}

    async def test_tries_that_prove_cost_nothing(self, attempt):
        conversation_id = uuid4()
        for sample in demo_orders.sample_orders():
            outcome = await attempt(
                number=sample.number,
                contact=sample.email,
                conversation_id=conversation_id,
                address_key="home",
            )
            assert isinstance(outcome, Proven)

    async def test_many_at_once_do_not_slip_through_together(self, attempt):
        outcomes = await asyncio.gather(
            *(attempt(contact=f"guess{n}@example.com") for n in range(10))
        )

        assert sum(outcome == NotProven() for outcome in outcomes) == 5

    async def test_the_rows_tell_no_number_and_no_address(self, attempt, database):
        await attempt(number=UNKNOWN, address_key="k" * 32)

        async with database.reading() as session:
            row = await session.scalar(select(ProofTry))
        assert UNKNOWN not in row.order_key
        assert len(row.order_key) == 64

    async def test_everybodys_failures_raise_one_alarm(self, attempt, monkeypatch):
        alarms = []
        monkeypatch.setattr(proof.tries, "ALARM_EVERY", 10)
        monkeypatch.setattr(
            proof.log, "error", lambda text, **more: alarms.append(more["failed"])
        )
        for n in range(23):
            await attempt(number=f"WL9{n:012d}")

        assert alarms == [10, 20]

    async def test_old_tries_are_forgotten(self, attempt, database, clock):
        await attempt(number=UNKNOWN)
        clock.forward(hours=25)
        await attempt()

        async with database.reading() as session:
            kept = await session.scalar(select(func.count()).select_from(ProofTry))
        assert kept == 1


class TestMaySee:
    @pytest.fixture
    def sees(self, database, clock):
        async def sees_(conversation_id, order):
            async with database.reading() as session:
                return await may_see(session, conversation_id, order, now=clock())

        return sees_

    async def test_a_proof_opens_this_order_in_this_conversation(
        self, attempt, sees, orders
    ):
        conversation_id = uuid4()
        proven = await attempt(conversation_id=conversation_id)

        assert await sees(conversation_id, proven.order)

    async def test_a_proof_opens_nothing_in_another_conversation(self, attempt, sees):
        proven = await attempt(conversation_id=uuid4())

        assert not await sees(uuid4(), proven.order)

    async def test_a_proof_opens_no_second_order(self, attempt, sees, orders):
        conversation_id = uuid4()
        await attempt(conversation_id=conversation_id)

        second = await orders.find(OTHER.number)
        assert not await sees(conversation_id, second)

    async def test_a_proof_ends_after_half_an_hour(self, attempt, sees, clock):
        conversation_id = uuid4()
        proven = await attempt(conversation_id=conversation_id)

        clock.forward(minutes=29)
        assert await sees(conversation_id, proven.order)
        clock.forward(minutes=2)
        assert not await sees(conversation_id, proven.order)

    async def test_proving_again_makes_it_longer_and_no_second_row(
        self, attempt, database, clock
    ):
        conversation_id = uuid4()
        await attempt(conversation_id=conversation_id)
        clock.forward(minutes=20)
        await attempt(conversation_id=conversation_id, contact=SAMPLE.email)
        clock.forward(minutes=20)

        async with database.reading() as session:
            assert await has_proof(session, conversation_id, SAMPLE.number, now=clock())
            assert len(list(await session.scalars(select(Proof)))) == 1

    async def test_a_signed_in_shopper_sees_their_own_orders_alone(
        self, database, orders, sees, clock
    ):
        conversation_id = uuid4()
        mine, theirs = await orders.find(SAMPLE.number), await orders.find(OTHER.number)
        identity = Identity(customer_id=mine.customer.id, name=None, expires_at=clock())
        async with database.writing() as session:
            await sign_in(
                session,
                conversation_id,
                identity=identity,
                valid=timedelta(minutes=30),
                now=clock(),
            )

        assert await sees(conversation_id, mine)
        assert not await sees(conversation_id, theirs)
        assert not await sees(uuid4(), mine)
        clock.forward(minutes=31)
        assert not await sees(conversation_id, mine)

    async def test_signing_out_closes_what_signing_in_opened(
        self, database, orders, sees, clock
    ):
        conversation_id = uuid4()
        mine = await orders.find(SAMPLE.number)
        identity = Identity(customer_id=mine.customer.id, name=None, expires_at=clock())
        async with database.writing() as session:
            await sign_in(
                session,
                conversation_id,
                identity=identity,
                valid=timedelta(minutes=30),
                now=clock(),
            )
        async with database.writing() as session:
            await sign_out(session, conversation_id)

        assert not await sees(conversation_id, mine)
