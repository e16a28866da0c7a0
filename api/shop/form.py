"""Decides what the order form holds: what is new in this message, what was kept, what is next.

Pure. Rasa asks the validation three ways: when the form starts (everything kept is new),
after a message (what was just said is new), and when it comes back from a detour (nothing
is). When nothing is new, nothing may be set, or the detour would be taken for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from api.bot.actions import ActionCall
from api.shop.hints import means_another
from api.shop.numbers import order_number
from api.shop.orders import ChangeKind

#: what stands in the proof's slot once it was checked; it opens nothing by itself
CHECKED = "checked"
MOST_TRIES = 3
HAND_OVER = "hand_over"
TELLING_TASKS = frozenset({"track_order", "order_details", "refund_status"})
PROBLEM_TASK = "report_problem"
ADDRESS_TASK = "change_address"
#: asked for that task alone, in the shopper's own words
PROBLEM_SLOTS = ("problem", "problem_item", "remedy")
CHANGE_TASKS: Mapping[str, ChangeKind] = {
    "cancel_order": ChangeKind.CANCEL,
    ADDRESS_TASK: ChangeKind.ADDRESS,
    "return_item": ChangeKind.RETURN,
    "exchange_item": ChangeKind.EXCHANGE,
    "invoice": ChangeKind.INVOICE,
    "price_adjustment": ChangeKind.PRICE,
    PROBLEM_TASK: ChangeKind.PROBLEM,
    "lost_parcel": ChangeKind.LOST,
}
DEFAULT_TASK = "track_order"
_HAPPENED = re.compile(
    r"少|漏|缺|碎|坏|壞|破|裂|瑕|污|发错|發錯|寄错|寄錯|不是我(?:买|買|订|訂)|空(?:盒|箱)|"
    r"missing|broke|crack|damag|shatter|wrong|defect|faulty|empty|scratch|stain|leak",
    re.IGNORECASE,
)


def tells_what_happened(text: str) -> bool:
    """Whether the words say what is wrong, not only that something is."""
    return bool(_HAPPENED.search(text))


@dataclass(frozen=True, kw_only=True)
class Form:
    """The slots as they came, and which of them this message filled."""

    task: str
    requested: str | None
    number_given: Any
    proof_given: Any
    confirmed_given: Any
    tries: int
    new: frozenset[str]
    problem: str | None = None
    problem_item: str | None = None
    remedy: str | None = None
    #: where it should go instead, in the shopper's words
    new_address: str | None = None
    #: a parcel's number that stands where an order's was asked for
    tracking: str | None = None
    #: another order is meant than the one just spoken of, and it was not named
    is_another: bool = False
    #: an answer about the faulty item or the address was taken for another wish
    renamed: bool = False

    @property
    def number(self) -> str | None:
        return order_number(self.number_given)

    @property
    def contact(self) -> Any:
        """What was given as proof and not checked yet."""
        return None if self.proof_given == CHECKED else self.proof_given

    @property
    def confirmed(self) -> bool | None:
        """Yes or no to the question that was just asked; an older one does not count."""
        asked = self.requested == "confirmed" and "confirmed" in self.new
        is_answer = isinstance(self.confirmed_given, bool)
        # A number that comes along with the yes means another order.
        return self.confirmed_given if asked and is_answer and not self.moved else None

    @property
    def moved(self) -> bool:
        return "order_number" in self.new

    @property
    def change(self) -> ChangeKind | None:
        return CHANGE_TASKS.get(self.task)


def read(call: ActionCall) -> Form:
    """The form's slots out of the tracker."""
    task = call.slot("requested_task")
    requested = call.slot("requested_slot")
    new = _candidates(call.tracker)
    renamed = requested in PROBLEM_SLOTS and new.get(str(requested)) is not None
    if renamed:
        task = PROBLEM_TASK
    if requested == "new_address" and new.get(requested) is not None:
        task, renamed = ADDRESS_TASK, True
    known = task in TELLING_TASKS or task in CHANGE_TASKS
    is_another = means_another(call.latest_text) and not call.entity("order_number")
    address = call.entity("address") if task == ADDRESS_TASK else None
    return Form(
        task=str(task) if known else DEFAULT_TASK,
        requested=requested,
        number_given=None if is_another else call.slot("order_number"),
        proof_given=call.slot("order_proof"),
        confirmed_given=call.slot("confirmed"),
        tries=_count(call.slot("tries")),
        new=frozenset(name for name, value in new.items() if value is not None),
        problem=_text(call.slot("problem")) or _told(call, task),
        problem_item=_text(call.slot("problem_item")),
        remedy=_text(call.slot("remedy")),
        new_address=_text(address) or _text(call.slot("new_address")),
        tracking=_tracking(call),
        is_another=is_another,
        renamed=renamed,
    )


def _text(value: object) -> str | None:
    return value.strip()[:300] or None if isinstance(value, str) else None


def _tracking(call: ActionCall) -> str | None:
    """The parcel's number of this message, if it names no order."""
    found = call.entity("tracking_number")
    return str(found) if found and not call.entity("order_number") else None


def _told(call: ActionCall, task: object) -> str | None:
    """What the message that began it says already of what happened."""
    newest = call.tracker.get("latest_message") or {}
    text = _text(newest.get("text"))
    is_this = (newest.get("intent") or {}).get("name") == PROBLEM_TASK
    if task != PROBLEM_TASK or not is_this or text is None:
        return None
    return text if tells_what_happened(text) else None


def _count(value: object) -> int:
    """Tries so far; whatever else stands there counts as none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0
    return max(0, min(int(value), MOST_TRIES))


def _candidates(tracker: Mapping[str, Any]) -> dict[str, Any]:
    """The slots that Rasa appended for checking, behind the form's own action."""
    found: dict[str, Any] = {}
    for event in reversed(tracker.get("events") or []):
        if event.get("event") == "action":
            break
        if event.get("event") == "slot":
            found.setdefault(str(event.get("name")), event.get("value"))
    return found


@dataclass(kw_only=True)
class Reply:
    """The slots to set and what to say; grows while the form is checked."""

    slots: dict[str, Any] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def ask(self, slot: str) -> None:
        self.slots["requested_slot"] = slot

    def finish(self) -> None:
        """Everything is there: the form ends and its task is done."""
        self.slots["requested_slot"] = None

    def end(self) -> None:
        """The form ends without its task; why was said."""
        self.slots |= {
            "requested_slot": None,
            "requested_task": None,
            "order_proof": None,
            "problem": None,
            "problem_item": None,
            "remedy": None,
            "new_address": None,
            "confirmed": None,
            "tries": None,
        }

    def hand_over(self) -> None:
        """The form is given up; a person takes it."""
        self.end()
        self.slots["requested_task"] = HAND_OVER
        self.messages.clear()
