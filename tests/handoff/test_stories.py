"""Stored conversations are read back as they were lived, on both databases, and marks with them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handoff import assignments, marks, queue, retention, stories
from handoff.decisions import TriggerPolicy
from handoff.errors import NothingToMark
from handoff.marks import Verdict
from handoff.replay import recorded, redecide
from handoff.signals import Emotion, TurnSignals, to_json
from tests.people import (
    ALICE,
    BOB,
    CAPACITY,
    NOON,
    REASONS,
    bot_answers,
    minutes,
    new_conversation,
    sam_says,
)


async def lived(session, *, anger=0.8, now=NOON):
    """Sam asks, gets angry and is handed over; Alice serves, and Sam asks the bot again."""
    conversation = await new_conversation(session, now=now)
    calm = to_json(TurnSignals(text="", vector=(1.0, 0.0), intent="ask_question"))
    angry = to_json(
        TurnSignals(text="", emotion=Emotion(label="angry", intensity=anger)),
        decided="handoff",
        reasons=["angry"],
    )
    await sam_says(session, conversation.id, "我的包裹呢", now=now)
    await bot_answers(session, conversation.id, signals=calm, now=now)
    await sam_says(session, conversation.id, "转人工", now=now + minutes(1))
    await bot_answers(session, conversation.id, signals=angry, now=now + minutes(1))
    handoff = await queue.join(
        session, conversation.id, reasons=REASONS, card={}, now=now + minutes(1)
    )
    return conversation.id, handoff.id


async def served(session, conversation_id, *, took=5, now=NOON + minutes(2)):
    given = await queue.claim(
        session, conversation_id, agent_id=ALICE, capacity=CAPACITY, now=now
    )
    await assignments.resolve(
        session,
        conversation_id,
        agent_id=ALICE,
        assignment_version=given.version,
        disposition="solved",
        dispositions=("solved",),
        now=now + minutes(took),
    )


async def test_turns_words_and_handoff_come_back_together(session):
    conversation_id, handoff_id = await lived(session)

    ids = await stories.newest_ids(session, limit=10)
    [spell] = stories.build(await stories.fetch(session, ids))

    assert (ids, spell.conversation_id) == ([conversation_id], str(conversation_id))
    assert spell.handoff_id == handoff_id
    assert [each.turn.signals.text for each in spell.steps] == ["我的包裹呢", "转人工"]
    assert spell.steps[1].told.asking is not None
    assert recorded(spell).handoff_at == 1
    # the words ask for a person, whatever the anger
    lax = TriggerPolicy(anger_intensity=1)
    assert redecide(spell, lax).reasons == ("asked_for_human",)


async def test_a_turn_whose_process_died_counts_as_a_failure_of_the_bot(session):
    conversation = await new_conversation(session)
    await sam_says(session, conversation.id, "你好")
    from handoff import turns  # noqa: PLC0415

    await turns.begin(session, conversation.id, lease=timedelta(seconds=1), now=NOON)
    await turns.expire(session, now=NOON + minutes(1))

    [spell] = stories.build(await stories.fetch(session, [conversation.id]))

    assert recorded(spell).reasons == ("bot_failure",)
    assert redecide(spell, TriggerPolicy()) == recorded(spell)


async def test_an_idle_vector_is_not_kept(session):
    conversation_id, _ = await lived(session)

    [spell] = stories.build(await stories.fetch(session, [conversation_id]))

    assert spell.steps[0].turn.signals.vector is None


@pytest.mark.parametrize(("number", "expected"), [(9, 6.0), (10, 5.0)])
async def test_what_a_handoff_takes_is_learned_once_there_are_enough(
    session, number, expected
):
    for n in range(number):
        now = NOON + timedelta(hours=n)
        conversation_id, _ = await lived(session, now=now)
        await served(session, conversation_id, now=now + minutes(2))

    assert await stories.handling_minutes(session, default_seconds=360) == expected


class TestMarks:
    async def test_an_agents_later_mark_takes_the_earlier_ones_place(self, session):
        conversation_id, handoff_id = await lived(session)

        for verdict, article in ((Verdict.BOT_COULD, "a"), (Verdict.TOO_LATE, "a")):
            kept = await marks.mark(
                session,
                conversation_id,
                agent_id=ALICE,
                verdict=verdict,
                article_id=article,
                now=NOON,
            )

        assert (kept.verdict, kept.article_id) == ("too_late", None)
        assert (kept.agent_id, kept.at) == (ALICE, NOON)
        assert await marks.verdicts(session) == {handoff_id: Verdict.TOO_LATE}

    async def test_of_two_agents_the_later_one_counts(self, session):
        conversation_id, handoff_id = await lived(session)
        for agent, verdict, at in (
            (BOB, Verdict.RIGHT, minutes(5)),
            (ALICE, Verdict.TOO_EARLY, minutes(1)),
        ):
            await marks.mark(
                session,
                conversation_id,
                agent_id=agent,
                verdict=verdict,
                now=NOON + at,
            )

        assert await marks.verdicts(session) == {handoff_id: Verdict.RIGHT}

    async def test_without_a_handoff_there_is_nothing_to_mark(self, session):
        conversation = await new_conversation(session)

        with pytest.raises(NothingToMark):
            await marks.mark(
                session,
                conversation.id,
                agent_id=ALICE,
                verdict=Verdict.RIGHT,
                now=NOON,
            )

    async def test_marks_go_when_their_conversation_does(self, session):
        conversation_id, _ = await lived(session)
        await marks.mark(
            session, conversation_id, agent_id=ALICE, verdict=Verdict.RIGHT, now=NOON
        )
        await served(session, conversation_id)

        gone = await retention.forget(session, untouched_since=NOON + timedelta(days=1))

        assert gone == [conversation_id]
        assert await marks.verdicts(session) == {}
