from __future__ import annotations

from handoff import assignments, cards, conversations, feedback, queue
from handoff.signals import Emotion, TriedArticle, TurnSignals, to_json
from handoff.triggers import Reason
from tests.people import (
    ALICE,
    CAPACITY,
    NOON,
    REASONS,
    bot_answers,
    new_conversation,
    sam_says,
)

ASKED = (Reason(code="asked_for_human", evidence={"words": ["转人工"]}),)
HIT = TriedArticle(article_id="shipping-time", title="多久发货", probability=0.9)


async def answered_turn(session, conversation, text, *, decided="none", **signals):
    await sam_says(session, conversation.id, text)
    await bot_answers(
        session,
        conversation.id,
        signals=to_json(TurnSignals(text=text, **signals), decided=decided),
    )


async def gather(session, conversation, **more):
    return await cards.gather(session, conversation.id, reasons=ASKED, now=NOON, **more)


async def test_the_rows_tell_the_whole_story(session):
    conversation = await new_conversation(session, language="zh-Hant")
    await answered_turn(
        session,
        conversation,
        "什麼時候發貨",
        intent="ask_question",
        intent_confidence=0.8,
        emotion=Emotion(label="anxious", intensity=0.5),
        search_outcome="answer",
        hits=(HIT,),
    )
    said = await conversations.append(
        session,
        conversation.id,
        actor="bot",
        text="48 小時內",
        sources=[{"article_id": "shipping-time", "title": "多久發貨"}],
        now=NOON,
    )
    await feedback.judge(
        session, conversation.id, message_seq=said.message.seq, helpful=False, now=NOON
    )

    card = await gather(session, conversation)

    assert card["language"] == "zh-Hant"
    assert card["wants"]["own_words"] == [{"seq": 1, "text": "什麼時候發貨"}]
    assert card["emotion_trace"][0]["label"] == "anxious"
    assert card["tried"] == [
        {
            "article_id": "shipping-time",
            "title": "多久發貨",
            "probability": 0.9,
            "verdict": "not_helpful",
        }
    ]


async def test_who_left_the_line_tells_nothing_twice(session):
    """Nobody has settled anything: the words and the reason stand on the next card."""
    conversation = await new_conversation(session)
    await answered_turn(
        session, conversation, "包裹丢了", intent="parcel", decided="handoff"
    )
    both = [{"code": "angry", "evidence": {}}, *REASONS]
    await queue.join(session, conversation.id, reasons=both, card={}, now=NOON)
    await queue.cancel(session, conversation.id, now=NOON)
    await answered_turn(
        session, conversation, "还是转人工", intent="human", decided="handoff"
    )

    card = await gather(session, conversation)

    texts = [each["text"] for each in card["wants"]["own_words"]]
    assert texts == ["包裹丢了", "还是转人工"]
    codes = [each["code"] for each in card["reasons"]]
    assert codes == ["asked_for_human", "angry"]


async def test_what_people_have_settled_before_is_not_told_again(session):
    conversation = await new_conversation(session)
    await answered_turn(
        session, conversation, "旧事一桩", intent="complain", decided="handoff"
    )
    await queue.join(session, conversation.id, reasons=REASONS, card={}, now=NOON)
    taken = await queue.claim(
        session, conversation.id, agent_id=ALICE, capacity=CAPACITY, now=NOON
    )
    await assignments.return_to_bot(
        session,
        conversation.id,
        agent_id=ALICE,
        assignment_version=taken.version,
        now=NOON,
    )
    await answered_turn(
        session, conversation, "新的问题", intent="invoice", decided="handoff"
    )

    card = await gather(session, conversation)

    assert card["wants"]["intent"] == "invoice"
    assert [each["text"] for each in card["wants"]["own_words"]] == ["新的问题"]


async def test_without_any_turn_the_words_still_come_along(session):
    """The bot was down from the first message on."""
    conversation = await new_conversation(session)
    await sam_says(session, conversation.id, "有人在吗，我的包裹丢了")

    card = await gather(session, conversation)

    assert card["open_question"] == "有人在吗，我的包裹丢了"
    assert card["emotion_trace"] == []


async def test_notes_and_agents_words_are_not_the_shoppers(session):
    conversation = await new_conversation(session)
    await sam_says(session, conversation.id, "包裹丢了")
    await conversations.append(
        session,
        conversation.id,
        actor="agent",
        agent_id=ALICE,
        audience="agents",
        kind="note",
        text="内部备注",
        now=NOON,
    )

    card = await gather(session, conversation)

    assert [each["text"] for each in card["wants"]["own_words"]] == ["包裹丢了"]
