"""Makes the README's pictures from a running desk: `python -m tools.screenshots BASE LOGIN PASSWORD EDITOR PASSWORD`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.people import Agent, Shopper
from tests.demo_order import shipped_order

TARGET = Path(__file__).resolve().parents[1] / "docs" / "screenshots"


def picture(page: Page, name: str) -> None:
    """Wait for fonts and movement to settle, then keep what is seen."""
    page.wait_for_timeout(900)
    page.screenshot(path=TARGET / f"{name}.png")


def shopper_asks(browser: Browser, base: str) -> None:
    """Sam asks in Chinese and proves an order."""
    order = shipped_order()
    sam = Shopper(browser, base, "zh-Hans")
    sam.say("退货期限是几天")
    sam.hears("7")
    sam.say("我的快递到哪了")
    sam.hears("WL")
    sam.say(order.number)
    sam.page.wait_for_timeout(1500)
    sam.say(order.customer.phone)
    sam.hears(order.shipments[0].tracking_number)
    picture(sam.page, "shop-and-widget")
    sam.context.close()


def agent_answers(browser: Browser, base: str, login: str, password: str) -> None:
    """An angry shopper reaches Alice with the card."""
    sam = Shopper(browser, base, "en")
    sam.say("how long does a refund take?")
    sam.page.wait_for_timeout(1500)
    sam.say("that does not help me at all, it has been three weeks")
    sam.page.wait_for_timeout(1500)
    sam.say("this is outrageous!! I want my money back NOW or I call my bank")
    sam.page.wait_for_timeout(1500)
    alice = Agent(browser, base, login, password)
    alice.take_next()
    alice.page.wait_for_timeout(800)
    alice.reply("I am sorry it took this long. I am looking at your refund right now.")
    sam.hears("right now")
    picture(alice.page, "agent-console")
    picture(sam.page, "handoff")
    sam.context.close()
    alice.context.close()


def editor_works(browser: Browser, base: str, login: str, password: str) -> None:
    """The list, one article, and a question tried."""
    editor = Agent(browser, base, login, password)
    for path, name in (
        ("/editor?lang=en", "editor-articles"),
        ("/editor/articles/return-time-limit?lang=en", "editor-article"),
        ("/editor/try?lang=en&q=how+long+do+I+have+to+send+it+back", "editor-try"),
    ):
        editor.page.goto(base + path)
        picture(editor.page, name)
    editor.context.close()


def main() -> None:
    """Take all pictures; the desk must be running with its demo."""
    base, login, password, editor, editor_password = sys.argv[1:6]
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        shopper_asks(browser, base)
        agent_answers(browser, base, login, password)
        editor_works(browser, base, editor, editor_password)
        browser.close()


if __name__ == "__main__":
    main()
