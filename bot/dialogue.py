"""Decides what of a dialogue travels: the last six turns, the slots, the open form.

Rasa keeps nothing: the service stores what `remembered` returns and sends it along with
the next turn. A form that ended takes its own slots with it; the order number stays, so
that "and cancel it" is understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_SESSION_START_NAME,
)
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 6
#: Forgotten when no form is open.
FORM_SLOTS = (
    "requested_task",
    "order_proof",
    "problem",
    "problem_item",
    "remedy",
    "new_address",
    "confirmed",
    "tries",
    "requested_slot",
)
_PARSED = ("text", "intent", "entities")


def recalled(
    conversation_id: str, dialogue: list[dict[str, Any]], slots: Iterable[Slot]
) -> DialogueStateTracker:
    """Return the tracker as it stood after the turn before.

    A new one is begun here, because Rasa would keep the first message's metadata, its
    vector included, in a slot for good.
    """
    if dialogue:
        return DialogueStateTracker.from_dict(conversation_id, dialogue, list(slots))
    begun: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    return DialogueStateTracker.from_events(conversation_id, begun, list(slots))


def last_parsed(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return what was understood of the newest message.

    Not from `tracker.latest_message`: when a form goes on, Rasa replays the events
    without the messages that answered it, and an older one would be found there.
    """
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return dict(event.parse_data)
    return {}


def _first_kept(events: Sequence[Event]) -> int:
    """Return where the sixth user message from the end begins, its listening included."""
    turns = 0
    for position in range(len(events) - 1, -1, -1):
        if isinstance(events[position], UserUttered):
            turns += 1
            if turns == TURNS:
                before = position - 1
                listening = before >= 0 and isinstance(events[before], ActionExecuted)
                return before if listening else position
    return 0


def _summed_up(events: Sequence[Event]) -> list[Event]:
    """Return the slots and the open form that earlier events amount to."""
    slots: dict[str, Event] = {}
    form: list[Event] = []
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event
        elif isinstance(event, ActiveLoop):
            form = [event] if event.name else []
    return [*form, *slots.values()]


def _as_row(event: Event) -> dict[str, Any]:
    row: dict[str, Any] = event.as_dict()
    row.pop("metadata", None)
    if isinstance(event, UserUttered):
        parsed = row.get("parse_data") or {}
        row["parse_data"] = {key: parsed[key] for key in _PARSED if key in parsed}
    return row


def remembered(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """Return the events that the next turn needs; what the bot said is not among them."""
    events = [e for e in tracker.events if not isinstance(e, BotUttered)]
    cut = _first_kept(events)
    kept = [*_summed_up(events[:cut]), *events[cut:]]
    if tracker.active_loop_name is None:
        kept += [
            SlotSet(name, None)
            for name in FORM_SLOTS
            if tracker.get_slot(name) is not None
        ]
    return [_as_row(event) for event in kept]
