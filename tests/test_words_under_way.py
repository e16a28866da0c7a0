"""What the delivery bench counts: its figures would be worth nothing if it could not see a loss."""

from __future__ import annotations

from tests.bench.words_under_way import Arrivals


def test_a_word_that_nobody_else_heard_is_lost():
    arrivals = Arrivals()
    arrivals.sent("shopper 1")
    arrivals.arrived("shopper 1", at="shopper")
    assert (arrivals.lost, arrivals.twice) == (1, 0)


def test_a_word_that_came_twice_is_counted():
    arrivals = Arrivals()
    arrivals.sent("agent 2")
    arrivals.arrived("agent 2", at="shopper")
    arrivals.arrived("agent 2", at="shopper")
    assert (arrivals.lost, arrivals.twice) == (0, 1)
    assert len(arrivals.milliseconds) == 1
