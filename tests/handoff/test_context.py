"""The card: complete, honest, and the same as the example that the console is built on."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from handoff.context import CardTurn, Said, build_card
from handoff.next_steps import BY_INTENT, BY_MATTER, BY_REASON, NEXT_STEPS
from handoff.signals import Emotion, Entity, PastTurn, TriedArticle, TurnSignals
from handoff.triggers import Reason
from tests.people import NOON

CONTRACTS = Path(__file__).resolve().parents[1] / "contracts"
SCHEMA = json.loads((CONTRACTS / "card.schema.json").read_text("utf-8"))

RETURNS = TriedArticle(article_id="return-steps", title="怎么退货", probability=0.913)
REFUNDS = TriedArticle(article_id="refund-time", title="退款多久到账", probability=0.62)


def turn(first, last=None, *, failed=False, **signals):
    return CardTurn(
        first_seq=first,
        last_seq=last or first,
        turn=PastTurn(signals=TurnSignals(text="", **signals)),
        failed=failed,
    )


def card(*, said=(), turns=(), reasons=("asked_for_human",), **more):
    built = build_card(
        language=more.pop("language", "zh-Hans"),
        reasons=[
            Reason(code=each) if isinstance(each, str) else each for each in reasons
        ],
        said=[Said(seq=seq, text=text) for seq, text in said],
        turns=turns,
        now=NOON,
        **more,
    )
    jsonschema.validate(built, SCHEMA)
    return built


def example():
    return card(
        reasons=[
            Reason(
                code="angry",
                evidence={
                    "label": "angry",
                    "intensity": 0.82,
                    "words": ["太离谱了"],
                    "threshold": 0.6,
                },
            ),
            Reason(
                code="not_helpful",
                evidence={
                    "failed_turns": 2,
                    "threshold": 2,
                    "abstained": 1,
                    "not_helpful": 1,
                },
            ),
        ],
        said=[
            (1, "你好"),
            (3, "耳机左边没声音，想退货，订单 20260211001"),
            (5, "退款要几天到账？"),
            (7, "太离谱了，说了半天都没用！"),
        ],
        turns=[
            turn(1, intent="greet", intent_confidence=0.99),
            turn(
                3,
                intent="return_item",
                intent_confidence=0.934,
                entities=(Entity(entity="order_number", value="20260211001"),),
                emotion=Emotion(
                    label="dissatisfied", intensity=0.4, evidence=("没声音",)
                ),
                search_outcome="answer",
                hits=(RETURNS,),
            ),
            turn(
                5,
                intent="refund_status",
                intent_confidence=0.881,
                emotion=Emotion(label="dissatisfied", intensity=0.55),
                search_outcome="abstain",
                hits=(REFUNDS,),
            ),
            turn(
                7,
                intent="complain",
                intent_confidence=0.95,
                emotion=Emotion(label="angry", intensity=0.82, evidence=("太离谱了",)),
                helpful=False,
            ),
        ],
        order_facts={"order_number": "20260211001", "status": "delivered"},
        verified_how="phone",
        titles={"return-steps": "怎么退货"},
        verdicts={"return-steps": False},
    )


def test_the_example_that_the_console_is_built_on_is_what_we_build():
    kept = json.loads((CONTRACTS / "card.json").read_text("utf-8"))

    assert kept == example()


class TestWants:
    def test_small_talk_is_no_matter(self):
        built = card(
            turns=[
                turn(1, intent="refund_status", intent_confidence=0.8),
                turn(2, intent="thank", intent_confidence=0.99),
                turn(3, intent="ask_human", intent_confidence=0.99),
            ]
        )

        assert (built["wants"]["intent"], built["wants"]["confidence"]) == (
            "refund_status",
            0.8,
        )

    def test_a_complaint_is_about_something(self):
        """The angry last word must not hide what it was about."""
        built = card(turns=[turn(1, intent="return_item"), turn(2, intent="complain")])
        only = card(turns=[turn(1, intent="complain")])

        assert built["wants"]["intent"] == "return_item"
        assert only["wants"]["intent"] == "complain"

    def test_what_is_not_known_is_null_and_not_guessed(self):
        built = card(said=[(1, "转人工")], turns=[])

        assert built["wants"]["intent"] is None
        assert built["open_question"] == "转人工"
        assert built["order"] is None

    def test_an_entity_said_again_counts_as_said_last(self):
        built = card(
            turns=[
                turn(1, entities=(Entity(entity="order_number", value="1"),)),
                turn(2, entities=(Entity(entity="order_number", value="2"),)),
            ]
        )

        assert built["wants"]["entities"] == [{"entity": "order_number", "value": "2"}]

    def test_at_most_three_of_their_own_words_and_in_order(self):
        said = [
            (seq, "嗯" if seq % 2 else "我的包裹为什么还没有到" * 3)
            for seq in range(1, 12)
        ]

        words = card(said=said)["wants"]["own_words"]

        assert len(words) == 3
        assert [each["seq"] for each in words] == sorted(each["seq"] for each in words)

    def test_greetings_give_way_to_substance_and_feeling(self):
        built = card(
            said=[
                (1, "你好"),
                (2, "东西坏了"),
                (3, "你好你好你好你好"),
                (4, "气死我了"),
                (5, "谢谢"),
            ],
            turns=[
                turn(1, intent="greet"),
                turn(2, intent="complain", search_outcome="abstain"),
                turn(3, intent="greet"),
                turn(
                    4, intent="complain", emotion=Emotion(label="angry", intensity=0.9)
                ),
                turn(5, intent="thank"),
            ],
        )

        quoted = [each["text"] for each in built["wants"]["own_words"]]
        assert "东西坏了" in quoted
        assert "气死我了" in quoted
        assert "你好" not in quoted

    def test_a_long_message_is_cut_and_an_empty_one_left_out(self):
        words = card(said=[(1, "长" * 2000), (2, "  \n ")])["wants"]["own_words"]

        assert [len(each["text"]) for each in words] == [280]
        assert words[0]["text"].endswith("…")


class TestOrder:
    FACTS = {"order_number": "1", "status": "shipped"}  # noqa: RUF012

    def test_unproved_facts_never_reach_the_card(self):
        built = card(order_facts=self.FACTS, verified_how=None)

        assert built["order"] is None
        assert built["verified"] == {"how": None}

    def test_proved_facts_say_how_they_were_proved(self):
        built = card(order_facts=self.FACTS, verified_how="email")

        assert built["order"] == self.FACTS
        assert built["verified"] == {"how": "email"}


class TestTried:
    def test_what_was_found_and_not_shown_was_not_tried(self):
        abstained = turn(1, search_outcome="abstain", hits=(REFUNDS,))

        assert card(turns=[abstained])["tried"] == []

    def test_choices_that_were_asked_back_were_tried(self):
        asked = turn(1, search_outcome="clarify", hits=(RETURNS, REFUNDS))

        assert [each["article_id"] for each in card(turns=[asked])["tried"]] == [
            "return-steps",
            "refund-time",
        ]

    def test_each_stands_once_with_its_best_probability_and_the_verdict(self):
        weaker = TriedArticle(article_id="return-steps", title="", probability=0.4)
        built = card(
            turns=[
                turn(1, search_outcome="answer", hits=(weaker,)),
                turn(2, search_outcome="answer", hits=(RETURNS,)),
            ],
            titles={"return-steps": "怎么退货"},
            verdicts={"return-steps": False},
        )

        assert built["tried"] == [
            {
                "article_id": "return-steps",
                "title": "怎么退货",
                "probability": 0.913,
                "verdict": "not_helpful",
            }
        ]


class TestOpenQuestion:
    @pytest.mark.parametrize(
        ("turns", "expected"),
        [
            # the last one that got no good answer
            ([("ask_question", "abstain"), ("ask_question", "answer")], "一"),
            ([("ask_question", "answer"), ("ask_question", "abstain")], "二"),
            # everything was answered: the last matter
            ([("ask_question", "answer"), ("ask_question", "answer")], "二"),
            # a request for a person is not the question
            ([("ask_question", "abstain"), ("ask_human", None)], "一"),
            ([("greet", None), ("ask_human", None)], None),
        ],
    )
    def test_it_is_the_last_matter_without_a_good_answer(self, turns, expected):
        built = card(
            said=[(1, "一"), (2, "二")],
            turns=[
                turn(seq, intent=intent, search_outcome=outcome)
                for seq, (intent, outcome) in enumerate(turns, 1)
            ],
        )

        assert built["open_question"] == expected

    def test_a_turn_that_never_came_back_left_its_question_open(self):
        built = card(
            said=[(1, "一"), (2, "二")],
            turns=[
                turn(1, search_outcome="answer", failed=True),
                turn(2, intent="thank"),
            ],
        )

        assert built["open_question"] == "一"


class TestNextStep:
    @pytest.mark.parametrize(
        ("reasons", "intent", "key"),
        [
            ([Reason(code="sensitive", evidence={"kind": "crisis"}), "angry"], "complain", "stay_with_them_and_give_helpline"),
            ([Reason(code="sensitive", evidence={"kind": "legal"})], None, "take_note_and_pass_to_supervisor"),
            (["asked_for_human", "angry"], "refund_status", "apologise_and_offer_solution"),
            (["asked_for_human"], "refund_status", "check_refund"),
            (["change_needs_person"], "cancel_order", "carry_out_change"),
            (["form_given_up"], None, "verify_in_another_way"),
            (["not_understood"], "ask_question", "answer_open_question"),
            (["not_helpful"], "ask_question", "explain_again_differently"),
            (["asked_for_human"], None, "ask_what_is_needed"),
        ],
    )  # fmt: skip
    def test_gravest_first_then_feelings_then_wish_then_reason(
        self, reasons, intent, key
    ):
        built = card(reasons=reasons, turns=[turn(1, intent=intent)] if intent else [])

        assert built["next_step"]["key"] == key

    def test_the_order_number_comes_along(self):
        said = turn(
            1,
            intent="track_order",
            entities=(Entity(entity="order_number", value="1001"),),
        )

        assert card(turns=[said])["next_step"] == {
            "key": "check_parcel",
            "args": {"intent": "track_order", "order_number": "1001"},
        }

    def test_the_schema_names_every_step_there_is(self):
        named = SCHEMA["properties"]["next_step"]["properties"]["key"]["enum"]

        assert set(named) == NEXT_STEPS
        assert {
            *BY_MATTER.values(),
            *BY_INTENT.values(),
            *BY_REASON.values(),
        } <= NEXT_STEPS
