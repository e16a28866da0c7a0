"""Every order can be told, for every wish, in every language, without a missing word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from api.bot.payloads import BotMessage
from api.settings import LANGUAGES
from api.shop import demo_orders, telling
from api.shop.allowed import Verdict, rule
from api.shop.changes import told
from api.shop.orders import ChangeKind, ChangeReceipt, Money, OrderState
from api.shop.phrases import Phrase, Wording

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ORDERS = [demo_orders.build(index, now=NOW, zone=ZONE) for index in range(1, 301)]
BARE = [
    replace(
        order,
        route=None,
        shipments=(),
        promised_by=None,
        delivered_at=None,
        returned=None,
        refund=None,
        changes=None,
    )
    for order in ORDERS[:11]
]


def wording(words, language):
    return Wording(words=words, language=language, zone=ZONE, now=NOW)


def text_of(words, language, phrase):
    message = wording(words, language).say(phrase)
    BotMessage.model_validate(message)
    for button in message.get("buttons", []):
        assert words.has(button["label"])
    return words.render(message["say"], language, message["args"]).text


def all_phrases(order):
    yield telling.track(order, now=NOW, zone=ZONE)
    yield telling.details(order)
    yield telling.refund(order, now=NOW, zone=ZONE)
    yield telling.refund(order, now=NOW + timedelta(days=60), zone=ZONE)
    for kind in ChangeKind:
        yield rule(order, kind, now=NOW, zone=ZONE).phrase
        yield rule(order, kind, now=NOW + timedelta(days=200), zone=ZONE).phrase


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_can_be_told_has_words(words, language):
    for order in [*ORDERS, *BARE]:
        for phrase in all_phrases(order):
            text = text_of(words, language, phrase)
            assert "{" not in text
            assert order.number in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(ChangeKind))
@pytest.mark.parametrize("link", [None, "https://shop.example/next"])
@pytest.mark.parametrize("day", [None, date(2026, 11, 25)])
def test_every_receipt_has_words(words, language, kind, link, day):
    receipt = ChangeReceipt(
        reference="RT000001", kind=kind, order_number="WL1", next_by=day, link=link
    )
    paid = replace(receipt, refund=Money(amount=Decimal(10), currency="CNY"))

    assert "RT000001" in text_of(words, language, told(receipt))
    assert "RT000001" in text_of(words, language, told(paid))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_personal_data_stands_in_what_is_told(words, language):
    for order in ORDERS:
        for phrase in all_phrases(order):
            text = text_of(words, language, phrase)
            assert order.customer.email not in text
            assert order.customer.phone not in text
            assert order.customer.phone[-8:] not in text
            assert order.address not in text
            assert order.customer.name not in text


def test_days_and_money_are_written_as_the_reader_writes_them(words):
    say = {language: wording(words, language).value for language in LANGUAGES}
    day, price = date(2026, 11, 23), Money(amount=Decimal("1290.5"), currency="CNY")

    assert say["zh-Hans"](day) == "11月23日周一"
    assert say["zh-Hant"](day) == "11月23日 週一"
    assert say["en"](day) == "Mon, Nov 23"
    assert say["zh-Hans"](price) == "¥1,290.50"
    assert say["en"](price) == "CN¥1,290.50"


def test_instants_are_told_in_the_shops_zone_and_other_years_named(words):
    value = wording(words, "en").value

    assert value(datetime(2026, 11, 21, 17, 5, tzinfo=UTC)) == "Nov 22 01:05"
    assert value(datetime(2025, 11, 21, 17, 5, tzinfo=UTC)) == "Nov 22, 2025"


def test_a_shop_with_one_language_is_told_in_it(words):
    assert wording(words, "en").value({"zh-Hans": "羽绒服"}) == "羽绒服"


def test_a_missing_word_would_be_noticed(words):
    """The negative control: a key that nobody worded."""
    with pytest.raises(KeyError):
        text_of(words, "en", Phrase(key="order_track_stolen"))


class TestRule:
    def ruling(self, state, kind, **changes):
        order = next(order for order in ORDERS if order.state is state)
        return rule(replace(order, **changes), kind, now=NOW, zone=ZONE)

    @pytest.mark.parametrize(
        ("state", "verdict"),
        [
            (OrderState.UNPAID, Verdict.YES),
            (OrderState.PAID, Verdict.YES),
            (OrderState.PACKED, Verdict.YES),
            (OrderState.SHIPPED, Verdict.NO),
            (OrderState.LATE, Verdict.NO),
            (OrderState.LOST, Verdict.PERSON),
            (OrderState.PARTLY_SHIPPED, Verdict.NO),
            (OrderState.DELIVERED, Verdict.NO),
            (OrderState.CANCELLED, Verdict.NO),
            (OrderState.RETURN_OPEN, Verdict.NO),
            (OrderState.REFUNDED, Verdict.NO),
        ],
    )
    def test_cancelling_is_for_orders_that_have_not_left(self, state, verdict):
        assert self.ruling(state, ChangeKind.CANCEL).verdict is verdict

    @pytest.mark.parametrize(
        "state", [OrderState.UNPAID, OrderState.PAID, OrderState.PACKED]
    )
    def test_an_address_is_changed_by_a_person_where_the_shop_cannot(self, state):
        assert self.ruling(state, ChangeKind.ADDRESS).verdict is Verdict.PERSON
        able = self.ruling(state, ChangeKind.ADDRESS, changes=None)
        assert able.verdict is Verdict.YES

    @pytest.mark.parametrize(
        ("region", "days", "verdict"),
        [
            ("CN", 7, Verdict.YES),
            ("CN", 8, Verdict.NO),
            ("US", 30, Verdict.YES),
            ("US", 31, Verdict.NO),
        ],
    )
    def test_returns_end_with_their_last_day_in_the_shops_zone(
        self, region, days, verdict
    ):
        # 01:00 in Shanghai, still the day before in UTC
        delivered = datetime(2026, 11, 21, 17, 0, tzinfo=UTC) - timedelta(days=days)
        item = replace(ORDERS[0].items[0], returnable=True)
        ruling = self.ruling(
            OrderState.DELIVERED,
            ChangeKind.RETURN,
            region=region,
            delivered_at=delivered,
            items=(item,),
        )
        assert ruling.verdict is verdict

    def test_the_shops_own_date_wins(self):
        item = replace(ORDERS[0].items[0], returnable=True)
        ruling = self.ruling(
            OrderState.DELIVERED,
            ChangeKind.RETURN,
            delivered_at=NOW - timedelta(days=100),
            return_until=date(2026, 12, 1),
            items=(item,),
        )
        assert ruling.verdict is Verdict.YES

    def test_what_may_not_be_sent_back_is_named_by_reason(self):
        item = replace(ORDERS[0].items[0], returnable=False)
        ruling = self.ruling(OrderState.DELIVERED, ChangeKind.RETURN, items=(item,))
        assert ruling.phrase.key == "refused_not_returnable"
        assert ruling.phrase.buttons
