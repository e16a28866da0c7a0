"""What a decision about handing over looks like, and which thresholds it goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Kind(StrEnum):
    """What the decision asks of the service."""

    NONE = "none"
    OFFER = "offer"  #: ask the shopper once whether they want a person
    HANDOFF = "handoff"  #: move the conversation to the queue


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason and what it rests on: the words, the values, the thresholds."""

    code: str
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "evidence": dict(self.evidence)}


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What to do, and every reason that applies, the weightiest first."""

    kind: Kind = Kind.NONE
    reasons: tuple[Reason, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)


#: what each rule does unless the shop says otherwise: handoff | offer | off
RULES: Mapping[str, str] = MappingProxyType(
    {
        "asked_for_human": "handoff",
        "unclear_request": "offer",
        "shopper_accepted_offer": "handoff",
        "sensitive": "handoff",
        "bot_failure": "handoff",
        "angry": "handoff",
        "rising_emotion": "handoff",
        "mild_emotion": "offer",
        "picture_sent": "offer",
        "order_at_risk": "handoff",
        "not_understood": "handoff",
        "not_helpful": "handoff",
        "repeated_question": "offer",
        "repeated_after_offer": "handoff",
        "form_given_up": "handoff",
        "change_needs_person": "handoff",
    }
)
#: rules that no shop may weaken: the shopper's own word, danger, and our own faults
FIXED = frozenset(
    {"asked_for_human", "shopper_accepted_offer", "sensitive", "bot_failure"}
)


@dataclass(frozen=True, kw_only=True)
class TriggerPolicy:
    """The shop's rules and thresholds; the names are those of `triggers:` in config.yml."""

    anger_intensity: float = 0.60
    dissatisfied_offer: float = 0.45
    rising_steps: int = 2
    failed_turns: int = 2
    repeated_similarity: float = 0.93
    repeated_questions: int = 1
    offer_pause_turns: int = 4
    #: an order of at least this total, in its own currency, is one to look after
    valuable_order: float = 1000
    #: the classifier alone is believed from here on
    ask_confidence: float = 0.65
    rules: Mapping[str, str] = field(default_factory=lambda: dict(RULES))

    def does(self, rule: str) -> str:
        """What the rule does when it applies: handoff, offer or off."""
        return RULES[rule] if rule in FIXED else self.rules.get(rule, RULES[rule])
