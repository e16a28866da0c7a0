"""In Chromium, in Chinese and English: every routine matter from the first words to reference and day.

Each shopper first asks for an order that does not allow it, and is told why and what to
do instead; then for one that does.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from api.shop.orders import Order, OrderState
from tests.browser.flows import (
    ADDRESS,
    CHANGES,
    DAY,
    LANGUAGES,
    PROBLEM,
    Change,
    order_for,
    order_in,
)
from tests.browser.people import PATIENCE, Agent, Shopper
from tests.pictures import photo

pytestmark = pytest.mark.browser

YES = {"zh-Hans": "是的", "en": "yes"}
NUMBER = {"zh-Hans": "订单号", "en": "order number"}
PROOF = {"zh-Hans": "下单时留的手机号或邮箱", "en": "which phone number or e-mail"}
#: a name out of the code, such as refused_cancel
A_KEY = re.compile(r"\b[a-z]+_[a-z_]+\b|\{\w*\}")
A_WORD = re.compile(r"[A-Za-z]{3,}")
#: what is written alike in Chinese
NAMES = re.compile(r"\S*@\S+|\b[A-Z]{2,3}\d+\w*|\bWL\b|PayPal|EMS|UPS")
HOME = {
    "zh-Hans": "上海市浦东新区世纪大道100号 李明 13912345678",
    "en": "12 Baker Street, London NW1 6XE",
}
BROKEN = {"zh-Hans": "屏幕有一道裂缝", "en": "there is a crack in it"}


def said_by_bot(sam: Shopper) -> list[str]:
    return sam.log.locator("[data-actor='bot']").all_inner_texts()


def answered(sam: Shopper, text: str, *patterns: str | re.Pattern[str]) -> str:
    """Say it, wait for what must come in answer to it, and return all that came."""
    before = len(said_by_bot(sam))
    sam.say(text)
    newest = sam.log.locator(f"[data-actor='bot'] >> nth={before}")
    expect(newest).to_be_visible(timeout=PATIENCE)
    for pattern in patterns:
        found = sam.log.locator("[data-actor='bot']").filter(has_text=pattern)
        expect(found.last).to_be_visible(timeout=PATIENCE)
    return "\n".join(said_by_bot(sam)[before:])


def prove(sam: Shopper, opening: str, order: Order, language: str) -> None:
    answered(sam, opening, NUMBER[language])
    answered(sam, order.number, PROOF[language])


def read_well(sam: Shopper, language: str) -> None:
    """No name out of the code is shown, and to Chinese readers nothing in English."""
    text = "\n".join(said_by_bot(sam))
    assert not A_KEY.search(NAMES.sub("", text)), text
    if language != "en":
        assert not A_WORD.search(NAMES.sub("", text)), text
    assert sam.errors == []


def refuse_then_prove(sam: Shopper, change: Change, language: str) -> tuple[Order, str]:
    """Ask for what is not allowed, then for what is; return the order and the answer."""
    at = LANGUAGES.index(language)
    wrong = order_for(change.kind, change.refused_by)
    prove(sam, change.opening[at], wrong, language)
    answered(sam, wrong.customer.phone or "", change.refused[at])
    order = order_for(change.kind, change.explained_by)
    answered(sam, f"{change.opening[at]} {order.number}", PROOF[language])
    return order, answered(sam, order.customer.phone or "")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("change", CHANGES, ids=lambda each: each.kind.value)
def test_a_change_is_read_back_confirmed_and_gets_a_reference_and_a_day(
    browser, desk, change: Change, language: str
):
    at = LANGUAGES.index(language)
    sam = Shopper(browser, desk.base, language)
    order, _ = refuse_then_prove(sam, change, language)
    sam.hears(change.read_back[at])
    told = answered(sam, YES[language], change.done[at], re.compile(change.reference))
    assert order.number in told
    assert DAY[language].search(told), told
    read_well(sam, language)
    sam.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_address_becomes_a_prepared_request(browser, desk, language: str):
    at = LANGUAGES.index(language)
    sam = Shopper(browser, desk.base, language)
    order, _ = refuse_then_prove(sam, ADDRESS, language)
    told = answered(sam, HOME[language], ADDRESS.read_back[at])
    assert HOME[language] in told
    sam.say(YES[language])
    sam.hears(ADDRESS.done[at])
    read_well(sam, language)
    prepared(browser, desk, order, HOME[language])
    sam.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_damaged_item_with_its_photo_becomes_a_prepared_request(
    browser, desk, language: str
):
    at = LANGUAGES.index(language)
    sam = Shopper(browser, desk.base, language)
    order, _ = refuse_then_prove(sam, PROBLEM, language)
    if len(order.items) > 1:
        answered(sam, "1")
    with sam.page.expect_file_chooser() as chooser:
        sam.frame.locator("[data-photo-button]").click()
    chooser.value.set_files(
        {"name": "broken.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    expect(sam.frame.locator("[data-photo-tray] img")).to_be_visible(timeout=PATIENCE)
    answered(sam, BROKEN[language])
    expect(sam.log.locator("[data-actor='shopper'] img").first).to_be_visible()
    told = answered(
        sam, {"zh-Hans": "退款吧", "en": "a refund please"}[language], PROBLEM.read_back[at]
    )  # fmt: skip
    assert BROKEN[language] in told
    sam.say(YES[language])
    sam.hears(PROBLEM.done[at])
    read_well(sam, language)
    prepared(browser, desk, order, BROKEN[language])
    sam.context.close()


def prepared(browser, desk, order: Order, words: str) -> None:
    """An agent finds everything that was said yes to, and need not ask again."""
    alice = Agent(browser, desk.base, "agent", desk.passwords()["agent"])
    alice.take_next()
    card = alice.page.locator("#card")
    expect(card).to_contain_text(words, timeout=PATIENCE)
    expect(card).to_contain_text(order.number)
    assert alice.errors == []
    alice.resolve()
    alice.context.close()


LOOK_UPS = {
    "track": (
        ("我的快递到哪了", "where is my parcel"),
        OrderState.SHIPPED,
        ("预计最晚", "Expected by"),
    ),
    "details": (
        ("我订单里买了什么", "show me my order details"),
        OrderState.DELIVERED,
        ("合计", "Total"),
    ),
    "refund": (
        ("我的退款到账了吗", "where is my refund"),
        OrderState.REFUNDED,
        ("查看付款账户的明细", "that account's statement"),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("matter", LOOK_UPS)
def test_what_is_known_of_an_order_is_told_after_proof(
    browser, desk, matter: str, language: str
):
    opening, state, words = LOOK_UPS[matter]
    at = LANGUAGES.index(language)
    order = order_in(state)
    sam = Shopper(browser, desk.base, language)
    prove(sam, opening[at], order, language)
    told = answered(sam, order.customer.phone or "", words[at])
    assert order.number in told
    if matter == "track":
        assert order.shipments[0].tracking_number in told
        assert DAY[language].search(told)
    read_well(sam, language)
    sam.context.close()
