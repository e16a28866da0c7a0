"""An angry or stuck shopper reaches a person, who sees why and what was tried."""

from __future__ import annotations

import pytest

from tests.journeys.people import Alice, Sam

pytestmark = pytest.mark.rasa

ANGRY = {
    "zh-Hans": ["你们这什么破店，衣服烂成这样！", "太过分了，骗子公司！！", "气死我了，我要投诉你们！！！"],
    "zh-Hant": ["你們這什麼爛店，衣服破成這樣！", "太誇張了，根本是騙子！！", "氣死我了，我要投訴你們！！！"],
    "en": ["what a garbage shop, it arrived in pieces!", "this is outrageous, you are scammers!!",
           "I am FURIOUS, I will report you!!!"],
}  # fmt: skip


@pytest.fixture
def alice(desk):
    return Alice(desk.base, "agent", desk.passwords()["agent"])


@pytest.mark.parametrize("language", ANGRY)
def test_three_angry_messages_reach_an_agent_with_the_card(desk, alice, language):
    sam = Sam(desk.base).arrive()
    for line in ANGRY[language]:
        sam.say(line)
    assert sam.status() == "queued"
    assert sam.last["handoff"]["position"] >= 1
    claimed = alice.claim_next()
    assert claimed == sam.id
    view = alice.desk(claimed)
    codes = {reason["code"] for reason in view["card"]["reasons"]}
    assert codes & {"angry", "rising_emotion", "sensitive", "asked_for_human"}
    assert all(reason["evidence"] for reason in view["card"]["reasons"])
    assert view["card"]["language"] == language
    assert any(point["label"] == "angry" for point in view["card"]["emotion_trace"])
    alice.reply(claimed, "我来帮您处理 / I will sort this out.")
    heard = sam.everything()
    assert heard[-1]["actor"] == "agent"
    alice.resolve(claimed, "solved")
    assert sam.status() == "resolved"


def test_asking_for_a_person_is_enough_and_the_bot_then_stays_silent(desk, alice):
    sam = Sam(desk.base).arrive()
    sam.say("转人工")
    assert sam.status() == "queued"
    before = len(sam.everything())
    sam.say("怎么退货")
    bot_said = [m for m in sam.everything(after=before) if m["actor"] == "bot"]
    assert bot_said == []
    claimed = alice.claim_next()
    assert claimed == sam.id
    alice.resolve(claimed)


def test_two_abstentions_hand_over_as_not_understood(desk, alice):
    sam = Sam(desk.base).arrive()
    sam.say("who won the world cup in 1998?")
    sam.say("explain quantum physics to me")
    assert sam.status() == "queued"
    claimed = alice.claim_next()
    codes = {r["code"] for r in alice.desk(claimed)["card"]["reasons"]}
    assert "not_understood" in codes
    alice.resolve(claimed)
