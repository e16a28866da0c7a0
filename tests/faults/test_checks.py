"""The checker itself: each kind of violation is found in a history that has it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.faults import checks
from tests.faults.history import Operation, Result
from tests.faults.ledger import Ledger
from tests.faults.stub_bot import Asked


def said(
    seq: int, text: str, actor: str = "shopper", turn_id: str | None = None
) -> Any:
    return SimpleNamespace(seq=seq, text=text, actor=actor, turn_id=turn_id)


def tried(key: str, result: Result, seq: int | None = None) -> Operation:
    return Operation(what="send", conversation="c", key=key, result=result, seq=seq)


def ledger(
    *messages: Any, status: str = "bot", turns: Any = (), handoffs: Any = ()
) -> Ledger:
    conversation = SimpleNamespace(
        status=status, last_seq=messages[-1].seq if messages else 0
    )
    return Ledger(
        conversations={"c": cast(Any, conversation)},
        messages={"c": list(messages)},
        turns={"c": list(turns)},
        handoffs={"c": list(handoffs)},
        assignments=[],
        audit=[],
        is_whole=True,
    )


@pytest.mark.parametrize(
    ("operations", "rows", "word"),
    [
        ([tried("a", "ok", 1)], [], "lost"),
        ([tried("a", "ok", 1)], [said(1, "a"), said(2, "a")], "duplicated"),
        ([], [said(1, "a")], "unexpected"),
        ([tried("a", "ok", 2)], [said(1, "a")], "another number"),
    ],
)
def test_each_broken_promise_about_a_message_is_named(operations, rows, word):
    assert word in " ".join(checks.kept_exactly_once(operations, ledger(*rows)))


def test_an_unknown_outcome_may_be_there_or_not_but_once():
    maybe = [tried("a", "unknown"), tried("b", "unknown")]
    assert checks.kept_exactly_once(maybe, ledger(said(1, "a"))) == []
    twice = ledger(said(1, "a"), said(2, "a"))
    assert checks.kept_exactly_once(maybe, twice) != []


def test_a_hole_in_the_numbers_is_found():
    assert checks.numbered_without_holes(ledger(said(1, "a"), said(3, "b"))) != []
    assert checks.numbered_without_holes(ledger(said(1, "a"), said(2, "b"))) == []


def test_what_an_observer_missed_or_saw_twice_is_found():
    kept = [said(1, "a"), said(2, "b")]
    seen = {
        "good": [(1, "a"), (2, "b")],
        "deaf": [(2, "b")],
        "stutterer": [(1, "a"), (1, "a"), (2, "b")],
        "dyslexic": [(2, "b"), (1, "a")],
    }
    found = " ".join(checks.seen_as_kept(seen, kept))
    assert "deaf misses 1" in found
    assert "stutterer was shown 1 twice" in found
    assert "dyslexic saw them out of order" in found
    assert "good" not in found


def test_silence_and_a_double_answer_are_found():
    turn = SimpleNamespace(id="t", first_seq=1, last_seq=1, state="answered")
    other = SimpleNamespace(id="u", first_seq=1, last_seq=1, state="answered")
    replies = [said(2, "x", "bot", "t"), said(3, "y", "bot", "u")]
    assert checks.answered_or_handed_over(ledger(said(1, "a"))) == ["silent: a"]
    twice = ledger(said(1, "a"), *replies, turns=[turn, other])
    assert checks.answered_or_handed_over(twice) == ["answered 2 times: a"]
    once = ledger(said(1, "a"), replies[0], turns=[turn])
    assert checks.answered_or_handed_over(once) == []


def test_waiting_without_a_word_is_found():
    waits = ledger(said(1, "a"), status="queued")
    assert checks.answered_or_handed_over(waits) == ["c waits and was told nothing"]


def test_asking_the_bot_twice_is_found():
    one = Asked(turn_id="t", conversation_id="c", text="a", started=0.0, ended=2.0)
    two = Asked(turn_id="u", conversation_id="c", text="a", started=1.0, ended=3.0)
    assert checks.asked_once([one]) == []
    assert checks.asked_once([one, two]) == ["the bot heard 2 times: a"]
    assert checks.no_overlap([one, two]) == ["two turns at once in c"]


def test_a_word_of_the_bot_after_a_takeover_is_found():
    rows = ledger(said(1, "a"), said(3, "late", "bot"))
    assert checks.silent_after(rows, {"c": 2}) != []
    assert checks.silent_after(rows, {"c": 3}) == []


def test_one_conversation_with_two_owners_is_found():
    assert checks.one_owner_each(ledger(), {"x": ["c"], "y": ["c"]}) != []
    assert checks.one_owner_each(ledger(), {"x": ["c"], "y": ["d"]}) == []
