"""What a process that died left undone is found in the rows, and nothing else is."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from handoff import conversations, owed, queue, turns
from tests.people import (
    LEASE,
    NOON,
    REASONS,
    bot_answers,
    minutes,
    new_conversation,
    sam_says,
)

DAY_BEFORE = NOON - minutes(1440)


async def test_a_message_whose_turn_never_began_is_found(session: AsyncSession):
    asked = await new_conversation(session)
    await sam_says(session, asked.id)
    silent = await new_conversation(session)
    assert await owed.never_begun(session, said_after=DAY_BEFORE) == [asked.id]
    assert silent.id != asked.id


async def test_what_is_answered_running_old_or_peoples_is_left_alone(
    session: AsyncSession,
):
    answered = await new_conversation(session)
    await sam_says(session, answered.id)
    await bot_answers(session, answered.id)
    running = await new_conversation(session)
    await sam_says(session, running.id)
    await turns.begin(session, running.id, lease=LEASE, now=NOON)
    waiting = await new_conversation(session)
    await sam_says(session, waiting.id)
    await queue.join(session, waiting.id, reasons=REASONS, card={}, now=NOON)
    old = await new_conversation(session, now=NOON - minutes(3000))
    await sam_says(session, old.id, now=NOON - minutes(3000))
    assert await owed.never_begun(session, said_after=DAY_BEFORE) == []


async def test_an_expired_turn_is_owed_words_until_there_are_some(
    session: AsyncSession,
):
    asked = await new_conversation(session)
    await sam_says(session, asked.id)
    opened = await turns.begin(session, asked.id, lease=LEASE, now=NOON)
    assert opened is not None
    assert await owed.without_words(session) == []
    await turns.expire(session, now=NOON + minutes(1))
    left = await owed.without_words(session)
    assert [turn.id for turn in left] == [opened.turn_id]
    await conversations.append(
        session, asked.id, actor="system", text="Sorry", now=NOON + minutes(1)
    )
    assert await owed.without_words(session) == []
