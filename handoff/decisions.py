"""What a decision about handing over looks like, and which thresholds it goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
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


@dataclass(frozen=True, kw_only=True)
class TriggerPolicy:
    """The shop's thresholds; the names are those of `triggers:` in config.yml."""

    anger_intensity: float = 0.60
    dissatisfied_offer: float = 0.45
    rising_steps: int = 2
    failed_turns: int = 2
    repeated_similarity: float = 0.93
    repeated_questions: int = 2
    offer_pause_turns: int = 4
    #: the classifier alone is believed from here on
    ask_confidence: float = 0.80
