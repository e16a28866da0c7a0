"""What the agent should do first: a key that the console words, and its arguments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handoff.decisions import Reason

#: the gravest matter decides, whatever else was wanted
BY_MATTER = {
    "crisis": "stay_with_them_and_give_helpline",
    "injury": "ask_if_they_are_safe",
    "safety": "ask_if_they_are_safe",
    "legal": "take_note_and_pass_to_supervisor",
    "fraud": "secure_the_account",
    "privacy": "pass_to_privacy_contact",
}
BY_INTENT = {
    "track_order": "check_parcel",
    "order_details": "read_order_aloud",
    "cancel_order": "carry_out_change",
    "change_address": "carry_out_change",
    "return_item": "carry_out_change",
    "exchange_item": "carry_out_change",
    "invoice": "carry_out_change",
    "price_adjustment": "carry_out_change",
    "report_problem": "carry_out_change",
    "lost_parcel": "check_parcel",
    "refund_status": "check_refund",
    "complain": "apologise_and_offer_solution",
}
BY_REASON = {
    "angry": "apologise_and_offer_solution",
    "rising_emotion": "apologise_and_offer_solution",
    "change_needs_person": "carry_out_change",
    "form_given_up": "verify_in_another_way",
    "not_helpful": "explain_again_differently",
    "repeated_question": "explain_again_differently",
    "not_understood": "answer_open_question",
    "bot_failure": "answer_open_question",
    "reopened": "go_on_from_settled",
}
ASK = "ask_what_is_needed"

#: every key the console must have words for
NEXT_STEPS = frozenset(
    {*BY_MATTER.values(), *BY_INTENT.values(), *BY_REASON.values(), ASK}
)
#: steps that do nothing for a person who is upset, unless something comes before
CALMING = frozenset({"angry", "rising_emotion"})


def next_step(
    reasons: Sequence[Reason],
    *,
    wants: Mapping[str, Any],
    order: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Choose the step: a grave matter, then feelings, then what is wanted, then why."""
    args = _args(wants, order)
    for reason in reasons:
        if reason.code == "sensitive":
            kind = str(reason.evidence.get("kind"))
            return {"key": BY_MATTER.get(kind, ASK), "args": args | {"kind": kind}}
    codes = [reason.code for reason in reasons]
    key = next((BY_REASON[code] for code in codes if code in CALMING), None)
    key = key or BY_INTENT.get(str(wants.get("intent")))
    key = key or next((BY_REASON[code] for code in codes if code in BY_REASON), ASK)
    return {"key": key, "args": args}


def _args(wants: Mapping[str, Any], order: Mapping[str, Any] | None) -> dict[str, Any]:
    args: dict[str, Any] = {}
    if wants.get("intent"):
        args["intent"] = wants["intent"]
    said = {found["entity"]: found["value"] for found in wants.get("entities", ())}
    number = (order or {}).get("order_number") or said.get("order_number")
    if number:
        args["order_number"] = number
    return args
