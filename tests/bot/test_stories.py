"""Whole conversations: every flow, in Chinese and English, as shoppers really go through them.

One row of OPENINGS is a flow, one function below a way of going through it; a story is a
pair of both. What the bot says is compared turn by turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.bot.running import Talk

pytestmark = pytest.mark.rasa
NewTalk = Callable[[], Talk]
NUMBER, OTHER, PHONE = "WL20261122001", "WL20261122002", "13800138000"
#: flow: how it is asked for, in both languages
OPENINGS = {
    "cancel_order": ("我要取消订单", "I want to cancel my order"),
    "change_address": ("我要改收货地址", "I need to change my delivery address"),
    "return_item": ("我要退货", "I want to return an item"),
    "exchange_item": ("我要换货 换大一号", "I want to exchange it for a bigger size"),
    "invoice": ("帮我开发票", "I need an invoice for my order"),
    "price_adjustment": ("刚买就降价了 帮我退差价", "I'd like a price adjustment"),
    "report_problem": ("收到的东西坏了", "I want to report a damaged item"),
    "lost_parcel": ("我要报丢件", "I want to report a lost parcel"),
}
LOOK_UPS = {
    "track_order": ("我的订单到哪了", "where is my order"),
    "order_details": ("我订单里买了什么", "what did I order, show me my order details"),
    "refund_status": ("我的退款到账了吗", "where is my refund"),
}
#: a question, a yes, a no, a way out, a wish for a person, a correction
WORDS = (
    ("退货运费谁出？", "是的", "不要", "算了", "转人工", "不对，订单号是"),
    ("who pays for return shipping?", "yes", "no", "never mind", "talk to a human",
     "no, the number is"),
)  # fmt: skip
#: where it should go instead
ADDRESSES = (
    "上海市浦东新区世纪大道100号 李明 13912345678",
    "12 Baker Street, London NW1 6XE, c/o Li Ming",
)
#: what is told of a damaged item, and what is asked next
PROBLEM = (
    (("杯子碎了", "ask_problem_item"), ("是那个杯子", "ask_remedy"), ("退款", None)),
    (("the mug is cracked", "ask_problem_item"), ("the mug", "ask_remedy"),
     ("a refund please", None)),
)  # fmt: skip


@dataclass
class Story:
    """One shopper with one wish in one language."""

    talk: Talk
    flow: str
    tongue: int

    @property
    def opening(self) -> str:
        return {**OPENINGS, **LOOK_UPS}[self.flow][self.tongue]

    @property
    def asks_to_confirm(self) -> list[str]:
        return [f"confirm_{self.flow}"]

    def word(self, index: int) -> str:
        return WORDS[self.tongue][index]

    def expect(self, text: str, *said: str) -> None:
        reply = self.talk.say(text)
        assert reply.said == list(said), (text, reply.intent, reply.said)

    def to_proof(self) -> None:
        self.expect(self.opening, "ask_order_number")
        self.expect(NUMBER, "ask_order_proof")

    def prove(self, text: str = PHONE) -> None:
        """Give what proves it, and what a damaged item needs; ends at the question."""
        if self.flow in LOOK_UPS:
            self.expect(text, "order_status")
            return
        if self.flow == "change_address":
            self.expect(text, "ask_new_address")
            self.expect(ADDRESSES[self.tongue], *self.asks_to_confirm)
            return
        if self.flow != "report_problem":
            self.expect(text, *self.asks_to_confirm)
            return
        self.expect(text, "ask_problem")
        for words, said in PROBLEM[self.tongue]:
            self.expect(words, *([said] if said else self.asks_to_confirm))

    def to_question(self) -> None:
        self.to_proof()
        self.prove()


def straight(story: Story) -> None:
    story.to_question()
    reply = story.talk.say(story.word(1))
    assert reply.said == ["request"]
    assert reply.body["messages"][0]["request"]["order_number"] == NUMBER


def refused_at_the_end(story: Story) -> None:
    story.to_question()
    story.expect(story.word(2), "left_alone")


def three_facts_at_once(story: Story) -> None:
    story.prove(f"{story.opening} {NUMBER} {PHONE}")
    story.expect(story.word(1), "request")


def interrupted_and_back(story: Story) -> None:
    story.to_proof()
    story.expect(story.word(0), "answer", "ask_order_proof")
    story.prove()
    story.expect(story.word(0), "answer", *story.asks_to_confirm)
    story.expect(story.word(1), "request")


def corrected_at_the_question(story: Story) -> None:
    story.to_question()
    story.expect(f"{story.word(5)} {OTHER}", *story.asks_to_confirm)
    reply = story.talk.say(story.word(1))
    assert reply.body["messages"][0]["request"]["order_number"] == OTHER


def left_and_come_back(story: Story) -> None:
    story.to_proof()
    story.expect(story.word(3), "form_left")
    story.expect(story.opening, "ask_order_proof")


def another_language_midway(story: Story) -> None:
    story.to_proof()
    story.tongue = 1 - story.tongue
    story.prove()
    story.expect(story.word(1), "request")


def three_failed_tries(story: Story) -> None:
    story.expect(story.opening, "ask_order_number")
    for wrong in ("12345", "678901"):
        story.expect(wrong, "order_number_wrong", "ask_order_number")
    reply = story.talk.say("112233")
    assert reply.body["messages"][0]["request"]["reason"] == "form_given_up"


def full_width_digits_and_spaces(story: Story) -> None:
    story.expect(story.opening, "ask_order_number")
    story.expect("ＷＬ２０２６１１２２００１", "ask_order_proof")
    story.prove("138 0013 8000")


def a_person_instead(story: Story) -> None:
    story.to_proof()
    reply = story.talk.say(story.word(4))
    assert reply.body["messages"][0]["request"]["reason"] == "asked_for_human"


def a_second_order(story: Story) -> None:
    story.to_question()
    story.expect(story.word(1), "request")
    story.prove(f"{story.opening} {OTHER} {PHONE}")
    reply = story.talk.say(story.word(1))
    assert reply.body["messages"][0]["request"]["order_number"] == OTHER


LOOKING_UP = (
    three_failed_tries,
    full_width_digits_and_spaces,
    left_and_come_back,
    a_person_instead,
)
CHANGING = (
    *LOOKING_UP,
    straight,
    refused_at_the_end,
    three_facts_at_once,
    interrupted_and_back,
    corrected_at_the_question,
    another_language_midway,
    a_second_order,
)


def stories() -> Iterator[object]:
    for flows, ways in ((OPENINGS, CHANGING), (LOOK_UPS, LOOKING_UP)):
        for flow in flows:
            for tongue, name in enumerate(("zh", "en")):
                for way in ways:
                    label = f"{flow}-{name}-{way.__name__}"
                    yield pytest.param(way, flow, tongue, id=label)


@pytest.mark.parametrize(("way", "flow", "tongue"), stories())
def test_the_story_goes_as_told(
    talk: NewTalk, way: Callable[[Story], None], flow: str, tongue: int
):
    way(Story(talk(), flow, tongue))
