from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from handoff import assignments, conversations, queue, turns
from handoff.errors import (
    AtCapacity,
    ConversationEnded,
    IdConflict,
    NewMessageAbove,
    NoSuchConversation,
    NotYours,
    UnknownDisposition,
)
from handoff.models import Assignment, AuditEntry, Conversation, Handoff, Message
from tests.people import (
    ALICE,
    BOB,
    CAPACITY,
    DISPOSITIONS,
    LEASE,
    NOON,
    assigned_conversation,
    minutes,
    sam_says,
    waiting_conversation,
)


async def reply(session, assignment, *, agent_id=ALICE, text="您好，我来帮您", **more):
    return await assignments.reply(
        session,
        assignment.conversation_id,
        agent_id=agent_id,
        text=text,
        assignment_version=more.pop("version", assignment.version),
        seen_seq=more.pop("seen_seq", None),
        client_id=more.pop("client_id", None),
        now=more.pop("now", NOON),
        **more,
    )


async def release(session, assignment, **more):
    return await assignments.release(
        session,
        assignment.conversation_id,
        agent_id=more.pop("agent_id", ALICE),
        assignment_version=more.pop("version", assignment.version),
        now=more.pop("now", NOON),
        **more,
    )


async def transfer(session, assignment, *, to=BOB, room=CAPACITY, **more):
    return await assignments.transfer(
        session,
        assignment.conversation_id,
        agent_id=more.pop("agent_id", ALICE),
        to_agent_id=to,
        capacity=room,
        assignment_version=more.pop("version", assignment.version),
        now=NOON,
    )


async def resolve(session, assignment, *, disposition="solved", **more):
    return await assignments.resolve(
        session,
        assignment.conversation_id,
        agent_id=more.pop("agent_id", ALICE),
        assignment_version=more.pop("version", assignment.version),
        disposition=disposition,
        dispositions=DISPOSITIONS,
        now=more.pop("now", NOON),
    )


async def return_to_bot(session, assignment, **more):
    return await assignments.return_to_bot(
        session,
        assignment.conversation_id,
        agent_id=more.pop("agent_id", ALICE),
        assignment_version=more.pop("version", assignment.version),
        now=NOON,
    )


ACTIONS = [reply, release, transfer, resolve, return_to_bot]


class TestOwnership:
    @pytest.mark.parametrize("act", ACTIONS)
    async def test_an_older_version_is_refused_even_to_the_same_agent(
        self, session, act
    ):
        """G6: released and claimed again, the first spell's requests come too late."""
        first = await assigned_conversation(session)
        await release(session, first)
        await queue.claim(
            session,
            first.conversation_id,
            agent_id=ALICE,
            capacity=CAPACITY,
            now=NOON,
        )

        with pytest.raises(NotYours):
            await act(session, first)

    @pytest.mark.parametrize("act", ACTIONS)
    async def test_another_agent_is_refused(self, session, act):
        assignment = await assigned_conversation(session)

        with pytest.raises(NotYours):
            await act(session, assignment, agent_id=BOB)

    @pytest.mark.parametrize("act", ACTIONS)
    async def test_after_the_end_nothing_is_anybodys(self, session, act):
        assignment = await assigned_conversation(session)
        await resolve(session, assignment)

        with pytest.raises(NotYours):
            await act(session, assignment)

    @pytest.mark.parametrize("act", ACTIONS)
    async def test_what_does_not_exist_is_said_not_to_exist(self, session, act):
        nowhere = Assignment(conversation_id=uuid4(), version=1)

        with pytest.raises(NoSuchConversation):
            await act(session, nowhere)

    async def test_without_the_version_a_stale_reply_would_get_through(self, session):
        """Negative control for G6: agent and status alone do not tell two spells apart."""
        first = await assigned_conversation(session)
        await release(session, first)
        await queue.claim(
            session,
            first.conversation_id,
            agent_id=ALICE,
            capacity=CAPACITY,
            now=NOON,
        )

        passed = await session.scalar(
            update(Conversation)
            .where(
                Conversation.id == first.conversation_id,
                Conversation.status == "assigned",
                Conversation.agent_id == ALICE,
            )
            .values(updated_at=NOON)
            .returning(Conversation.id)
        )

        assert passed == first.conversation_id


class TestReply:
    async def test_the_shopper_hears_the_agent(self, session):
        assignment = await assigned_conversation(session)

        said = await reply(session, assignment, language="zh-Hans")

        everyone = await conversations.since(session, assignment.conversation_id)
        assert everyone[-1].id == said.message.id
        assert (said.message.actor, said.message.agent_id) == ("agent", ALICE)

    async def test_the_first_reply_is_stamped_and_the_second_is_not(self, session):
        assignment = await assigned_conversation(session)
        await reply(session, assignment, now=NOON + minutes(1))
        await reply(session, assignment, now=NOON + minutes(2))

        handoff = await queue.open_handoff(session, assignment.conversation_id)
        assert handoff.first_agent_message_at == NOON + minutes(1)

    async def test_a_note_is_no_first_reply_and_reaches_no_shopper(self, session):
        assignment = await assigned_conversation(session)
        await assignments.note(
            session,
            assignment.conversation_id,
            agent_id=BOB,
            text="老客户",
            now=NOON,
        )

        handoff = await queue.open_handoff(session, assignment.conversation_id)
        everyone = await conversations.since(session, assignment.conversation_id)
        assert handoff.first_agent_message_at is None
        assert [message.actor for message in everyone] == ["shopper"]

    async def test_a_reply_that_has_not_seen_the_last_words_is_held_back(self, session):
        assignment = await assigned_conversation(session)
        await sam_says(session, assignment.conversation_id, "等等，地址错了")

        with pytest.raises(NewMessageAbove):
            await reply(session, assignment, seen_seq=1)
        assert not (await reply(session, assignment, seen_seq=2)).was_resent

    async def test_the_agents_own_words_above_hold_nothing_back(self, session):
        assignment = await assigned_conversation(session)
        await reply(session, assignment, seen_seq=1)

        assert (await reply(session, assignment, seen_seq=1)).message.seq == 3

    async def test_a_resend_is_recognised_even_after_the_spell_has_ended(self, session):
        assignment = await assigned_conversation(session)
        first = await reply(session, assignment, client_id="r1")
        await sam_says(session, assignment.conversation_id)
        await release(session, assignment)

        again = await reply(session, assignment, client_id="r1", seen_seq=1)

        assert again.was_resent
        assert again.message.id == first.message.id

    async def test_another_text_under_the_same_id_is_a_conflict(self, session):
        assignment = await assigned_conversation(session)
        await reply(session, assignment, client_id="r1")

        with pytest.raises(IdConflict):
            await reply(session, assignment, client_id="r1", text="另一句")

    async def test_a_colleague_cannot_pass_off_a_resend_as_their_own(self, session):
        assignment = await assigned_conversation(session)
        await reply(session, assignment, client_id="r1")

        with pytest.raises(NotYours):
            await reply(session, assignment, client_id="r1", agent_id=BOB)

    async def test_reply_and_release_at_once_leave_no_reply_after_the_release(
        self, sessions
    ):
        for number in range(10):
            async with sessions() as session, session.begin():
                assignment = await assigned_conversation(session, agent_id=uuid4())
            owner = assignment.agent_id

            async def answer(assignment=assignment, owner=owner):
                async with sessions() as session, session.begin():
                    try:
                        await reply(session, assignment, agent_id=owner)
                    except NotYours:
                        return False
                return True

            async def put_back(assignment=assignment, owner=owner):
                async with sessions() as session, session.begin():
                    await release(session, assignment, agent_id=owner)
                    await conversations.append(
                        session,
                        assignment.conversation_id,
                        actor="system",
                        text="",
                        now=NOON,
                    )

            parts = (answer, put_back) if number % 2 else (put_back, answer)
            await asyncio.gather(*(part() for part in parts))
            async with sessions() as session:
                said = await conversations.since(session, assignment.conversation_id)
            actors = [message.actor for message in said]
            assert actors in (
                ["shopper", "agent", "system"],
                ["shopper", "system"],
            )


class TestRelease:
    async def test_the_old_place_in_the_line_is_kept(self, session):
        first = await assigned_conversation(session, now=NOON)
        await waiting_conversation(session, now=NOON + minutes(1))

        event = await release(session, first, now=NOON + minutes(30))

        rows = await queue.waiting(session)
        assert rows[0].conversation.id == first.conversation_id
        assert rows[0].conversation.queued_at == NOON
        assert event.rank_at == NOON

    async def test_the_spell_ends_and_the_request_does_not(self, session):
        assignment = await assigned_conversation(session)
        await release(session, assignment, now=NOON + minutes(3))

        row = await session.scalar(
            select(Assignment), execution_options={"populate_existing": True}
        )
        assert (row.ended_how, row.ended_at) == ("released", NOON + minutes(3))
        handoff = await queue.open_handoff(session, assignment.conversation_id)
        assert handoff.first_assigned_at == NOON

    async def test_all_of_a_lost_agents_shoppers_go_back_at_once(self, session):
        held = [
            await assigned_conversation(session, now=NOON + minutes(n))
            for n in range(3)
        ]
        other = await assigned_conversation(session, agent_id=BOB)

        events = await assignments.release_all(session, ALICE, now=NOON + minutes(9))

        assert {event.conversation_id for event in events} == {
            assignment.conversation_id for assignment in held
        }
        assert {event.how for event in events} == {"lease_lost"}
        assert len(await queue.waiting(session)) == 3
        assert await assignments.agents_holding(session) == [other.agent_id]

    async def test_releasing_all_of_nothing_is_nothing(self, session):
        assert await assignments.release_all(session, ALICE, now=NOON) == []


class TestTransfer:
    async def test_the_colleague_gets_a_new_version(self, session):
        assignment = await assigned_conversation(session)

        theirs = await transfer(session, assignment)

        assert (theirs.agent_id, theirs.version) == (BOB, 2)
        with pytest.raises(NotYours):
            await reply(session, assignment)
        assert (await reply(session, theirs, agent_id=BOB)).message.agent_id == BOB

    async def test_a_full_colleague_gets_nothing_and_it_stays_mine(self, session):
        assignment = await assigned_conversation(session)
        await assigned_conversation(session, agent_id=BOB)

        with pytest.raises(AtCapacity):
            await transfer(session, assignment, room=1)
        assert (await reply(session, assignment)).message.agent_id == ALICE


class TestResolve:
    async def test_it_ends_conversation_spell_and_request_together(self, session):
        assignment = await assigned_conversation(session)
        end = NOON + minutes(12)

        await resolve(session, assignment, disposition="refunded", now=end)

        row = await conversations.get(session, assignment.conversation_id)
        spell = await session.scalar(
            select(Assignment), execution_options={"populate_existing": True}
        )
        handoff = await session.scalar(
            select(Handoff), execution_options={"populate_existing": True}
        )
        assert (row.status, row.disposition, row.agent_id) == (
            "resolved",
            "refunded",
            None,
        )
        assert (spell.ended_how, handoff.outcome) == ("resolved", "resolved")
        assert row.resolved_at == spell.ended_at == handoff.ended_at == end

    async def test_an_unknown_disposition_changes_nothing(self, session):
        assignment = await assigned_conversation(session)

        with pytest.raises(UnknownDisposition):
            await resolve(session, assignment, disposition="whatever")
        row = await conversations.get(session, assignment.conversation_id)
        assert row.status == "assigned"

    async def test_nobody_writes_into_a_resolved_conversation(self, session):
        assignment = await assigned_conversation(session)
        await resolve(session, assignment)

        with pytest.raises(ConversationEnded):
            await sam_says(session, assignment.conversation_id, "还有个问题")


class TestReturnToBot:
    async def test_the_bot_answers_again_and_the_request_has_ended(self, session):
        assignment = await assigned_conversation(session)

        await return_to_bot(session, assignment)

        row = await conversations.get(session, assignment.conversation_id)
        assert (row.status, row.agent_id, row.queued_at) == ("bot", None, None)
        assert await queue.open_handoff(session, row.id) is None
        await sam_says(session, row.id)
        assert await turns.begin(session, row.id, lease=LEASE, now=NOON) is not None


async def test_every_transition_leaves_exactly_one_audit_entry(session):
    assignment = await assigned_conversation(session)
    await transfer(session, assignment)
    await release(session, assignment, agent_id=BOB, version=2)
    again = await queue.claim(
        session,
        assignment.conversation_id,
        agent_id=ALICE,
        capacity=CAPACITY,
        now=NOON,
    )
    await resolve(session, again)

    events = await session.scalars(select(AuditEntry.event).order_by(AuditEntry.id))
    assert list(events) == [
        "conversation.opened",
        "conversation.queued",
        "conversation.assigned",
        "conversation.transferred",
        "conversation.released",
        "conversation.assigned",
        "conversation.resolved",
    ]


async def test_a_refused_action_leaves_no_trace(session):
    assignment = await assigned_conversation(session)
    before = await session.scalar(select(func.count()).select_from(AuditEntry))
    for act in ACTIONS:
        with pytest.raises(NotYours):
            await act(session, assignment, version=99)

    assert await session.scalar(select(func.count()).select_from(AuditEntry)) == before
    assert await session.scalar(select(func.count()).select_from(Message)) == 1
