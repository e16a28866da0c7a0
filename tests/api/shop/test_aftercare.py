"""When a price is adjusted, a faulty delivery reported and a lost parcel searched for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from api.settings import AfterSale
from api.shop import demo_orders, problems
from api.shop.allowed import Verdict, rule
from api.shop.form import Form, Reply
from api.shop.orders import Asked, ChangeKind, Money, OrderState

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")


def order_in(state, *, cheaper_by=None, **changes):
    index = demo_orders.STATES.index(state) + 1
    order = demo_orders.build(index, now=NOW, zone=ZONE)
    if cheaper_by is not None:
        items = tuple(
            replace(
                each,
                quantity=1,
                current_price=Money(
                    amount=each.unit_price.amount - Decimal(cheaper_by),
                    currency=each.unit_price.currency,
                ),
            )
            for each in order.items
        )
        order = replace(order, items=items)
    return replace(order, **{"changes": frozenset(ChangeKind), **changes})


def ruled(order, kind, *, now=NOW, days=None):
    return rule(order, kind, now=now, zone=ZONE, days=days)


def form(**slots):
    given = {
        "task": "report_problem",
        "requested": None,
        "number_given": None,
        "proof_given": None,
        "confirmed_given": None,
        "tries": 0,
        "new": frozenset(),
    }
    return Form(**{**given, **slots})


class TestPrice:
    def test_the_difference_of_every_item_is_paid_back(self):
        order = order_in(OrderState.SHIPPED, cheaper_by=5)
        ruling = ruled(order, ChangeKind.PRICE)
        assert ruling.verdict is Verdict.YES
        assert ruling.phrase.args["amount"].amount == 5 * len(order.items)

    @pytest.mark.parametrize(
        ("state", "changes", "key"),
        [
            (OrderState.UNPAID, {"cheaper_by": 5}, "refused_price_unpaid"),
            (OrderState.PAID, {"cheaper_by": 0}, "refused_price_not_lower"),
            (OrderState.CANCELLED, {"cheaper_by": 5}, "refused_cancelled"),
            (
                OrderState.PAID,
                {"cheaper_by": 5, "adjusted": Asked(reference="P1", requested_at=NOW)},
                "refused_price_asked",
            ),
        ],
    )
    def test_otherwise_it_says_why(self, state, changes, key):
        ruling = ruled(order_in(state, **changes), ChangeKind.PRICE)
        assert (ruling.verdict, ruling.phrase.key) == (Verdict.NO, key)

    def test_the_days_are_the_operators(self):
        placed = NOW - timedelta(days=10)
        order = order_in(OrderState.SHIPPED, cheaper_by=5, placed_at=placed)
        assert ruled(order, ChangeKind.PRICE).verdict is Verdict.YES
        short = ruled(order, ChangeKind.PRICE, days=AfterSale(price_days=9))
        assert short.phrase.key == "refused_price_too_late"

    def test_without_todays_prices_a_person_compares(self):
        order = order_in(OrderState.PAID)
        items = tuple(replace(each, current_price=None) for each in order.items)
        ruling = ruled(replace(order, items=items), ChangeKind.PRICE)
        assert ruling.verdict is Verdict.PERSON


class TestLost:
    def test_a_parcel_that_stands_still_is_searched_for(self):
        ruling = ruled(order_in(OrderState.LATE), ChangeKind.LOST)
        assert ruling.phrase.key == "explain_lost_stuck"

    def test_one_on_its_way_is_not_and_the_day_is_told(self):
        order = order_in(
            OrderState.SHIPPED, promised_by=(NOW + timedelta(days=2)).date()
        )
        ruling = ruled(order, ChangeKind.LOST, days=AfterSale(stuck_days=9))
        assert ruling.phrase.key == "refused_lost_not_yet"
        assert ruling.phrase.args["expected"].key == "expected_by"

    def test_one_said_to_be_delivered_is_checked_for_so_many_days(self):
        order = order_in(OrderState.DELIVERED, delivered_at=NOW - timedelta(days=4))
        assert ruled(order, ChangeKind.LOST).phrase.key == "explain_lost_delivered"
        late = ruled(order, ChangeKind.LOST, days=AfterSale(lost_days=3))
        assert late.phrase.key == "refused_lost_too_late"

    def test_nothing_is_searched_for_twice_or_before_it_left(self):
        asked = Asked(reference="L1", requested_at=NOW)
        again = order_in(OrderState.LATE, investigated=asked)
        assert ruled(again, ChangeKind.LOST).phrase.key == "refused_lost_asked"
        paid = ruled(order_in(OrderState.PAID), ChangeKind.LOST)
        assert paid.phrase.key == "refused_lost_not_sent"


class TestProblem:
    def test_it_is_taken_for_so_many_days_after_delivery(self):
        order = order_in(OrderState.DELIVERED, delivered_at=NOW - timedelta(days=4))
        assert ruled(order, ChangeKind.PROBLEM).verdict is Verdict.YES
        late = ruled(order, ChangeKind.PROBLEM, days=AfterSale(problem_days=3))
        assert late.phrase.key == "refused_problem_too_late"

    def test_a_shop_that_cannot_gets_a_person(self):
        order = order_in(
            OrderState.DELIVERED, delivered_at=NOW, changes=demo_orders.CHANGES
        )
        assert ruled(order, ChangeKind.PROBLEM).verdict is Verdict.PERSON

    def test_what_is_missing_is_asked_for_one_by_one(self):
        order = order_in(OrderState.PARTLY_SHIPPED)
        name = order.items[0].name["zh-Hans"]
        asked = []
        for told in (
            {},
            {"problem": "碎了"},
            {"problem": "碎了", "problem_item": name},
            {"problem": f"{name}碎了 帮我换一个"},
        ):
            reply = Reply()
            problems.ask_next(form(**told), order, reply)
            asked.append(reply.slots.get("requested_slot"))
        assert asked == ["problem", "problem_item", "remedy", None]

    @pytest.mark.parametrize(
        ("words", "remedy"),
        [
            ("退款吧", "refund"),
            ("請補發", "replacement"),
            ("send a new one", "replacement"),
            ("my money back please", "refund"),
            ("退款或者换都行", None),
            ("嗯", None),
        ],
    )
    def test_the_choice_is_read_in_each_script(self, words, remedy):
        assert problems.remedy_in(words) == remedy
