"""Whether a conversation needs a person now, should be offered one, or neither, and why.

Pure: one turn, the turns before it and the shop's policy go in; a decision with its
reasons and the evidence for each comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from handoff.asking import Asking, asks_for_person, only_looks_like_asking
from handoff.course import failing, felt, repeating, rising
from handoff.decisions import Decision, Kind, Reason, TriggerPolicy
from handoff.sensitive import sensitive_matter
from handoff.signals import (
    Emotion,
    Entity,
    HandoffRequest,
    History,
    PastTurn,
    TriedArticle,
    TurnSignals,
    from_json,
    read_history,
    to_json,
)

__all__ = [
    "Decision",
    "Emotion",
    "Entity",
    "HandoffRequest",
    "History",
    "Kind",
    "PastTurn",
    "Reason",
    "TriedArticle",
    "TriggerPolicy",
    "TurnSignals",
    "decide",
    "from_json",
    "priority_minutes",
    "read_history",
    "to_json",
]

#: reasons that the bot may give with a request of its own
BOT_REASONS = frozenset(
    {"asked_for_human", "form_given_up", "change_needs_person", "not_understood"}
)

#: a feeling weaker than this moves nobody forward in the queue
FELT = 0.5
#: a typed "yes" less certain than this accepts nothing
YES_CONFIDENCE = 0.6


def decide(signals: TurnSignals, history: History, policy: TriggerPolicy) -> Decision:
    """Weigh one turn. Handing over beats offering; the gravest reasons come first."""
    asking = asks_for_person(signals.text)
    found = [
        *_requested(signals, asking, history, policy),
        *_sensitive(signals),
        *_bot_failed(signals),
        *_angry(signals, policy),
        *rising(signals, history, policy),
        *failing(signals, history, policy),
        *repeating(signals, history, policy),
    ]
    if found:
        return Decision(kind=Kind.HANDOFF, reasons=_once_each(found))
    offers = _offers(signals, asking, history, policy)
    if offers:
        return Decision(kind=Kind.OFFER, reasons=_once_each(offers))
    return Decision()


def priority_minutes(
    reasons: Iterable[Reason], emotion: Emotion, table: Mapping[str, int]
) -> int:
    """Return the head start in the queue, the largest that applies (never their sum)."""
    claims = {reason.code for reason in reasons}
    if emotion.intensity >= FELT:
        claims.add(emotion.label)
    return max(
        (minutes for name, minutes in table.items() if name in claims), default=0
    )


def _requested(
    signals: TurnSignals,
    asking: Asking | None,
    history: History,
    policy: TriggerPolicy,
) -> list[Reason]:
    reasons = []
    if _asks(signals, asking, policy) or _asks_again(asking, history):
        reasons.append(_asked(signals, asking))
    if _accepts_offer(signals, history):
        reasons.append(
            Reason(
                code="shopper_accepted_offer",
                evidence={"words": signals.text, "offered": _last_offer_codes(history)},
            )
        )
    reasons.extend(
        Reason(code=request.reason, evidence={"bot": True, **request.detail})
        for request in signals.requested
        if request.reason in BOT_REASONS and request.reason != "asked_for_human"
    )
    return reasons


def _asks(signals: TurnSignals, asking: Asking | None, policy: TriggerPolicy) -> bool:
    """Believe plain words always, and the classifier unless the words mislead it."""
    if asking is not None and asking.is_clear:
        return True
    if _classified(signals) < policy.ask_confidence:
        return False
    return signals.offer_answer != "refused" and not only_looks_like_asking(
        signals.text
    )


def _classified(signals: TurnSignals) -> float:
    is_ask = signals.intent == "ask_human"
    return signals.intent_confidence if is_ask else 0.0


def _asks_again(asking: Asking | None, history: History) -> bool:
    """Take a second mention of a person, right after an offer for the first, as a wish."""
    return (
        asking is not None
        and _offer_is_open(history)
        and "asked_for_human" in _last_offer_codes(history)
    )


def _asked(signals: TurnSignals, asking: Asking | None) -> Reason:
    evidence: dict[str, Any] = {"words": list(asking.words) if asking else []}
    if signals.intent == "ask_human":
        evidence["intent_confidence"] = round(signals.intent_confidence, 3)
    return Reason(code="asked_for_human", evidence=evidence)


def _offer_is_open(history: History) -> bool:
    return bool(history.turns) and history.turns[-1].decided == Kind.OFFER


def _last_offer_codes(history: History) -> list[str]:
    offered = [turn for turn in history.turns if turn.decided == Kind.OFFER]
    return list(offered[-1].reasons) if offered else []


def _accepts_offer(signals: TurnSignals, history: History) -> bool:
    if signals.offer_answer is not None:
        return signals.offer_answer == "accepted"
    # A typed "yes" may also answer a form's question; then it is not for us.
    return (
        signals.intent == "affirm"
        and signals.intent_confidence >= YES_CONFIDENCE
        and _offer_is_open(history)
        and history.turns[-1].signals.active_loop is None
    )


def _sensitive(signals: TurnSignals) -> list[Reason]:
    matter = sensitive_matter(signals.text)
    if matter is None:
        return []
    evidence = {"kind": matter.kind, "words": [matter.words]}
    return [Reason(code="sensitive", evidence=evidence)]


def _bot_failed(signals: TurnSignals) -> list[Reason]:
    if signals.bot_failure is None:
        return []
    return [Reason(code="bot_failure", evidence={"failure": signals.bot_failure})]


def _angry(signals: TurnSignals, policy: TriggerPolicy) -> list[Reason]:
    emotion = signals.emotion
    if emotion.label != "angry" or emotion.intensity < policy.anger_intensity:
        return []
    evidence = felt(emotion) | {"threshold": policy.anger_intensity}
    return [Reason(code="angry", evidence=evidence)]


def _offers(
    signals: TurnSignals,
    asking: Asking | None,
    history: History,
    policy: TriggerPolicy,
) -> list[Reason]:
    if signals.offer_answer == "refused":
        return []
    reasons = []
    if asking is not None:
        # Their own word for a person, so not held back by an earlier refusal.
        reasons.append(_asked(signals, asking))
    if _offered_lately(history, policy):
        return reasons
    emotion = signals.emotion
    is_low = emotion.label in {"dissatisfied", "sad", "angry"}
    if is_low and emotion.intensity >= policy.dissatisfied_offer:
        evidence = felt(emotion) | {"threshold": policy.dissatisfied_offer}
        reasons.append(Reason(code="mild_emotion", evidence=evidence))
    return reasons


def _offered_lately(history: History, policy: TriggerPolicy) -> bool:
    """Say whether the shopper was offered a person so lately that asking is pushy."""
    if policy.offer_pause_turns <= 0:
        return False
    lately = history.turns[-policy.offer_pause_turns :]
    return any(turn.decided == Kind.OFFER for turn in lately) or any(
        turn.signals.offer_answer == "refused" for turn in lately
    )


def _once_each(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    first: dict[str, Reason] = {}
    for reason in reasons:
        first.setdefault(reason.code, reason)
    return tuple(first.values())
