"""Whether one turn, after those before it, calls for a person: the whole table."""

from __future__ import annotations

import pytest

from handoff.decisions import FIXED, RULES
from handoff.triggers import (
    Emotion,
    HandoffRequest,
    History,
    OrderSeen,
    PastTurn,
    Reason,
    TriedArticle,
    TriggerPolicy,
    TurnSignals,
    decide,
    decide_or_ask_back,
    read_history,
    to_json,
)

POLICY = TriggerPolicy()
EAST = (1.0, 0.0, 0.0)
NEARLY_EAST = (0.99, 0.14, 0.0)
#: cosine 0.88 with EAST
NEAR_EAST = (0.88, 0.475, 0.0)
NORTH = (0.0, 1.0, 0.0)


def turn(text="我的快递呢", **more):
    return TurnSignals(text=text, language="zh-Hans", **more)


def felt(label, intensity, *words):
    return Emotion(label=label, intensity=intensity, evidence=words)


def past(*turns):
    """Build a history of signals, or of (signals, decided, codes)."""
    return History(
        turns=tuple(
            PastTurn(signals=each)
            if isinstance(each, TurnSignals)
            else PastTurn(signals=each[0], decided=each[1], reasons=each[2])
            for each in turns
        )
    )


def weigh(signals, *before, policy=POLICY):
    return decide(signals, past(*before), policy)


def offered(*codes, answer=None, loop=None):
    return (turn(active_loop=loop), "offer", codes or ("mild_emotion",))


class TestNothing:
    @pytest.mark.parametrize(
        "signals",
        [
            turn(),
            turn(emotion=felt("grateful", 1.0)),
            turn(emotion=felt("anxious", 0.9)),
            turn(emotion=felt("dissatisfied", 0.44)),
            turn(search_outcome="abstain"),
            turn(search_outcome="clarify"),
            turn(helpful=False),
            turn(intent="affirm"),
            turn(requested=(HandoffRequest(reason="unheard_of"),)),
        ],
    )
    def test_an_ordinary_turn_stays_with_the_bot(self, signals):
        decision = weigh(signals)

        assert (decision.kind, decision.reasons) == ("none", ())


class TestAskedForAPerson:
    @pytest.mark.parametrize(
        ("text", "intent", "confidence", "kind"),
        [
            ("转人工", None, 0.0, "handoff"),
            ("轉人工", None, 0.0, "handoff"),
            ("talk to a human please", None, 0.0, "handoff"),
            # the classifier alone, sure and unsure
            ("给我叫个会说话的来", "ask_human", 0.95, "handoff"),
            ("给我叫个会说话的来", "ask_human", 0.60, "none"),
            # look-alikes beat the classifier
            ("人工皮革的包", "ask_human", 0.99, "none"),
            ("do you sell a cleaning agent", "ask_human", 0.99, "none"),
            ("不用转人工", "ask_human", 0.99, "none"),
            # but a wish beside a look-alike is a wish
            ("人工皮革裂了，转人工", "complain", 0.9, "handoff"),
            # a mere mention is asked back
            ("the agent told me five days", "track_order", 0.9, "offer"),
            ("有人吗", "greet", 0.6, "offer"),
            ("有人吗", "ask_human", 0.9, "handoff"),
            # mentioned, and likely wanted
            ("有人吗", "ask_human", 0.75, "handoff"),
            ("有人吗", "ask_human", 0.60, "offer"),
            # a question about the service, whatever the classifier hears
            ("客服电话是多少?", "ask_human", 0.95, "offer"),
        ],
    )
    def test_words_and_classifier_are_weighed(self, text, intent, confidence, kind):
        decision = weigh(turn(text, intent=intent, intent_confidence=confidence))

        assert decision.kind == kind
        assert decision.codes == (() if kind == "none" else ("asked_for_human",))

    def test_the_evidence_is_the_words_and_the_confidence(self):
        decision = weigh(turn("请转人工", intent="ask_human", intent_confidence=0.9123))

        assert decision.reasons[0].evidence == {
            "words": ["转人工"],
            "intent_confidence": 0.912,
        }

    def test_the_bots_own_request_does_not_override_a_look_alike(self):
        asks = (HandoffRequest(reason="asked_for_human"),)

        assert weigh(turn("人工智能音箱", requested=asks)).kind == "none"

    def test_a_second_mention_after_an_offer_is_a_wish(self):
        decision = weigh(turn("那个客服呢?到底有人吗"), offered("asked_for_human"))

        assert decision.kind == "handoff"

    def test_a_mention_is_asked_back_even_after_a_refusal(self):
        refused = turn(offer_answer="refused")

        assert weigh(turn("your agent said so"), offered(), refused).kind == "offer"


class TestOffers:
    @pytest.mark.parametrize("label", ["dissatisfied", "sad", "angry"])
    def test_mild_feelings_offer_a_person(self, label):
        decision = weigh(turn(emotion=felt(label, 0.5, "失望")))

        assert decision.kind == "offer"
        assert decision.reasons == (
            Reason(
                code="mild_emotion",
                evidence={
                    "label": label,
                    "intensity": 0.5,
                    "words": ["失望"],
                    "threshold": 0.45,
                },
            ),
        )

    def test_it_is_offered_once_and_not_in_every_turn(self):
        sad = turn(emotion=felt("sad", 0.5))

        assert weigh(sad, offered()).kind == "none"

    @pytest.mark.parametrize(("calm_turns", "kind"), [(2, "none"), (3, "offer")])
    def test_a_refusal_is_honoured_for_the_pause(self, calm_turns, kind):
        sad = turn(emotion=felt("sad", 0.5))
        refused = turn("不用", offer_answer="refused")
        between = [turn() for _ in range(calm_turns)]

        policy = TriggerPolicy(offer_pause_turns=3)
        assert weigh(sad, offered(), refused, *between, policy=policy).kind == kind

    @pytest.mark.parametrize(
        "accepts",
        [
            turn("好的", intent="affirm", intent_confidence=0.9),
            turn("", offer_answer="accepted"),
        ],
    )
    def test_yes_to_an_offer_hands_over_and_names_what_was_offered(self, accepts):
        decision = weigh(accepts, offered("mild_emotion"))

        assert decision.kind == "handoff"
        assert decision.codes == ("shopper_accepted_offer",)
        assert decision.reasons[0].evidence["offered"] == ["mild_emotion"]

    def test_a_yes_to_something_else_is_not_taken_for_it(self):
        yes = turn("好的", intent="affirm", intent_confidence=0.9)
        unsure = turn("额", intent="affirm", intent_confidence=0.4)

        assert weigh(unsure, offered()).kind == "none"
        assert weigh(yes, turn()).kind == "none"
        assert weigh(yes, offered(), turn()).kind == "none"
        assert weigh(yes, offered(loop="order_form")).kind == "none"

    def test_no_is_no(self):
        no = turn("不用了", intent="deny", offer_answer="refused")

        assert weigh(no, offered("asked_for_human")).kind == "none"


class TestSensitive:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("充电宝冒烟了", "safety"),
            ("我要打12315", "legal"),
            ("我的卡被盜刷了", "fraud"),
            ("you leaked my address", "privacy"),
            ("it burned my hand", "injury"),
            ("我不想活了", "crisis"),
        ],
    )
    def test_grave_matters_go_to_people_at_once(self, text, kind):
        decision = weigh(turn(text))

        assert decision.codes == ("sensitive",)
        assert decision.reasons[0].evidence["kind"] == kind


class TestFeelings:
    @pytest.mark.parametrize(
        ("intensity", "kind"), [(0.59, "offer"), (0.60, "handoff"), (1.0, "handoff")]
    )
    def test_anger_counts_from_the_threshold_on(self, intensity, kind):
        assert weigh(turn(emotion=felt("angry", intensity, "垃圾"))).kind == kind

    def test_the_evidence_names_words_value_and_threshold(self):
        decision = weigh(turn(emotion=felt("angry", 0.8, "垃圾", "骗")))

        assert decision.reasons[0].evidence == {
            "label": "angry",
            "intensity": 0.8,
            "words": ["垃圾", "骗"],
            "threshold": 0.6,
        }

    @pytest.mark.parametrize(
        ("trace", "rises"),
        [
            # each clearly more upset than the last, and upset enough at the end
            ([("neutral", 0.0), ("dissatisfied", 0.3), ("dissatisfied", 0.6)], True),
            ([("anxious", 0.3), ("dissatisfied", 0.4), ("angry", 0.5)], True),
            # not far enough back, falling, flat, too little, too low
            ([("dissatisfied", 0.3), ("dissatisfied", 0.6)], False),
            ([("angry", 0.5), ("dissatisfied", 0.4), ("dissatisfied", 0.6)], False),
            ([("sad", 0.6), ("sad", 0.6), ("sad", 0.6)], False),
            ([("sad", 0.60), ("sad", 0.62), ("sad", 0.64)], False),
            ([("neutral", 0.0), ("anxious", 0.1), ("anxious", 0.3)], False),
            # thanks is no step up
            ([("grateful", 0.9), ("neutral", 0.0), ("angry", 0.5)], False),
        ],
    )
    def test_rising_emotion_needs_enough_steps_and_an_end_that_matters(
        self, trace, rises
    ):
        *before, last = [turn(emotion=felt(*each)) for each in trace]

        assert ("rising_emotion" in weigh(last, *before).codes) is rises

    def test_the_trace_is_the_evidence(self):
        steps = [("neutral", 0.0), ("dissatisfied", 0.3), ("dissatisfied", 0.6)]
        *before, last = [turn(emotion=felt(*each)) for each in steps]

        evidence = weigh(last, *before).reasons[0].evidence

        assert evidence["levels"] == [0.0, 0.21, 0.42]
        assert [point["label"] for point in evidence["trace"]] == [
            "neutral",
            "dissatisfied",
            "dissatisfied",
        ]


class TestFailure:
    ABSTAINED = turn(search_outcome="abstain")
    NOT_HELPFUL = turn(helpful=False)
    ANSWERED = turn(search_outcome="answer")

    @pytest.mark.parametrize(
        ("before", "now", "code"),
        [
            ([ABSTAINED], ABSTAINED, "not_understood"),
            ([ABSTAINED], NOT_HELPFUL, "not_helpful"),
            ([NOT_HELPFUL], ABSTAINED, "not_understood"),
            ([ABSTAINED, ANSWERED], ABSTAINED, "not_understood"),
            # something helped in between
            ([ABSTAINED, turn(helpful=True)], ABSTAINED, None),
            ([ABSTAINED, turn(emotion=felt("grateful", 0.8))], ABSTAINED, None),
            # this turn went well
            ([ABSTAINED, ABSTAINED], ANSWERED, None),
            # too long ago
            ([ABSTAINED, *[ANSWERED] * 6], ABSTAINED, None),
            ([], ABSTAINED, None),
        ],
    )
    def test_failures_add_up_until_something_helps(self, before, now, code):
        decision = weigh(now, *before)

        assert decision.codes == ((code,) if code else ())

    def test_the_evidence_counts_each_kind(self):
        evidence = weigh(self.NOT_HELPFUL, self.ABSTAINED).reasons[0].evidence

        assert evidence == {
            "failed_turns": 2,
            "threshold": 2,
            "abstained": 1,
            "not_helpful": 1,
        }

    def test_a_failed_bot_goes_to_people_with_its_failure(self):
        decision = weigh(turn(bot_failure="timeout"))

        assert decision.codes == ("bot_failure",)
        assert decision.reasons[0].evidence == {"failure": "timeout"}


class TestCircles:
    def question(self, vector, text="什么时候发货", **more):
        return turn(text, intent="ask_question", vector=vector, **more)

    def test_the_second_time_in_other_words_offers_a_person(self):
        decision = weigh(self.question(NEARLY_EAST), self.question(EAST))

        assert decision.kind == "offer"
        assert decision.codes == ("repeated_question",)
        assert decision.reasons[0].evidence == {
            "times": 2,
            "similarity": [0.99],
            "threshold": 0.93,
            "article_id": None,
        }

    def test_a_patient_shop_waits_longer_and_other_questions_do_not_count(self):
        patient = TriggerPolicy(repeated_questions=2)
        asked = self.question(EAST)

        assert weigh(asked, asked, policy=patient).kind == "none"
        assert weigh(asked, asked, asked, policy=patient).kind == "offer"
        assert weigh(asked, self.question(NORTH)).kind == "none"

    @pytest.mark.parametrize(
        ("first", "then"),
        [
            ("这款有黑色吗", "这款有白色吗"),
            ("do you ship to Norway", "do you ship to Sweden?"),
            ("where is WL20261122001", "where is WL20261122002"),
        ],
    )
    def test_one_slot_apart_is_another_question(self, first, then):
        assert weigh(self.question(EAST, then), self.question(EAST, first)).kind == (
            "none"
        )

    def test_two_wishes_or_two_articles_are_two_questions(self):
        def about(article):
            hit = TriedArticle(article_id=article, title="A", probability=0.9)
            return self.question(EAST, search_outcome="answer", hits=(hit,))

        track = turn("我的单在哪", intent="track_order", vector=EAST)
        details = turn("我的单里有啥", intent="order_details", vector=EAST)

        assert weigh(about("a"), about("b")).kind == "none"
        assert weigh(details, track).kind == "none"
        assert weigh(track, track).kind == "offer"

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("我问的是运费谁出", "offer"),
            ("我刚才就问过了", "offer"),
            ("又是这个回答", "offer"),
            ("答非所問", "offer"),
            ("i asked whether you ship to Norway", "offer"),
            ("that's the same answer", "offer"),
            ("you didn't answer my question", "offer"),
            ("运费谁出", "none"),
            ("我想问问题", "none"),
            ("can you ask the courier", "none"),
        ],
    )
    def test_who_says_that_they_repeat_themselves_is_believed(self, text, kind):
        said = self.question(NORTH, text)

        assert weigh(said, self.question(EAST)).kind == kind
        assert weigh(said).kind == "none"

    def test_a_circle_that_goes_on_after_the_offer_hands_over(self):
        asked = self.question(EAST)
        circle = [asked, asked, (asked, "offer", ("repeated_question",))]

        decision = weigh(asked, *circle)

        assert (decision.kind, decision.codes) == ("handoff", ("repeated_question",))
        assert weigh(asked, *circle, turn(offer_answer="refused")).kind == "none"

    @pytest.mark.parametrize(
        "more",
        [
            {"intent": "greet"},
            {"intent": "inform"},
            {"active_loop": "order_form"},
            {"text": "嗯"},
            {"vector": None},
        ],
    )
    def test_greetings_numbers_and_form_answers_are_no_questions(self, more):
        same = {"text": "你好你好", "intent": "ask_question", "vector": EAST} | more
        repeated = TurnSignals(**same)

        assert weigh(repeated, repeated, repeated).kind == "none"

    @pytest.mark.parametrize(
        ("vector", "probability", "outcome", "kind"),
        [
            (NEAR_EAST, 0.8, "answer", "offer"),
            (None, 0.8, "answer", "offer"),
            (NEAR_EAST, 0.4, "answer", "none"),  # unsure what it is about
            (NORTH, 0.8, "answer", "none"),  # one broad article, other questions
            (NEAR_EAST, 0.8, "clarify", "none"),  # asked back: a choice follows
        ],
    )
    def test_near_questions_that_lead_to_one_article_are_the_same(
        self, vector, probability, outcome, kind
    ):
        hit = TriedArticle(article_id="a", title="A", probability=probability)
        before = self.question(vector, search_outcome=outcome, hits=(hit,))
        now = self.question(EAST, search_outcome="answer", hits=(hit,))

        assert weigh(now, before, before).kind == kind

    def test_vectors_of_different_models_are_not_compared(self):
        before = [self.question((1.0, 0.0)), self.question((1.0, 0.0))]

        assert weigh(self.question(EAST), *before).kind == "none"


class TestOrderAtRisk:
    def about(self, state="late", total=1500.0, number="62018847", **more):
        order = OrderSeen(number=number, total=total, currency="CNY", state=state)
        return turn(order=order, **more)

    @pytest.mark.parametrize(
        ("state", "total", "intent", "kind"),
        [
            ("late", 1500.0, "track_order", "handoff"),
            ("lost", 1000.0, "inform", "handoff"),
            ("delivered", 1500.0, "complain", "handoff"),
            # cheap, or all is well
            ("late", 999.99, "track_order", "none"),
            ("lost", 10.0, "complain", "none"),
            ("shipped", 1500.0, "track_order", "none"),
        ],
    )
    def test_a_valuable_order_in_trouble_gets_a_person(
        self, state, total, intent, kind
    ):
        decision = weigh(self.about(state, total, intent=intent))

        assert decision.kind == kind
        assert decision.codes == (("order_at_risk",) if kind == "handoff" else ())

    def test_the_evidence_names_order_total_trouble_and_threshold(self):
        assert weigh(self.about()).reasons[0].evidence == {
            "order_number": "62018847",
            "total": 1500.0,
            "currency": "CNY",
            "trouble": "late",
            "threshold": 1000,
        }

    def test_the_amount_is_the_shops(self):
        policy = TriggerPolicy(valuable_order=2000)

        assert weigh(self.about(), policy=policy).kind == "none"

    def test_people_look_after_an_order_once(self):
        kept = [
            to_json(self.about(), decided="handoff", reasons=["order_at_risk"]),
            to_json(turn()),
        ]
        history = read_history(kept)

        assert decide(self.about(), history, POLICY).kind == "none"
        other = self.about(number="62018848")
        assert decide(other, history, POLICY).kind == "handoff"


class TestRulesAreData:
    ANGRY = turn(emotion=felt("angry", 0.9))

    @pytest.mark.parametrize(
        ("does", "kind"), [("handoff", "handoff"), ("offer", "offer"), ("off", "none")]
    )
    def test_what_a_rule_does_is_the_shops_choice(self, does, kind):
        rules = {**RULES, "angry": does, "mild_emotion": "off"}

        assert weigh(self.ANGRY, policy=TriggerPolicy(rules=rules)).kind == kind

    @pytest.mark.parametrize("rule", sorted(FIXED))
    def test_the_shoppers_word_danger_and_our_faults_cannot_be_switched_off(self, rule):
        assert TriggerPolicy(rules={rule: "off"}).does(rule) == "handoff"

    def test_an_offer_by_any_rule_keeps_to_the_pause(self):
        policy = TriggerPolicy(rules={**RULES, "angry": "offer"})

        assert weigh(self.ANGRY, offered(), policy=policy).kind == "none"

    def test_a_second_offer_waits_for_the_pause_whatever_the_rule(self):
        sad = turn(emotion=felt("sad", 0.5))
        off = TriggerPolicy(offer_pause_turns=0)

        assert weigh(sad, offered(), policy=off).kind == "offer"

    def test_where_only_the_bot_believes_it_a_person_is_offered(self):
        asks = turn(
            "人工智能音箱", requested=(HandoffRequest(reason="asked_for_human"),)
        )

        assert decide_or_ask_back(asks, History(), POLICY).kind == "offer"
        assert decide_or_ask_back(turn(), History(), POLICY).kind == "none"


class TestBotRequests:
    @pytest.mark.parametrize("reason", ["form_given_up", "change_needs_person"])
    def test_what_the_bot_cannot_do_goes_to_people(self, reason):
        asks = (HandoffRequest(reason=reason, detail={"change": "cancel"}),)

        decision = weigh(turn(requested=asks))

        assert decision.codes == (reason,)
        assert decision.reasons[0].evidence == {"bot": True, "change": "cancel"}


class TestOrder:
    def test_all_reasons_are_kept_the_weightiest_first(self):
        before = [
            turn(emotion=felt("neutral", 0.0), search_outcome="abstain"),
            turn(emotion=felt("dissatisfied", 0.4)),
        ]
        everything = turn(
            "转人工，我要打12315",
            emotion=felt("angry", 0.9),
            search_outcome="abstain",
            bot_failure="silent",
        )

        assert weigh(everything, *before).codes == (
            "asked_for_human",
            "sensitive",
            "bot_failure",
            "angry",
            "rising_emotion",
            "not_understood",
        )

    def test_a_handoff_leaves_no_offer_beside_it(self):
        decision = weigh(turn("转人工", emotion=felt("sad", 0.5)))

        assert decision.codes == ("asked_for_human",)

    def test_each_code_stands_once(self):
        asks = (
            HandoffRequest(reason="form_given_up"),
            HandoffRequest(reason="form_given_up"),
        )

        assert weigh(turn(requested=asks)).codes == ("form_given_up",)


def test_every_threshold_of_the_configuration_has_its_namesake():
    from pathlib import Path  # noqa: PLC0415

    from ruamel.yaml import YAML  # noqa: PLC0415

    config = YAML(typ="safe").load(Path("config.yml").read_text("utf-8"))

    assert TriggerPolicy(**config["triggers"]) == POLICY
