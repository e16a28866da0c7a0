"""A wish for an order and a question in one message: both are served, and nothing is asked in vain."""

from __future__ import annotations

from typing import Any

import pytest

from api.desk import Desk
from api.wish_and_question import form_is_open
from knowledge_base.search import Outcome
from tests.api.people import Shopper
from tests.fakes import ABSTAIN, ANSWER, FakeBot, bot_reply

TRACK = "where is my parcel"
BOTH = f"{TRACK} and can I still return it?"
ASKED = {"say": "ask_order_number"}
FORM = [{"event": "active_loop", "name": "order_form"}]
WISH = bot_reply(
    ASKED,
    intent={"name": "track_order", "confidence": 0.97},
    active_loop="order_form",
    dialogue=FORM,
)


def understands(bot: FakeBot, replies: dict[str, Any], *, whole: Any) -> None:
    """Let the bot take these texts so, and everything else as `whole`."""
    bot.reply = lambda body: replies.get(body["text"], whole)


def said(turn: dict[str, Any]) -> list[str]:
    return [reply["text"] for reply in turn["replies"]]


@pytest.mark.parametrize("whole", [ANSWER, ABSTAIN, WISH], ids=["hit", "lost", "wish"])
async def test_the_question_is_answered_and_the_wish_asks_last(
    sam: Shopper, bot: FakeBot, whole: Any
):
    understands(bot, {TRACK: WISH}, whole=whole)
    answered, named, asked = said(await sam.say(BOTH))
    assert "within 7 days" in answered
    assert named == f"Now to “{TRACK}”."
    assert "order number" in asked
    # what was asked back is open now: the next message is the bot's, undivided
    bot.asked.clear()
    await sam.say("WL20261101001, and what is it for?")
    [turn] = bot.asked
    assert turn["dialogue"] == FORM


async def test_the_question_may_come_first(sam: Shopper, bot: FakeBot):
    understands(bot, {"帮我查一下快递": WISH}, whole=ABSTAIN)
    turn = await sam.say("退货运费谁出？帮我查一下快递")
    assert [len(said(turn)), len(bot.asked)] == [3, 3]
    assert "帮我查一下快递" in said(turn)[1]
    assert "order number" in said(turn)[2] or "订单号" in said(turn)[2]


async def test_a_question_without_an_answer_is_told_beside_the_wish(
    sam: Shopper, bot: FakeBot, desk: Desk
):
    desk.searcher.outcome = Outcome.ABSTAIN
    understands(bot, {"帮我查下WL20261101001的物流": WISH}, whole=ABSTAIN)
    turn = await sam.say("帮我查下WL20261101001的物流，还有你们支持花呗吗")
    missed, named, asked = said(turn)
    assert "你们支持花呗吗" in missed
    assert "帮我查下WL20261101001的物流" in named
    assert "订单号" in asked


async def test_one_matter_told_in_two_sentences_stays_whole(sam: Shopper, bot: FakeBot):
    understands(bot, {"I cancelled it on Monday": WISH}, whole=ANSWER)
    turn = await sam.say("I cancelled it on Monday, when do I get my money?")
    assert len(said(turn)) == 1
    assert len(bot.asked) == 1


async def test_a_half_that_is_no_sure_wish_leaves_the_reply_to_the_whole(
    sam: Shopper, bot: FakeBot
):
    unsure = WISH | {"intent": {"name": "track_order", "confidence": 0.6}}
    understands(bot, {TRACK: unsure}, whole=ANSWER)
    assert len(said(await sam.say(BOTH))) == 1


@pytest.mark.parametrize("intent", ["ask_human", "complain", "deny"])
async def test_a_person_or_a_complaint_is_never_parted(
    sam: Shopper, bot: FakeBot, intent: str
):
    whole = bot_reply({"say": "greet"}, intent={"name": intent, "confidence": 0.9})
    understands(bot, {TRACK: WISH}, whole=whole)
    await sam.say(BOTH)
    assert len(bot.asked) == 1


async def test_a_bot_that_fails_on_a_half_has_answered_the_whole(
    sam: Shopper, bot: FakeBot
):
    understands(bot, {TRACK: {"messages": []}}, whole=ANSWER)
    [answered] = said(await sam.say(BOTH))
    assert "within 7 days" in answered


@pytest.mark.parametrize(
    ("dialogue", "is_open"),
    [
        ([], False),
        (FORM, True),
        ([*FORM, {"event": "slot", "name": "tries"}], True),
        ([*FORM, {"event": "active_loop", "name": None}], False),
        (["no event"], False),
    ],
)
def test_a_form_is_open_until_it_is_closed(dialogue: list[Any], *, is_open: bool):
    assert form_is_open(dialogue) is is_open
