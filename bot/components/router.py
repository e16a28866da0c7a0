"""Decides what a message is treated as once everything about it is known.

The classifier's word stands unless something surer speaks: a plain request for a
person, a number that answers the form's question, a polite way out. Where the
classifier is not sure enough to start a flow, the knowledge base is asked instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.folding import fold
from bot.components.identifiers import Identifier, is_bare

#: Intents that start or change something for one order.
FLOWS = frozenset(
    [
        "track_order",
        "order_details",
        "cancel_order",
        "change_address",
        "return_item",
        "exchange_item",
        "refund_status",
        "invoice",
        "price_adjustment",
        "report_problem",
        "lost_parcel",
    ]
)
#: Intents that a number in the message makes unlikely.
_SMALL_TALK = frozenset(
    [
        "affirm",
        "deny",
        "greet",
        "thank",
        "goodbye",
        "chitchat",
        "out_of_scope",
        "nlu_fallback",
        "inform",
    ]
)
#: what names an order or its buyer; an address is told for many reasons
_NAMES = frozenset(["order_number", "phone", "email", "tracking_number"])
#: how sure a wish must be that an order's number comes with
_LIKELY_BESIDE_NUMBER = 0.2
#: words of a person in a message: what the head must hear of a request beside them
_LIKELY_BESIDE_WORDS = 0.3
_LONGEST_WAY_OUT = 24

_PERSON = re.compile(
    r"转人工|人工客服|人工服务|找人工|要人工|接人工|叫人工|^人工[!！。~\s]*$|人工呢|人工在吗|"
    r"真人客服|真人服务|转真人|找真人|要真人|换真人|跟真人|和真人|找个人|换个人|来个人|"
    r"(?:找|要|转|接|换|叫|联系)(?:一下|一个|个|你们的?)?(?:真人|客服|主管|经理|领导)|"
    r"(?:(?:talk|speak|chat)(?:ing)? (?:to|with)|connect|transfer|escalate|put me through|get me|switch)\b.{0,24}"
    r"\b(?:human|person|agent|representative|rep|operator|someone|manager|supervisor|staff)\b|"
    r"\b(?:real|live|actual) (?:human|person|agent|people)\b|\bhuman (?:agent|please|support|help)\b|"
    r"^(?:human|agent|operator|representative)[!. ]*$|\bneed (?:a|an|some) (?:human|person|agent)\b"
)
#: Look-alikes: things made by hand, other trades, questions about what the bot is.
_NO_PERSON = re.compile(
    r"人工皮|人工革|人工智能|人工费|人工草|人工呼吸|人工钻|人工合成|人工成本|人工湖|"
    r"(?:不要|不用|不需要|别|无需|不想)(?:给我)?(?:转|找|接|叫)?(?:人工|真人)|"
    r"(?:是|不是)(?:不是)?(?:真人|人工|机器人)|(?:真人|人工|机器人)(?:还是|吗|么)|"
    r"几点|多久|什么时候上班|工作时间|上班时间|"
    r"cleaning agent|travel agent|real estate|(?:are|r) (?:you|u) (?:a |an )?(?:real|human|live|actual|bot|robot)|"
    r"(?:am i|is this) .{0,20}(?:human|person|bot)|(?:don'?t|do not|no) (?:need|want) .{0,16}(?:human|person|agent)"
)
#: nothing but another order: "另一个呢", "and the other one?"
_ANOTHER = re.compile(
    r"^(?:那|还有|而)?(?:我的?)?另外?(?:一|那)?(?:个|单|笔|件)(?:订单|快递|包裹)?(?:呢|到哪了|在哪)?[?？。!！ ]*$|"
    r"^(?:and |what about |how about |and what about )?(?:the|my) other (?:one|order|parcel|package)[?.! ]*$"
)
_WAY_OUT = re.compile(
    r"^(?:那|那就|哎|唉|嗯|哦|ok|okay|no|oh)?[,， ]*(?:算了|不用了|不查了|不弄了|不办了|不想查了|"
    r"不需要了|先不了|先不用|没事了|当我没说|退出|never ?mind|forget (?:it|about it)|"
    r"leave it|no need|not needed|stop this|quit)(?:吧|啦|了|哈|谢谢|[,， ]*thanks?)*[.!。！~]*$"
)


@dataclass(frozen=True)
class Bars:
    """How sure the classifier must be."""

    flow: float = 0.45  #: before a flow for an order starts
    talk: float = 0.40  #: before anything else is believed
    margin: float = 0.06  #: between the best two, when either is a flow


def asks_for_person(text: str) -> bool:
    """Say whether the text plainly asks for a person, whatever else it says."""
    folded = fold(text)
    return bool(_PERSON.search(folded)) and not _NO_PERSON.search(folded)


def _heard(ranking: Sequence[Mapping[str, Any]], intent: str) -> float:
    return sum(float(each["confidence"]) for each in ranking if each["name"] == intent)


def _identifiers(entities: Sequence[Mapping[str, Any]]) -> list[Identifier]:
    return [
        Identifier(e["entity"], str(e["value"]), int(e["start"]), int(e["end"]))
        for e in entities
        if "start" in e
    ]


def _asks_for_another(text: str) -> bool:
    return bool(_ANOTHER.search(fold(text)))


def _by_rule(
    text: str,
    ranking: Sequence[Mapping[str, Any]],
    entities: Sequence[Mapping[str, Any]],
) -> str | None:
    found = _identifiers(entities)
    intent = ranking[0]["name"] if ranking else None
    # Words weigh in, they do not overrule a head that hears none of it in the whole.
    if asks_for_person(text) and _heard(ranking, "ask_human") >= _LIKELY_BESIDE_WORDS:
        return "ask_human"
    if found and is_bare(text, found):
        return "inform"
    if any(each.kind in _NAMES for each in found) and intent in _SMALL_TALK:
        return "inform"
    if _asks_for_another(text):
        return "inform"
    folded = fold(text)
    if len(folded) <= _LONGEST_WAY_OUT and _WAY_OUT.search(folded):
        return "deny"
    return None


def _is_unsure(ranking: Sequence[Mapping[str, Any]], bars: Bars) -> bool:
    best = ranking[0]
    second = ranking[1] if len(ranking) > 1 else {"name": None, "confidence": 0.0}
    if best["confidence"] < (bars.flow if best["name"] in FLOWS else bars.talk):
        return True
    close = best["confidence"] - second["confidence"] < bars.margin
    return close and bool({best["name"], second["name"]} & FLOWS)


def _wish_beside_number(
    ranking: Sequence[Mapping[str, Any]], entities: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """An order's number makes one wish for it likely; which, the ranking says."""
    if not any(each["entity"] == "order_number" for each in entities):
        return None
    wishes = [each for each in ranking if each["name"] in FLOWS]
    if wishes and wishes[0]["confidence"] >= _LIKELY_BESIDE_NUMBER:
        return dict(wishes[0])
    return {"name": "inform", "confidence": 0.95}


def route(
    text: str,
    ranking: Sequence[Mapping[str, Any]],
    entities: Sequence[Mapping[str, Any]],
    *,
    bars: Bars,
) -> dict[str, Any]:
    """Return the intent that the dialogue gets to see."""
    best = dict(ranking[0]) if ranking else {"name": None, "confidence": 0.0}
    ruled = _by_rule(text, ranking, entities)
    if ruled is not None:
        return {"name": ruled, "confidence": max(0.95, float(best["confidence"]))}
    if best["name"] is None or _is_unsure(ranking, bars):
        wish = _wish_beside_number(ranking, entities)
        if wish is not None:
            return wish
        return {"name": "nlu_fallback", "confidence": 1.0 - float(best["confidence"])}
    return best


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False
)
class Router(GraphComponent, IntentClassifier):
    """The last component: one decision from everything found before it."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._bars = Bars(
            flow=float(config["flow"]),
            talk=float(config["talk"]),
            margin=float(config["margin"]),
        )

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        bars = Bars()
        return {"flow": bars.flow, "talk": bars.talk, "margin": bars.margin}

    @classmethod
    def required_components(cls) -> list[type]:
        return [IntentClassifier]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Router:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            ranking = message.get(INTENT_RANKING_KEY) or []
            chosen = route(text, ranking, message.get(ENTITIES, []), bars=self._bars)
            others = [each for each in ranking if each["name"] != chosen["name"]]
            message.set(INTENT, chosen, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [chosen, *others][:5], add_to_output=True)
        return messages
