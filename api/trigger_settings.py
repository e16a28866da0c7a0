"""Decides what the shop may set of the rules for handing over, and within which bounds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.setting_types import Count, Section, Share
from handoff.decisions import TriggerPolicy

Does = Literal["handoff", "offer", "off"]
#: not for the shop to weaken
Fixed = Literal["handoff"]


class TriggerRules(Section):
    """What each rule does when it applies."""

    asked_for_human: Fixed = "handoff"
    shopper_accepted_offer: Fixed = "handoff"
    sensitive: Fixed = "handoff"
    bot_failure: Fixed = "handoff"
    unclear_request: Does = "offer"
    angry: Does = "handoff"
    rising_emotion: Does = "handoff"
    mild_emotion: Does = "offer"
    picture_sent: Does = "offer"
    order_at_risk: Does = "handoff"
    not_understood: Does = "handoff"
    not_helpful: Does = "handoff"
    repeated_question: Does = "offer"
    repeated_after_offer: Does = "handoff"
    form_given_up: Does = "handoff"
    change_needs_person: Does = "handoff"


class Triggers(Section):
    """The thresholds and the rules; `handoff.decisions.TriggerPolicy` is their twin."""

    anger_intensity: Share = 0.60
    dissatisfied_offer: Share = 0.45
    rising_steps: Count = 2
    failed_turns: Count = 2
    repeated_similarity: Share = 0.93
    repeated_questions: Count = 1
    offer_pause_turns: Annotated[int, Field(ge=0, le=1000)] = 4
    valuable_order: Annotated[float, Field(ge=0, le=1e9)] = 1000
    ask_confidence: Share = 0.65
    rules: TriggerRules = TriggerRules()

    def policy(self) -> TriggerPolicy:
        return TriggerPolicy(**self.model_dump())
