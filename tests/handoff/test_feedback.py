from __future__ import annotations

import pytest

from handoff import conversations, feedback
from handoff.errors import NoSuchMessage
from tests.people import NOON, new_conversation, sam_says


async def answered_conversation(session):
    conversation = await new_conversation(session)
    await sam_says(session, conversation.id)
    await conversations.append(
        session,
        conversation.id,
        actor="bot",
        text="7 天内可退",
        sources=[{"article_id": "return-time-limit", "title": "退货期限"}],
        now=NOON,
    )
    return conversation


async def test_the_verdict_names_the_article_of_the_message(session):
    conversation = await answered_conversation(session)

    verdict = await feedback.judge(
        session, conversation.id, message_seq=2, helpful=False, now=NOON
    )

    assert (verdict.article_id, verdict.helpful) == ("return-time-limit", False)


async def test_judging_again_replaces_the_verdict(session):
    conversation = await answered_conversation(session)
    for helpful in (False, True, True):
        await feedback.judge(
            session, conversation.id, message_seq=2, helpful=helpful, now=NOON
        )

    kept = await feedback.verdicts(session, conversation.id)
    assert [verdict.helpful for verdict in kept] == [True]


@pytest.mark.parametrize("seq", [1, 3, 0, -1])
async def test_only_what_the_bot_said_can_be_judged(session, seq):
    conversation = await answered_conversation(session)

    with pytest.raises(NoSuchMessage):
        await feedback.judge(
            session, conversation.id, message_seq=seq, helpful=True, now=NOON
        )


async def test_a_message_of_another_conversation_cannot_be_judged(session):
    await answered_conversation(session)
    other = await new_conversation(session)

    with pytest.raises(NoSuchMessage):
        await feedback.judge(session, other.id, message_seq=2, helpful=True, now=NOON)
