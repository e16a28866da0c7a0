from __future__ import annotations

import json
from uuid import UUID

import pytest

from handoff import events
from handoff.errors import HandoffError
from tests.people import ALICE, NOON


def subclasses(root):
    for each in root.__subclasses__():
        yield each
        yield from subclasses(each)


NOUNS = {
    "camera",
    "conversation",
    "follow_up",
    "promise",
    "rating",
    "sla",
    "turn",
}


@pytest.mark.parametrize("event", list(subclasses(events.Event)))
def test_every_event_has_a_kind_of_its_own_named_noun_dot_verb(event):
    kinds = [each.kind for each in subclasses(events.Event)]

    assert kinds.count(event.kind) == 1
    noun, verb = event.kind.split(".")
    assert noun in NOUNS
    assert verb.isidentifier()


def test_the_data_of_an_event_is_plain_json_without_subject_and_time():
    event = events.ConversationQueued(
        conversation_id=UUID(int=1),
        at=NOON,
        reasons=("angry",),
        position=2,
        rank_at=NOON,
    )

    assert json.loads(json.dumps(event.data())) == {
        "reasons": ["angry"],
        "position": 2,
        "rank_at": "2026-03-03T12:00:00+00:00",
    }
    released = events.ConversationReleased(
        conversation_id=UUID(int=1),
        at=NOON,
        agent_id=ALICE,
        how="released",
        rank_at=NOON,
    )
    assert released.data()["agent_id"] == str(ALICE)


@pytest.mark.parametrize("error", list(subclasses(HandoffError)))
def test_every_error_says_its_fact_and_has_a_code_of_its_own(error):
    codes = [each.code for each in subclasses(HandoffError)]

    assert str(error()).endswith(".")
    assert codes.count(error.code) == 1
