"""An order question is answered from the order system, and only after proof."""

from __future__ import annotations

import pytest

from tests.demo_order import shipped_order
from tests.journeys.people import Sam

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module")
def shipped():
    return shipped_order()


@pytest.mark.parametrize(
    ("ask", "carrier_word"),
    [
        ("我的快递到哪了", "单号"),
        ("我的包裹寄到哪裡了", "單號"),
        ("where is my order", "tracking"),
    ],
)
def test_the_status_comes_after_number_and_phone(desk, shipped, ask, carrier_word):
    sam = Sam(desk.base).arrive()
    first = sam.say(ask)
    assert shipped.shipments[0].tracking_number not in first
    second = sam.say(shipped.number)
    assert shipped.shipments[0].tracking_number not in second
    told = sam.say(shipped.customer.phone)
    assert shipped.shipments[0].tracking_number in told, told


def test_a_wrong_proof_and_an_unknown_order_are_told_alike(desk, shipped):
    wrong = Sam(desk.base).arrive()
    wrong.say("where is my order")
    wrong.say(shipped.number)
    unknown = Sam(desk.base).arrive()
    unknown.say("where is my order")
    unknown.say("WL2019010199999")
    told = wrong.say("+86 139 0000 0000")
    # The number is read back, so it is the one word that may differ.
    same = unknown.say("+86 139 0000 0000").replace("WL2019010199999", shipped.number)
    assert told == same
    assert shipped.shipments[0].tracking_number not in told
