from __future__ import annotations

import asyncio
from collections import Counter
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from handoff import capacity, conversations, places, queue, requests
from handoff.errors import (
    AlreadyClaimed,
    AtCapacity,
    IllegalMove,
    NobodyWaiting,
    NoSuchConversation,
)
from handoff.models import Assignment, AuditEntry, Conversation, Handoff
from tests.people import (
    ALICE,
    BOB,
    CAPACITY,
    NOON,
    REASONS,
    minutes,
    new_conversation,
    seconds,
    waiting_conversation,
)


@pytest.fixture
def line():
    return queue.MemoryLine()


async def claim(session, conversation_id, *, agent_id=ALICE, room=CAPACITY, now=NOON):
    return await queue.claim(
        session, conversation_id, agent_id=agent_id, capacity=room, now=now
    )


async def claim_next(session, *, agent_id=ALICE, room=CAPACITY, now=NOON):
    seeker = queue.Seeker(agent_id=agent_id, capacity=room)
    return await queue.claim_next(session, seeker=seeker, now=now)


class TestJoin:
    async def test_the_conversation_waits_with_its_reasons_and_card(self, session):
        conversation = await new_conversation(session)

        handoff = await queue.join(
            session,
            conversation.id,
            reasons=REASONS,
            card={"language": "zh-Hans"},
            now=NOON,
        )

        row = await conversations.get(session, conversation.id)
        assert (row.status, row.queued_at, row.queue_rank_at) == ("queued", NOON, NOON)
        assert (handoff.reasons, handoff.card) == (REASONS, {"language": "zh-Hans"})

    async def test_the_fact_is_recorded_with_the_codes(self, session):
        await waiting_conversation(session)

        entry = await session.scalar(
            select(AuditEntry).where(AuditEntry.event == "conversation.queued")
        )
        assert entry.data["reasons"] == ["asked_for_human"]
        assert entry.data["position"] == 1

    async def test_joining_twice_is_an_illegal_move(self, session):
        conversation = await waiting_conversation(session)

        with pytest.raises(IllegalMove, match="queued conversation cannot become"):
            await queue.join(
                session, conversation.id, reasons=REASONS, card={}, now=NOON
            )

    async def test_an_unknown_conversation_cannot_join(self, session):
        with pytest.raises(NoSuchConversation):
            await queue.join(session, uuid4(), reasons=REASONS, card={}, now=NOON)

    async def test_priority_is_a_bounded_head_start(self, session):
        first = await waiting_conversation(session, now=NOON)
        urgent = await waiting_conversation(
            session, now=NOON + minutes(8), priority_minutes=10
        )
        calm = await waiting_conversation(session, now=NOON + minutes(9))
        late = await waiting_conversation(
            session, now=NOON + minutes(30), priority_minutes=10
        )

        rows = await queue.waiting(session)

        ids = [row.conversation.id for row in rows]
        assert ids == [urgent.id, first.id, calm.id, late.id]
        assert [row.position for row in rows] == [1, 2, 3, 4]

    async def test_of_two_workers_that_hand_over_at_once_one_makes_the_request(
        self, sessions
    ):
        async with sessions() as session, session.begin():
            conversation = await new_conversation(session)

        async def join():
            try:
                async with sessions() as session, session.begin():
                    await queue.join(
                        session, conversation.id, reasons=REASONS, card={}, now=NOON
                    )
            except IllegalMove:
                return False
            return True

        joined = await asyncio.gather(*(join() for _ in range(6)))

        assert joined.count(True) == 1
        async with sessions() as session:
            assert len(list(await session.scalars(select(Handoff)))) == 1


class TestClaim:
    async def test_the_agent_gets_the_conversation_and_a_version(self, session):
        conversation = await waiting_conversation(session)

        assignment = await claim(session, conversation.id)

        row = await conversations.get(session, conversation.id)
        assert (row.status, row.agent_id) == ("assigned", ALICE)
        assert (assignment.version, row.assignment_version) == (1, 1)

    async def test_the_second_agent_is_told_they_lost(self, session):
        conversation = await waiting_conversation(session)
        await claim(session, conversation.id)

        with pytest.raises(AlreadyClaimed, match="picked up this conversation first"):
            await claim(session, conversation.id, agent_id=BOB)

    async def test_claiming_ones_own_again_gives_the_same_assignment(self, session):
        conversation = await waiting_conversation(session)
        first = await claim(session, conversation.id, room=1)

        again = await claim(session, conversation.id, room=1)

        assert again.id == first.id

    async def test_what_does_not_wait_cannot_be_claimed(self, session):
        conversation = await new_conversation(session)

        with pytest.raises(
            IllegalMove, match="bot conversation cannot become assigned"
        ):
            await claim(session, conversation.id)
        with pytest.raises(NoSuchConversation):
            await claim(session, uuid4())

    async def test_the_first_claim_is_stamped_and_later_ones_are_not(self, session):
        conversation = await waiting_conversation(session)

        await claim(session, conversation.id, now=NOON + minutes(2))

        handoff = await queue.open_handoff(session, conversation.id)
        assert handoff.first_assigned_at == NOON + minutes(2)

    async def test_a_full_agent_gets_no_more(self, session):
        for _ in range(2):
            await claim(session, (await waiting_conversation(session)).id, room=2)
        third = await waiting_conversation(session)

        with pytest.raises(AtCapacity):
            await claim(session, third.id, room=2)
        assert (await conversations.get(session, third.id)).status == "queued"


class TestClaimNext:
    async def test_the_first_in_line_is_served_first(self, session):
        for minute in (3, 1, 2):
            await waiting_conversation(session, now=NOON + minutes(minute))
        order = [row.conversation.id for row in await queue.waiting(session)]

        served = [(await claim_next(session)).conversation_id for _ in range(3)]

        assert served == order

    async def test_nobody_waiting_is_said(self, session):
        with pytest.raises(NobodyWaiting):
            await claim_next(session)

    async def test_a_full_agent_is_told_so_before_anybody_is_taken(self, session):
        await claim(session, (await waiting_conversation(session)).id)
        await waiting_conversation(session)

        with pytest.raises(AtCapacity):
            await claim_next(session, room=1)


class TestManyAgents:
    async def test_everybody_is_served_once_and_nobody_overloaded(self, sessions):
        """G5 in small: 8 agents of 3 on 30 waiting, by `next` and by hand at once."""
        async with sessions() as session, session.begin():
            ids = [(await waiting_conversation(session)).id for _ in range(30)]
        agents = [uuid4() for _ in range(8)]

        async def work(agent_id, number):
            for attempt in range(6):
                try:
                    async with sessions() as session, session.begin():
                        if attempt % 2:
                            await claim_next(session, agent_id=agent_id, room=3)
                        else:
                            pick = ids[(number + attempt) % len(ids)]
                            await claim(session, pick, agent_id=agent_id, room=3)
                except (AlreadyClaimed, AtCapacity, NobodyWaiting):
                    continue

        # every agent works in two windows at once
        await asyncio.gather(*(work(a, n) for n, a in enumerate(agents * 2)))

        async with sessions() as session:
            assignments = list(await session.scalars(select(Assignment)))
        owners = Counter(assignment.conversation_id for assignment in assignments)
        loads = Counter(assignment.agent_id for assignment in assignments)
        assert set(owners.values()) == {1}
        assert set(loads.values()) == {3}

    async def test_without_the_expected_state_two_agents_both_win(self, sessions):
        """Negative control for G5: look first, then write without naming the state."""
        async with sessions() as session, session.begin():
            conversation = await waiting_conversation(session)
        looked = asyncio.Barrier(2)
        winners = []

        async def claim_naively(agent_id):
            async with sessions() as session:
                row = await conversations.get(session, conversation.id)
                is_free = row.status == "queued"
                await session.rollback()
            await looked.wait()
            if is_free:
                async with sessions() as session, session.begin():
                    await session.execute(
                        update(Conversation)
                        .where(Conversation.id == conversation.id)
                        .values(status="assigned", agent_id=agent_id)
                    )
                winners.append(agent_id)

        await asyncio.gather(claim_naively(ALICE), claim_naively(BOB))
        assert len(winners) == 2

    async def test_in_the_same_race_the_conditional_update_lets_one_win(self, sessions):
        async with sessions() as session, session.begin():
            conversation = await waiting_conversation(session)
        looked = asyncio.Barrier(2)
        winners = []

        async def claim_after_looking(agent_id):
            async with sessions() as session:
                await conversations.get(session, conversation.id)
                await session.rollback()
            await looked.wait()
            try:
                async with sessions() as session, session.begin():
                    await claim(session, conversation.id, agent_id=agent_id)
            except AlreadyClaimed:
                return
            winners.append(agent_id)

        await asyncio.gather(claim_after_looking(ALICE), claim_after_looking(BOB))
        assert len(winners) == 1

    # SQLite's writing transactions run one after another anyway.
    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    async def test_without_the_agents_lock_postgresql_overloads_them(
        self, sessions, monkeypatch
    ):
        """Negative control: counting and assigning with nothing held between them."""
        loads = {}
        for guarded in (True, False):
            if not guarded:
                monkeypatch.setattr(capacity, "wait_for_turn", _no_waiting)
            loads[guarded] = await self.load_after_a_race(sessions)

        assert loads[True] == 1
        assert loads[False] == 4

    async def load_after_a_race(self, sessions):
        agent_id = uuid4()
        async with sessions() as session, session.begin():
            ids = [(await waiting_conversation(session)).id for _ in range(4)]

        async def take(conversation_id):
            try:
                async with sessions() as session, session.begin():
                    await claim(session, conversation_id, agent_id=agent_id, room=1)
                    await asyncio.sleep(0.3)  # the commit comes late
            except AtCapacity:
                return

        await asyncio.gather(*(take(each) for each in ids))
        async with sessions() as session:
            return await capacity.load(session, agent_id)


async def _no_waiting(session, agent_id):
    return None


class TestLeaving:
    async def test_an_abandoned_conversation_has_ended_and_so_has_its_request(
        self, session
    ):
        conversation = await waiting_conversation(session)

        await queue.abandon(session, conversation.id, now=NOON + minutes(5))

        row = await conversations.get(session, conversation.id)
        handoff = await session.scalar(select(Handoff))
        assert (row.status, row.resolved_at) == ("abandoned", NOON + minutes(5))
        assert (handoff.outcome, handoff.ended_at) == (
            "abandoned",
            NOON + minutes(5),
        )
        assert await queue.waiting(session) == []

    async def test_a_shopper_may_stop_waiting_and_ask_for_a_person_again(self, session):
        conversation = await waiting_conversation(session)
        await queue.cancel(session, conversation.id, now=NOON)
        assert (await conversations.get(session, conversation.id)).status == "bot"

        later = NOON + minutes(7)
        await queue.join(session, conversation.id, reasons=REASONS, card={}, now=later)

        row = await conversations.get(session, conversation.id)
        assert row.queued_at == later  # a new request, a new place
        assert await requests.count(session, conversation.id) == 1  # not asked twice

    async def test_who_left_by_themselves_is_noted_and_their_mail_forgotten(
        self, session
    ):
        conversation = await waiting_conversation(session)
        await places.keep(session, conversation.id, mail="sam@example.com", now=NOON)

        event = await queue.cancel(session, conversation.id, now=NOON + minutes(1))

        assert event.kind == "conversation.left_line"
        handoff = await session.scalar(select(Handoff))
        await session.refresh(handoff)
        assert (handoff.outcome, handoff.ended_at) == ("left_line", NOON + minutes(1))
        assert (handoff.keep_place, handoff.place_asked_at) == (None, None)
        assert await queue.waiting(session) == []
        with pytest.raises(IllegalMove):
            await queue.cancel(session, conversation.id, now=NOON + minutes(2))

    @pytest.mark.parametrize("leave", [queue.abandon, queue.cancel])
    async def test_who_is_being_served_has_not_left_the_line(self, session, leave):
        conversation = await waiting_conversation(session)
        await claim(session, conversation.id)

        with pytest.raises(IllegalMove):
            await leave(session, conversation.id, now=NOON)


class TestPosition:
    async def test_the_line_answers_if_it_can(self, session, line):
        conversation = await waiting_conversation(session)
        await line.add(uuid4(), rank_at=NOON - minutes(1))
        await line.add(conversation.id, rank_at=NOON)

        assert await queue.position(session, line, conversation.id) == 2

    async def test_the_rows_answer_if_the_line_cannot(self, session, line):
        ids = [
            (await waiting_conversation(session, now=NOON + seconds(n))).id
            for n in range(4)
        ]

        places = [await queue.position(session, line, each) for each in ids]

        assert places == [1, 2, 3, 4]

    async def test_equal_ranks_are_ordered_alike_by_line_and_rows(self, session, line):
        for _ in range(12):
            conversation = await waiting_conversation(session, now=NOON)
            await line.add(conversation.id, rank_at=NOON)

        by_rows = [row.conversation.id for row in await queue.waiting(session)]

        assert await line.head(12) == by_rows

    async def test_who_does_not_wait_has_no_place(self, session, line):
        conversation = await new_conversation(session)

        assert await queue.position(session, line, conversation.id) == 0


class TestLineRepair:
    async def test_an_emptied_line_is_rebuilt_from_the_rows(self, session, line):
        """G12: FLUSHALL loses nothing."""
        for number in range(5):
            await waiting_conversation(session, now=NOON + minutes(number))

        repair = await queue.line_repair(session, await line.entries())
        await line.apply(repair)

        rows = [row.conversation.id for row in await queue.waiting(session)]
        assert await line.head(10) == rows
        assert not await queue.line_repair(session, await line.entries())

    async def test_wrong_ranks_and_ghosts_are_put_right(self, session, line):
        conversation = await waiting_conversation(session)
        await line.add(conversation.id, rank_at=NOON + minutes(9))
        await line.add(uuid4(), rank_at=NOON)

        await line.apply(await queue.line_repair(session, await line.entries()))

        assert await line.entries() == {conversation.id: NOON}


class TestForecast:
    async def served(self, session, *, number, every, skill=None):
        """So many shoppers, one taken every so often after a wait as long as that."""
        for place in range(number):
            at = NOON + seconds(every * place)
            conversation = await waiting_conversation(session, now=at)
            await session.execute(
                update(Handoff)
                .where(Handoff.conversation_id == conversation.id)
                .values(position=1)
            )
            await claim(
                session, conversation.id, agent_id=uuid4(), now=at + seconds(every)
            )
            await session.execute(
                update(Conversation)
                .where(Conversation.id == conversation.id)
                .values(skill=skill)
            )
        return NOON + seconds(every * number)

    async def test_it_learns_from_what_happened_and_grows_with_the_place(self, session):
        now = await self.served(session, number=25, every=60)

        first = await queue.forecast(session, position=1, now=now, default=9999)
        third = await queue.forecast(session, position=3, now=now, default=9999)

        assert first.low <= 60 <= first.high <= 120
        assert third.low <= 180 <= third.high <= 360

    async def test_the_same_skill_is_asked_first_if_there_are_enough(self, session):
        await self.served(session, number=31, every=20, skill="refunds")
        now = await self.served(session, number=25, every=60)

        alike = await queue.forecast(
            session, position=1, now=NOON + seconds(620), default=9, skill="refunds"
        )
        rare = await queue.forecast(
            session, position=1, now=now, default=9, skill="nobody_has_it"
        )

        assert alike.high <= 60
        assert rare.high >= 60

    async def test_yesterdays_and_overnight_waits_do_not_count(self, session):
        for _ in range(10):
            conversation = await waiting_conversation(session, now=NOON)
            await claim(
                session,
                conversation.id,
                agent_id=uuid4(),
                now=NOON + minutes(9 * 60),
            )
        now = NOON + minutes(9 * 60)

        forecast = await queue.forecast(session, position=1, now=now, default=100)

        assert (forecast.low, forecast.high) == (30, 150)
