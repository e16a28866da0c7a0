from __future__ import annotations

from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import FORM_SLOTS, TURNS, recalled, remembered

SLOTS = [AnySlot(name, [{}]) for name in ("order_number", *FORM_SLOTS)]


def tracker(*, turns: int, closed: bool = False) -> DialogueStateTracker:
    events = [ActiveLoop("order_form"), SlotSet("order_number", "WL1")]
    events += [SlotSet("tries", 2)]
    for turn in range(turns):
        said = UserUttered(f"text {turn}", metadata={"vector": "long"})
        events += [ActionExecuted("action_listen"), said]
        events += [ActionExecuted("utter_x"), BotUttered("x")]
    if closed:
        events += [ActiveLoop(None)]
    return DialogueStateTracker.from_events("c", events, SLOTS)


def test_the_form_and_the_slots_survive_many_turns():
    again = recalled("c", remembered(tracker(turns=40)), SLOTS)
    assert again.active_loop_name == "order_form"
    assert again.get_slot("order_number") == "WL1"
    assert again.get_slot("tries") == 2


def test_only_the_last_turns_travel():
    rows = remembered(tracker(turns=40))
    texts = [row["text"] for row in rows if row["event"] == "user"]
    assert texts == [f"text {turn}" for turn in range(40 - TURNS, 40)]


def test_neither_metadata_nor_the_bots_words_travel():
    rows = remembered(tracker(turns=3))
    assert "long" not in str(rows)
    assert not [row for row in rows if row["event"] == "bot"]


def test_a_form_that_ended_takes_its_slots_with_it():
    again = recalled("c", remembered(tracker(turns=2, closed=True)), SLOTS)
    assert again.active_loop_name is None
    assert again.get_slot("tries") is None
    assert again.get_slot("order_number") == "WL1"


def test_going_round_again_changes_nothing():
    once = remembered(tracker(turns=9))
    assert remembered(recalled("c", once, SLOTS)) == once
