"""Who receives a new conversation first."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from handoff.decisions import Decision, Kind, Reason
from handoff.reception import Rule, place_of, wish, with_person

ZONE = ZoneInfo("Asia/Shanghai")
ONE = UUID("01930000-0000-7000-8000-000000000001")
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in Shanghai


def wanted(*rules, conversation=ONE, channel="web", now=NOON):
    return wish(rules, conversation, channel=channel, now=now, zone=ZONE)


class TestWish:
    def test_without_rules_the_bot_is_first(self):
        assert not wanted().is_human

    def test_the_first_rule_that_holds_decides(self):
        never, always = Rule(human=0), Rule(human=1)
        assert not wanted(never, always).is_human
        assert wanted(always, never).rule == 1
        assert wanted(Rule(channel="app", human=0), always).rule == 2

    @pytest.mark.parametrize(
        ("now", "holds"),
        [
            (datetime(2026, 11, 23, 1, 0, tzinfo=UTC), True),  # 09:00
            (datetime(2026, 11, 23, 0, 59, 59, tzinfo=UTC), False),
            (datetime(2026, 11, 23, 10, 0, tzinfo=UTC), False),  # 18:00
            (datetime(2026, 11, 22, 4, 0, tzinfo=UTC), False),  # a Sunday
            # Sunday evening in UTC is Monday morning in the shop.
            (datetime(2026, 11, 22, 17, 30, tzinfo=UTC), False),
        ],
    )
    def test_days_and_hours_are_those_of_the_shop(self, now, holds):
        office = Rule(days=frozenset({0}), spans=((9 * 60, 18 * 60),), human=1)
        assert wanted(office, now=now).is_human is holds

    def test_the_day_begins_at_the_shops_midnight(self):
        monday = Rule(days=frozenset({0}), human=1)
        assert wanted(monday, now=datetime(2026, 11, 22, 16, 0, tzinfo=UTC)).is_human
        assert not wanted(monday, now=datetime(2026, 11, 23, 16, tzinfo=UTC)).is_human

    def test_a_share_is_kept_over_many_and_never_changes_for_one(self):
        third = Rule(human=0.3)
        ids = [uuid4() for _ in range(4000)]
        chosen = {one for one in ids if wanted(third, conversation=one).is_human}
        assert 0.26 < len(chosen) / len(ids) < 0.34
        assert chosen == {
            one for one in ids if wanted(third, conversation=one).is_human
        }

    def test_whoever_is_in_a_small_share_is_in_a_larger_one(self):
        for one in (uuid4() for _ in range(200)):
            small = wanted(Rule(human=0.2), conversation=one).is_human
            assert not small or wanted(Rule(human=0.6), conversation=one).is_human

    def test_all_and_none_have_no_exceptions(self):
        places = [place_of(uuid4()) for _ in range(2000)]
        assert all(0 <= place < 1 for place in places)


class TestWithPerson:
    def test_graver_reasons_of_the_turn_come_first(self):
        angry = Decision(kind=Kind.HANDOFF, reasons=(Reason(code="angry"),))
        assert with_person(angry, wanted(Rule(human=1)).reason()).codes == (
            "angry",
            "human_first",
        )

    def test_an_offer_is_overtaken(self):
        offer = Decision(kind=Kind.OFFER, reasons=(Reason(code="mild_emotion"),))
        decision = with_person(offer, wanted(Rule(human=1)).reason())
        assert (decision.kind, decision.codes) == (Kind.HANDOFF, ("human_first",))
        assert decision.reasons[0].evidence == {"rule": 1, "share": 1}
