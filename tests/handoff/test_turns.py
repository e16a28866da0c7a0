from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from handoff import assignments, conversations, queue, turns
from handoff.errors import NoSuchTurn
from handoff.models import AuditEntry, Turn
from tests.people import (
    ALICE,
    LEASE,
    NOON,
    REASONS,
    assigned_conversation,
    bot_answers,
    new_conversation,
    sam_says,
    seconds,
    waiting_conversation,
)


async def begin(session, conversation, *, now=NOON):
    return await turns.begin(session, conversation.id, lease=LEASE, now=now)


async def finish(session, turn, *, state="answered", now=NOON, **more):
    return await turns.finish(
        session,
        turn.turn_id,
        state=state,
        signals=more.pop("signals", {}),
        dialogue=more.pop("dialogue", []),
        now=now,
        **more,
    )


async def take_over(session, conversation):
    await queue.join(session, conversation.id, reasons=REASONS, card={}, now=NOON)


class TestBegin:
    async def test_a_turn_covers_everything_that_is_unanswered(self, session):
        conversation = await new_conversation(session)
        for text in ("你好", "在吗", "我的快递呢"):
            await sam_says(session, conversation.id, text)

        turn = await begin(session, conversation)

        assert [message.text for message in turn.messages] == [
            "你好",
            "在吗",
            "我的快递呢",
        ]

    async def test_a_second_turn_does_not_start_while_one_runs(self, session):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        assert await begin(session, conversation) is not None
        await sam_says(session, conversation.id, "喂？")

        assert await begin(session, conversation) is None

    async def test_the_database_itself_refuses_a_second_running_turn(self, session):
        conversation = await new_conversation(session)
        for seq in (1, 2):
            session.add(
                Turn(
                    conversation_id=conversation.id,
                    first_seq=seq,
                    last_seq=seq,
                    state="running",
                    lease_until=NOON,
                    started_at=NOON,
                )
            )

        with pytest.raises(IntegrityError):
            await session.flush()

    async def test_what_came_during_a_turn_makes_the_next_one_together(self, session):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id, "一")
        first = await begin(session, conversation)
        await sam_says(session, conversation.id, "二")
        await sam_says(session, conversation.id, "三")
        await finish(session, first)
        await conversations.append(
            session, conversation.id, actor="bot", text="好", now=NOON
        )

        second = await begin(session, conversation)

        assert [message.text for message in second.messages] == ["二", "三"]

    async def test_nothing_unanswered_starts_nothing(self, session):
        conversation = await new_conversation(session)
        assert await begin(session, conversation) is None
        await sam_says(session, conversation.id)
        await bot_answers(session, conversation.id)

        assert await begin(session, conversation) is None

    @pytest.mark.parametrize("state", ["answered", "failed"])
    async def test_an_ended_turn_is_never_asked_again_whatever_its_end(
        self, session, state
    ):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        await bot_answers(session, conversation.id, state=state)

        assert await begin(session, conversation) is None

    async def test_the_bot_is_not_asked_while_people_have_the_conversation(
        self, session
    ):
        waiting = await waiting_conversation(session)
        assert await begin(session, waiting) is None
        served = await assigned_conversation(session)
        assert (
            await turns.begin(session, served.conversation_id, lease=LEASE, now=NOON)
            is None
        )

    async def test_the_dialogue_of_the_last_answered_turn_comes_along(self, session):
        conversation = await new_conversation(session)
        for number, state in enumerate(("answered", "answered", "failed")):
            await sam_says(session, conversation.id)
            await bot_answers(
                session,
                conversation.id,
                state=state,
                dialogue=[{"event": "slot", "value": number}],
            )
        await sam_says(session, conversation.id)

        turn = await begin(session, conversation)

        assert turn.dialogue == [{"event": "slot", "value": 1}]

    async def test_of_eight_workers_one_gets_the_turn(self, sessions):
        async with sessions() as session, session.begin():
            conversation = await new_conversation(session)
            await sam_says(session, conversation.id)

        async def start():
            async with sessions() as session, session.begin():
                return await begin(session, conversation)

        started = await asyncio.gather(*(start() for _ in range(8)))

        assert len([turn for turn in started if turn is not None]) == 1

    async def test_without_lock_and_key_all_workers_would_start_one(self, sessions):
        """Negative control: each looks first, sees no running turn, and goes on."""
        async with sessions() as session, session.begin():
            conversation = await new_conversation(session)
            await sam_says(session, conversation.id)
        looked = asyncio.Barrier(4)
        started = []

        async def start_naively(worker):
            async with sessions() as session:
                running = await session.scalar(
                    select(Turn).where(Turn.conversation_id == conversation.id)
                )
                await session.rollback()
            await looked.wait()
            if running is None:
                started.append(worker)

        await asyncio.gather(*(start_naively(worker) for worker in range(4)))

        assert len(started) == 4


class TestFinish:
    async def test_an_answer_is_kept_with_what_was_understood(self, session):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        turn = await begin(session, conversation)

        kept = await finish(
            session, turn, signals={"intent": "track_order"}, dialogue=[{"event": "x"}]
        )

        row = await turns.covering(session, conversation.id, 1)
        assert kept
        assert (row.state, row.signals, row.dialogue) == (
            "answered",
            {"intent": "track_order"},
            [{"event": "x"}],
        )

    async def test_after_a_takeover_the_answer_is_dropped(self, session):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        turn = await begin(session, conversation)
        await take_over(session, conversation)

        kept = await finish(session, turn)

        row = await turns.covering(session, conversation.id, 1)
        assert not kept
        assert row.state == "dropped"
        events = list(await session.scalars(select(AuditEntry.event)))
        assert events[-1] == "turn.dropped"

    async def test_a_turn_ends_once(self, session):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        turn = await begin(session, conversation)
        assert await finish(session, turn, dialogue=[1])

        assert not await finish(session, turn, dialogue=[2])
        assert await turns.last_dialogue(session, conversation.id) == [1]

    async def test_an_unknown_turn_is_an_error_and_no_silent_no(self, session):
        with pytest.raises(NoSuchTurn):
            await turns.finish(
                session, uuid4(), state="answered", signals={}, dialogue=[], now=NOON
            )

    async def test_takeover_and_answer_at_once_never_leave_a_late_bot_message(
        self, sessions
    ):
        """G11 in small: whoever commits first, no bot message follows the takeover."""
        for number in range(12):
            async with sessions() as session, session.begin():
                conversation = await new_conversation(session)
                await sam_says(session, conversation.id)
                turn = await begin(session, conversation)

            async def answer(turn=turn, conversation=conversation):
                async with sessions() as session, session.begin():
                    if await finish(session, turn):
                        await conversations.append(
                            session, conversation.id, actor="bot", text="好", now=NOON
                        )

            async def take(conversation=conversation):
                async with sessions() as session, session.begin():
                    await take_over(session, conversation)
                    await conversations.append(
                        session, conversation.id, actor="system", text="", now=NOON
                    )

            both = (answer, take) if number % 2 else (take, answer)
            await asyncio.gather(*(part() for part in both))

            async with sessions() as session:
                said = await conversations.since(session, conversation.id)
            takeover = next(m.seq for m in said if m.actor == "system")
            assert [m for m in said if m.actor == "bot" and m.seq > takeover] == []

    async def test_without_the_status_check_a_late_answer_gets_through(
        self, session, monkeypatch
    ):
        """Negative control: the two guards switched off, the bot talks over people."""
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        await begin(session, conversation)
        await take_over(session, conversation)
        monkeypatch.setattr(
            "handoff.conversations.Status", type("Any", (), {"BOT": "queued"})
        )

        said = await conversations.append(
            session, conversation.id, actor="bot", text="对了……", now=NOON
        )

        assert said.message.seq == 2


class TestExpire:
    async def test_a_turn_past_its_lease_fails_and_cannot_be_finished(self, session):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        turn = await begin(session, conversation)

        expired = await turns.expire(session, now=NOON + LEASE)

        assert [(row.id, row.state, row.failure) for row in expired] == [
            (turn.turn_id, "failed", "lease_expired")
        ]
        assert not await finish(session, turn)
        row = await turns.covering(session, conversation.id, 1)
        assert row.state == "failed"

    async def test_a_turn_within_its_lease_is_left_alone(self, session):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        turn = await begin(session, conversation)

        assert await turns.expire(session, now=NOON + LEASE - seconds(1)) == []
        assert await finish(session, turn)

    async def test_two_sweepers_report_each_turn_once(self, sessions):
        async with sessions() as session, session.begin():
            for _ in range(6):
                conversation = await new_conversation(session)
                await sam_says(session, conversation.id)
                await begin(session, conversation)

        async def sweep():
            async with sessions() as session, session.begin():
                return await turns.expire(session, now=NOON + LEASE)

        swept = await asyncio.gather(*(sweep() for _ in range(3)))

        ids = [turn.id for found in swept for turn in found]
        assert len(ids) == len(set(ids)) == 6


async def test_covering_finds_the_turn_of_each_message(session):
    conversation = await new_conversation(session)
    await sam_says(session, conversation.id)
    await sam_says(session, conversation.id)
    first = await begin(session, conversation)
    await finish(session, first)
    await sam_says(session, conversation.id)
    second = await begin(session, conversation)

    for seq, turn in ((1, first), (2, first), (3, second)):
        assert (await turns.covering(session, conversation.id, seq)).id == turn.turn_id
    assert await turns.covering(session, conversation.id, 4) is None


async def test_recent_turns_come_oldest_first_and_without_the_running_one(session):
    conversation = await new_conversation(session)
    for number in range(4):
        await sam_says(session, conversation.id)
        await bot_answers(session, conversation.id, signals={"number": number})
    await sam_says(session, conversation.id)
    await begin(session, conversation)

    found = await turns.recent(session, conversation.id, limit=3)

    assert [turn.signals["number"] for turn in found] == [1, 2, 3]


async def test_back_with_the_bot_only_new_messages_are_answered(session):
    assignment = await assigned_conversation(session)
    conversation_id = assignment.conversation_id
    await sam_says(session, conversation_id, "这句是给人看的")
    await assignments.return_to_bot(
        session, conversation_id, agent_id=ALICE, assignment_version=1, now=NOON
    )
    assert await turns.begin(session, conversation_id, lease=LEASE, now=NOON) is None
    await sam_says(session, conversation_id, "还在吗")

    turn = await turns.begin(session, conversation_id, lease=LEASE, now=NOON)

    assert [message.text for message in turn.messages] == ["还在吗"]
