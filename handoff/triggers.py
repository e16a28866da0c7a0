"""Whether a conversation needs a person now, should be offered one, or neither, and why.

Pure: one turn, the turns before it and the shop's policy go in; a decision with its
reasons and the evidence for each comes out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from handoff.asking import Asking
from handoff.course import (
    failing,
    felt,
    order_at_risk,
    repeating,
    rising,
    showing,
)
from handoff.decisions import Decision, Kind, Reason, TriggerPolicy
from handoff.signals import (
    Emotion,
    Entity,
    HandoffRequest,
    History,
    OrderSeen,
    PastTurn,
    TriedArticle,
    TurnSignals,
    from_json,
    read_history,
    to_json,
)
from handoff.told import Told, read

__all__ = [
    "Decision",
    "Emotion",
    "Entity",
    "HandoffRequest",
    "History",
    "Kind",
    "OrderSeen",
    "PastTurn",
    "Reason",
    "Told",
    "TriedArticle",
    "TriggerPolicy",
    "TurnSignals",
    "decide",
    "decide_or_ask_back",
    "from_json",
    "read",
    "read_history",
    "to_json",
]

#: reasons that the bot may give with a request of its own
BOT_REASONS = frozenset(
    {"asked_for_human", "form_given_up", "change_needs_person", "not_understood"}
)

#: a typed "yes" less certain than this accepts nothing
YES_CONFIDENCE = 0.6

#: where the words mention a person, the classifier need be somewhat less sure
#: (of 91 mentions written for it, those surer than this are requests but for two)
MENTION_CONFIDENCE = 0.65


@dataclass(frozen=True, kw_only=True)
class _Claim:
    """One rule that applies, and the reason it would give."""

    rule: str
    reason: Reason


def decide(
    signals: TurnSignals,
    history: History,
    policy: TriggerPolicy,
    *,
    told: Told | None = None,
) -> Decision:
    """Weigh one turn. Handing over beats offering; the gravest reasons come first."""
    told = told or read(signals.text)
    claims = _claims(signals, told, history, policy)
    found = [each.reason for each in claims if policy.does(each.rule) == "handoff"]
    if found:
        return Decision(kind=Kind.HANDOFF, reasons=_once_each(found))
    if signals.offer_answer == "refused":
        return Decision()
    is_paused = _offered_lately(history, policy)
    offers = [
        each.reason
        for each in claims
        # Their own word for a person is not held back by an earlier refusal.
        if policy.does(each.rule) == "offer"
        and (each.rule == "unclear_request" or not is_paused)
    ]
    if offers:
        return Decision(kind=Kind.OFFER, reasons=_once_each(offers))
    return Decision()


def decide_or_ask_back(
    signals: TurnSignals,
    history: History,
    policy: TriggerPolicy,
    *,
    told: Told | None = None,
) -> Decision:
    """Weigh one turn; where the bot alone believes that a person is wanted, offer one."""
    decision = decide(signals, history, policy, told=told)
    if decision.kind is not Kind.NONE or not signals.requested:
        return decision
    reason = Reason(code="asked_for_human", evidence={"intent": signals.intent or ""})
    return Decision(kind=Kind.OFFER, reasons=(reason,))


def _claims(
    signals: TurnSignals, told: Told, history: History, policy: TriggerPolicy
) -> list[_Claim]:
    """Every rule that applies to the turn, the gravest first."""
    named = [
        *_requested(signals, told, history, policy),
        *_sensitive(told),
        *_bot_failed(signals),
        *_angry(signals, policy),
        *rising(signals, history, policy),
        *order_at_risk(signals, history, policy),
        *failing(signals, history, policy),
    ]
    claims = [_Claim(rule=reason.code, reason=reason) for reason in named]
    circles = "repeated_question"
    if _is_left_in_circle(history):
        circles = "repeated_after_offer"
    claims += [
        _Claim(rule=circles, reason=reason)
        for reason in repeating(signals, history, policy)
    ]
    if told.asking is not None:
        unclear = _asked(signals, told.asking)
        claims.append(_Claim(rule="unclear_request", reason=unclear))
    claims += [
        _Claim(rule="mild_emotion", reason=reason)
        for reason in _mildly_upset(signals, policy)
    ]
    claims += [
        _Claim(rule="picture_sent", reason=reason)
        for reason in showing(signals, history)
    ]
    return claims


def _requested(
    signals: TurnSignals, told: Told, history: History, policy: TriggerPolicy
) -> list[Reason]:
    reasons = []
    if _asks(signals, told, policy) or _asks_again(told.asking, history):
        reasons.append(_asked(signals, told.asking))
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


def _asks(signals: TurnSignals, told: Told, policy: TriggerPolicy) -> bool:
    """Believe plain words always, and the classifier unless the words mislead it."""
    if told.asking is not None and told.asking.is_clear:
        return True
    # A person is mentioned and the classifier hears a wish: either alone says less.
    is_mentioned = told.asking is not None
    bar = (
        min(MENTION_CONFIDENCE, policy.ask_confidence)
        if is_mentioned
        else policy.ask_confidence
    )
    if _classified(signals) < bar:
        return False
    return signals.offer_answer != "refused" and not told.only_looks_like_asking


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


def _is_left_in_circle(history: History) -> bool:
    """Say whether an offer for going in circles stands unanswered."""
    since: list[PastTurn] = []
    for turn in reversed(history.turns):
        if turn.decided == Kind.OFFER and "repeated_question" in turn.reasons:
            return all(each.signals.offer_answer != "refused" for each in since)
        since.append(turn)
    return False


def _sensitive(told: Told) -> list[Reason]:
    if told.matter is None:
        return []
    evidence = {"kind": told.matter.kind, "words": [told.matter.words]}
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


def _mildly_upset(signals: TurnSignals, policy: TriggerPolicy) -> list[Reason]:
    emotion = signals.emotion
    is_low = emotion.label in {"dissatisfied", "sad", "angry"}
    if not is_low or emotion.intensity < policy.dissatisfied_offer:
        return []
    evidence = felt(emotion) | {"threshold": policy.dissatisfied_offer}
    return [Reason(code="mild_emotion", evidence=evidence)]


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
