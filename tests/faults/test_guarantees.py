"""GUARANTEES A.2, small: each promise on real processes, and each check without its guard."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Key
from tests.faults.guarantees import GUARANTEES, Guarantee, shows
from tests.faults.outcome import Outcome

pytestmark = pytest.mark.faults

Outcomes = dict[Key, Outcome | BaseException]


def outcome_of(outcomes: Outcomes, key: Key) -> Outcome:
    outcome = outcomes[key]
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


@pytest.mark.parametrize("is_control", [False], ids=["kept"])
@pytest.mark.parametrize("guarantee", GUARANTEES, ids=lambda each: each.name)
def test_the_promise_is_kept(
    *, guarantee: Guarantee, is_control: bool, outcomes: Outcomes
):
    outcome = outcome_of(outcomes, (guarantee.name, is_control))
    assert outcome.violations == [], outcome.told()


@pytest.mark.parametrize("is_control", [True], ids=["control"])
@pytest.mark.parametrize("guarantee", GUARANTEES, ids=lambda each: each.name)
def test_the_check_notices_the_missing_guard(
    *, guarantee: Guarantee, is_control: bool, outcomes: Outcomes
):
    outcome = outcome_of(outcomes, (guarantee.name, is_control))
    assert shows(guarantee, outcome), (outcome.told(), outcome.violations)
