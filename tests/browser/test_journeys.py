"""The whole way in Chromium, in each language, on the real bot: question, order, handoff."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.people import PATIENCE, Agent, Shopper, new_page
from tests.demo_order import shipped_order

pytestmark = pytest.mark.browser

QUESTION = {
    "zh-Hans": ("退货期限是几天", "7"),
    "zh-Hant": ("請問退貨期限是幾天", "7"),
    "en": ("how many days do I have to return something", "7"),
}
TRACK = {
    "zh-Hans": "我的快递到哪了",
    "zh-Hant": "我的包裹寄到哪裡了",
    "en": "where is my order",
}
ANGRY = {
    "zh-Hans": ["你们这什么破店，衣服烂成这样！", "太过分了，骗子公司！！", "气死我了，我要投诉你们！！！"],
    "zh-Hant": ["你們這什麼爛店，衣服破成這樣！", "太誇張了，根本是騙子！！", "氣死我了，我要投訴你們！！！"],
    "en": ["what a garbage shop, it arrived in pieces!", "this is outrageous, you are scammers!!",
           "I am FURIOUS, I will report you!!!"],
}  # fmt: skip
SORTED = {
    "zh-Hans": "我马上为您补发。",
    "zh-Hant": "我馬上為您補寄。",
    "en": "I am sending a new one today.",
}

LANGUAGES = list(QUESTION)


def fine(page) -> None:
    """No finding of axe against WCAG 2.2 A and AA."""
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    # a message that is still fading in is paler than it will be read
    page.wait_for_function(
        "() => document.getAnimations().every((one) => one.playState !== 'running'"
        " || one.effect.getComputedTiming().endTime === Infinity)"
    )
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": rules}})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_answered_with_its_source(browser, desk, language):
    sam = Shopper(browser, desk.base, language)
    text, fact = QUESTION[language]
    sam.say(text)
    sam.hears(fact)
    source = sam.log.locator("a[href*='/help/articles/']").first
    expect(source).to_be_visible(timeout=PATIENCE)
    fine(sam.page)
    assert sam.errors == []
    sam.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_order_is_told_after_proof(browser, desk, language):
    order = shipped_order()
    sam = Shopper(browser, desk.base, language)
    sam.say(TRACK[language])
    bot = sam.log.locator("[data-actor='bot']")
    expect(bot.first).to_be_visible(timeout=PATIENCE)
    sam.say(order.number)
    expect(bot.nth(1)).to_be_visible(timeout=PATIENCE)
    sam.say(order.customer.phone)
    sam.hears(order.shipments[0].tracking_number)
    assert sam.errors == []
    sam.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_angry_shopper_is_served_by_a_person(browser, desk, language):
    sam = Shopper(browser, desk.base, language)
    for line in ANGRY[language]:
        sam.say(line)
        sam.page.wait_for_timeout(400)
    expect(sam.frame.locator("#strip")).not_to_be_empty(timeout=PATIENCE)

    alice = Agent(browser, desk.base, "agent", desk.passwords()["agent"])
    alice.take_next()
    expect(alice.page.locator("#card")).to_contain_text(
        re.compile("angry", re.IGNORECASE), timeout=PATIENCE
    )
    fine(alice.page)
    alice.reply(SORTED[language])
    sam.hears(SORTED[language])
    alice.resolve()
    expect(sam.frame.locator("#end")).to_be_visible(timeout=PATIENCE)
    fine(sam.page)
    assert sam.errors == []
    assert alice.errors == []
    sam.context.close()
    alice.context.close()


def test_an_unsent_message_survives_a_reload_and_the_death_of_the_server(browser, desk):
    sam = Shopper(browser, desk.base, "en")
    sam.say("hello")
    expect(sam.log.locator("[data-actor='bot']").first).to_be_visible(timeout=PATIENCE)
    desk.child("api").kill()
    sam.say("how do I get an invoice?")
    waiting = sam.log.locator("[data-actor='shopper']").last
    expect(waiting).to_contain_text("how do I get an invoice?")
    # The demo shop lives on the same server, so its page can only come back with it.
    desk.wait_until_ready(120)
    sam.page.reload()
    sam.page.locator("[data-open-chat]").first.click()
    sam.hears("how do I get an invoice?")
    said = sam.log.get_by_text("how do I get an invoice?", exact=True)
    expect(said).to_have_count(1, timeout=PATIENCE)
    # It was not only kept: it was answered, after everything else.
    expect(sam.log.locator("[data-actor]").last).to_have_attribute(
        "data-actor", "bot", timeout=PATIENCE
    )
    sam.context.close()


def test_enter_during_composition_sends_nothing(browser, desk):
    """An input method confirms a candidate with Enter; that is no message."""
    sam = Shopper(browser, desk.base, "zh-Hans")
    box = sam.frame.locator("#text")
    box.fill("tuihuo")
    box.evaluate(
        "el => el.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(box).to_have_value("tuihuo")
    box.press("Enter")
    expect(box).to_have_value("", timeout=PATIENCE)
    sam.context.close()


def test_the_pages_of_the_editor_are_accessible(browser, desk):
    min_ = Agent(browser, desk.base, "editor", desk.passwords()["editor"])
    min_.page.goto(f"{desk.base}/editor/try?lang=en&q=how+do+I+get+an+invoice")
    expect(min_.page.locator("main")).to_contain_text("invoice", timeout=PATIENCE)
    fine(min_.page)
    min_.page.goto(f"{desk.base}/editor?lang=en")
    fine(min_.page)
    min_.page.goto(f"{desk.base}/editor/articles/shop-location-visit?lang=en")
    fine(min_.page)
    assert min_.errors == []
    min_.context.close()


@pytest.mark.parametrize(
    "path", ["/", "/shop", "/widget", "/login", "/help/articles/refund-time"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_are_accessible_in_every_language(browser, desk, path, language):
    context, page, errors = new_page(browser, language)
    page.goto(f"{desk.base}{path}?lang={language}")
    assert page.locator("html").get_attribute("lang") == language
    fine(page)
    assert errors == []
    context.close()
