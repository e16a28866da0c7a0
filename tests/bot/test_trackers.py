"""The tracker of a turn is kept as it is; events are told apart as Rasa does."""

from __future__ import annotations

import pytest
from rasa.core.tracker_store import TrackerStore, create_tracker_store
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import read_endpoint_config

from bot.remote_actions import mend
from bot.trackers import TurnTrackers
from tests.bot.running import environment

pytestmark = pytest.mark.rasa


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> TrackerStore:
    for name, value in environment(actions_port=1).items():
        monkeypatch.setenv(name, value)
    named = read_endpoint_config("bot/endpoints.yml", endpoint_type="tracker_store")
    return create_tracker_store(named, Domain.empty())


def test_endpoints_name_it(store: TrackerStore):
    assert isinstance(store, TurnTrackers)


async def test_a_tracker_comes_back_as_it_is_and_nobody_else_gets_it(
    store: TrackerStore,
):
    tracker = DialogueStateTracker("c-1", [])
    await store.save(tracker)
    assert await store.retrieve("c-1") is tracker
    assert await store.retrieve("c-2") is None
    assert list(await store.keys()) == ["c-1"]


def test_events_are_found_by_their_names_without_looking_through_all_classes():
    mend()
    assert Event.resolve_by_type("slot") is SlotSet
    assert Event.resolve_by_type("user") is UserUttered
    assert Event.resolve_by_type("slot", UserUttered) is SlotSet
    with pytest.raises(ValueError, match="Unknown event name"):
        Event.resolve_by_type("no such event")
    before = Event.resolve_by_type.cache_info().hits
    Event.resolve_by_type("slot")
    assert Event.resolve_by_type.cache_info().hits == before + 1
