"""A question to a colleague: asked by whoever has the conversation, answered once."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from handoff import assignments, consults
from handoff.errors import AskedThemselves, NotAsked, NotYours
from tests.people import ALICE, BOB, NOON, assigned_conversation, minutes


async def ask(session, spell, *, agent_id=ALICE, asked_id=BOB, version=None):
    return await consults.ask(
        session,
        spell.conversation_id,
        agent_id=agent_id,
        assignment_version=spell.version if version is None else version,
        asked_id=asked_id,
        asked_name="Bob",
        question="May I?",
        client_id=uuid4().hex,
        now=NOON,
    )


async def answer(session, consult, *, agent_id=BOB):
    return await consults.answer(
        session,
        consult.id,
        agent_id=agent_id,
        text="Yes",
        client_id=uuid4().hex,
        now=NOON + minutes(1),
    )


async def test_the_question_is_open_to_the_asked_one_until_the_answer(session):
    spell = await assigned_conversation(session)
    consult = await ask(session, spell)
    case = spell.conversation_id

    assert [each.id for each in await consults.asked_of(session, BOB)] == [consult.id]
    assert await consults.is_asked(session, case, agent_id=BOB)
    assert not await consults.is_asked(session, case, agent_id=ALICE)
    said = await answer(session, consult)
    assert (said.message.audience, said.message.kind) == ("agents", "note")
    assert await consults.asked_of(session, BOB) == []
    assert not await consults.is_asked(session, case, agent_id=BOB)


async def test_only_the_owner_with_the_present_assignment_asks(session):
    spell = await assigned_conversation(session)

    with pytest.raises(NotYours):
        await ask(session, spell, agent_id=BOB, asked_id=ALICE)
    with pytest.raises(NotYours):
        await ask(session, spell, version=spell.version - 1)
    with pytest.raises(AskedThemselves):
        await ask(session, spell, asked_id=ALICE)


async def test_a_released_conversation_takes_its_questions_back(session):
    spell = await assigned_conversation(session)
    consult = await ask(session, spell)
    await assignments.release(
        session,
        spell.conversation_id,
        agent_id=ALICE,
        assignment_version=spell.version,
        now=NOON,
    )

    assert not await consults.is_asked(session, spell.conversation_id, agent_id=BOB)
    with pytest.raises(NotAsked):
        await answer(session, consult)


async def test_two_answers_at_once_are_one(sessions):
    async with sessions.begin() as session:
        consult = await ask(session, await assigned_conversation(session))

    async def once():
        async with sessions.begin() as session:
            return await answer(session, consult)

    both = await asyncio.gather(once(), once(), return_exceptions=True)
    assert sorted(type(each).__name__ for each in both) == ["Appended", "NotAsked"]
