from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from handoff import conversations, queue
from handoff.errors import (
    BotIsSilent,
    ConversationEnded,
    IdConflict,
    NoSuchConversation,
)
from handoff.models import AuditEntry, Message
from tests.people import (
    ALICE,
    NOON,
    bot_answers,
    minutes,
    new_conversation,
    sam_says,
    waiting_conversation,
)


async def say(session, conversation_id, *, client_id, text="在吗", **more):
    return await conversations.append(
        session,
        conversation_id,
        actor="shopper",
        text=text,
        client_id=client_id,
        now=NOON,
        **more,
    )


class TestOpen:
    async def test_a_new_conversation_belongs_to_the_bot_and_is_recorded(self, session):
        conversation = await new_conversation(session)

        assert conversation.status == "bot"
        entry = await session.scalar(select(AuditEntry))
        assert (entry.event, entry.at) == ("conversation.opened", NOON)

    async def test_it_is_found_by_the_hash_of_its_token(self, session):
        conversation = await new_conversation(session)

        found = await conversations.by_token_hash(session, conversation.token_hash)

        assert found is conversation
        assert await conversations.by_token_hash(session, "somebody else's") is None

    async def test_an_unknown_one_is_said_not_to_exist(self, session):
        with pytest.raises(NoSuchConversation):
            await conversations.get(session, uuid4())


class TestAppend:
    async def test_messages_are_numbered_without_holes_whoever_speaks(self, session):
        conversation = await new_conversation(session)
        for actor in ("shopper", "bot", "shopper", "system"):
            await conversations.append(
                session, conversation.id, actor=actor, text=actor, now=NOON
            )

        said = await conversations.since(session, conversation.id)

        assert [(m.seq, m.actor) for m in said] == [
            (1, "shopper"),
            (2, "bot"),
            (3, "shopper"),
            (4, "system"),
        ]

    async def test_a_resend_gets_the_first_message_and_no_second_row(self, session):
        conversation = await new_conversation(session)
        first = await say(session, conversation.id, client_id="one")
        again = await say(session, conversation.id, client_id="one")

        assert (first.was_resent, again.was_resent) == (False, True)
        assert again.message.id == first.message.id
        assert await session.scalar(select(func.count()).select_from(Message)) == 1
        assert (await conversations.get(session, conversation.id)).last_seq == 1

    @pytest.mark.parametrize(
        "other", [{"text": "不在"}, {"meta": {"button_id": "b1"}}, {"kind": "press"}]
    )
    async def test_the_same_id_with_another_body_is_a_conflict(self, session, other):
        conversation = await new_conversation(session)
        await say(session, conversation.id, client_id="one")

        with pytest.raises(IdConflict):
            await say(session, conversation.id, client_id="one", **other)

    async def test_the_same_id_in_another_conversation_is_another_message(
        self, session
    ):
        one, two = await new_conversation(session), await new_conversation(session)
        await say(session, one.id, client_id="same")

        assert not (await say(session, two.id, client_id="same")).was_resent

    async def test_messages_without_an_id_are_never_taken_for_resends(self, session):
        conversation = await new_conversation(session)
        await say(session, conversation.id, client_id=None)

        assert not (await say(session, conversation.id, client_id=None)).was_resent

    async def test_an_ended_conversation_takes_no_more_but_knows_its_resends(
        self, session
    ):
        conversation = await waiting_conversation(session)
        first = await say(session, conversation.id, client_id="one")
        await queue.abandon(session, conversation.id, now=NOON)

        assert (await say(session, conversation.id, client_id="one")).was_resent
        assert first.message.seq == 2
        with pytest.raises(ConversationEnded):
            await say(session, conversation.id, client_id="two")

    async def test_the_system_may_still_say_goodbye_after_the_end(self, session):
        conversation = await waiting_conversation(session)
        await queue.abandon(session, conversation.id, now=NOON)

        said = await conversations.append(
            session, conversation.id, actor="system", kind="notice", text="", now=NOON
        )

        assert said.message.seq == 2

    async def test_the_bot_cannot_speak_once_a_person_is_wanted(self, session):
        conversation = await waiting_conversation(session)

        with pytest.raises(BotIsSilent):
            await conversations.append(
                session, conversation.id, actor="bot", text="…", now=NOON
            )
        assert (await conversations.get(session, conversation.id)).last_seq == 1

    async def test_nobody_can_write_into_a_conversation_that_is_not_there(
        self, session
    ):
        with pytest.raises(NoSuchConversation):
            await say(session, uuid4(), client_id="one")

    async def test_every_script_and_lone_emoji_come_back_as_they_were(self, session):
        conversation = await new_conversation(session)
        texts = ["轉人工", "🧧", "a\nb", "Ünïcödé \u202e", "0" * 2000]
        for text in texts:
            await say(session, conversation.id, client_id=None, text=text)

        said = await conversations.since(session, conversation.id)

        assert [message.text for message in said] == texts


class TestAppendByManyWorkers:
    async def test_a_message_sent_by_eight_workers_at_once_is_kept_once(self, sessions):
        async with sessions() as session, session.begin():
            conversation = await new_conversation(session)

        async def send():
            async with sessions() as session, session.begin():
                return await say(session, conversation.id, client_id="one")

        answers = await asyncio.gather(*(send() for _ in range(8)))

        assert sorted(answer.was_resent for answer in answers) == [False] + [True] * 7
        assert {answer.message.seq for answer in answers} == {1}

    async def test_without_the_unique_key_the_same_race_makes_duplicates(
        self, sessions
    ):
        """Negative control: asking first and writing then is not enough."""
        async with sessions() as session, session.begin():
            conversation = await new_conversation(session)
        asked = asyncio.Barrier(2)

        async def send_naively(seq):
            async with sessions() as session:
                known = await session.scalar(
                    select(Message).where(Message.client_id == "one")
                )
                await session.rollback()
            await asked.wait()
            if known is None:
                async with sessions() as session, session.begin():
                    session.add(
                        Message(
                            conversation_id=conversation.id,
                            seq=seq,
                            actor="shopper",
                            text="在吗",
                            created_at=NOON,
                        )
                    )

        await asyncio.gather(send_naively(1), send_naively(2))

        async with sessions() as session:
            rows = await session.scalar(select(func.count()).select_from(Message))
        assert rows == 2

    async def test_many_senders_leave_one_order_without_holes(self, sessions):
        async with sessions() as session, session.begin():
            conversation = await new_conversation(session)

        async def send(sender):
            for number in range(10):
                async with sessions() as session, session.begin():
                    await say(session, conversation.id, client_id=f"{sender}-{number}")

        await asyncio.gather(*(send(sender) for sender in range(6)))

        async with sessions() as session:
            said = await conversations.since(session, conversation.id)
        assert [message.seq for message in said] == list(range(1, 61))
        for sender in range(6):
            own = [m.client_id for m in said if m.client_id.startswith(f"{sender}-")]
            assert own == [f"{sender}-{number}" for number in range(10)]


class TestSince:
    async def test_only_what_came_after_is_given_and_no_more_than_asked(self, session):
        conversation = await new_conversation(session)
        for _ in range(5):
            await sam_says(session, conversation.id)

        later = await conversations.since(session, conversation.id, after=3)
        few = await conversations.since(session, conversation.id, limit=2)

        assert [message.seq for message in later] == [4, 5]
        assert [message.seq for message in few] == [1, 2]

    async def test_notes_are_for_agents_only(self, session):
        conversation = await new_conversation(session)
        await sam_says(session, conversation.id)
        await conversations.append(
            session,
            conversation.id,
            actor="agent",
            agent_id=ALICE,
            kind="note",
            audience="agents",
            text="VIP",
            now=NOON,
        )

        everyone = await conversations.since(session, conversation.id)
        agents = await conversations.since(session, conversation.id, audience="agents")

        assert [message.seq for message in everyone] == [1]
        assert [message.text for message in agents][1:] == ["VIP"]


class TestLanguage:
    async def test_the_shopper_may_change_the_language(self, session):
        conversation = await new_conversation(session, language="en")

        changed = await conversations.change_language(
            session, conversation.id, language="zh-Hant", now=NOON + minutes(1)
        )

        assert (changed.language, changed.updated_at) == ("zh-Hant", NOON + minutes(1))

    async def test_changing_to_the_same_language_records_nothing(self, session):
        conversation = await new_conversation(session, language="en")

        await conversations.change_language(
            session, conversation.id, language="en", now=NOON
        )

        events = await session.scalars(select(AuditEntry.event))
        assert list(events) == ["conversation.opened"]


async def test_the_last_shopper_seq_looks_past_everybody_else(session):
    conversation = await new_conversation(session)
    assert await conversations.last_shopper_seq(session, conversation.id) == 0

    await sam_says(session, conversation.id)
    await bot_answers(session, conversation.id)
    await conversations.append(
        session, conversation.id, actor="bot", text="您好", now=NOON
    )

    assert await conversations.last_shopper_seq(session, conversation.id) == 1
