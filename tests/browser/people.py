"""What a shopper and an agent see and press, named by role and label as they are read."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect

#: a bot's turn on a busy machine
PATIENCE = 30_000

LOCALES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW", "en": "en-GB"}


def new_page(browser: Browser, language: str) -> tuple[BrowserContext, Page, list[str]]:
    """A fresh visitor; the list fills with whatever went wrong on the page."""
    context = browser.new_context(
        locale=LOCALES[language], viewport={"width": 1280, "height": 860}
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(f"{error.message} {error.stack}"))
    page.on(
        "console",
        lambda line: errors.append(line.text) if line.type == "error" else None,
    )
    return context, page, errors


class Shopper:
    """Sam in the demo shop, with the widget open."""

    def __init__(self, browser: Browser, base: str, language: str) -> None:
        self.context, self.page, self.errors = new_page(browser, language)
        self.page.goto(f"{base}/shop?lang={language}")
        self.page.locator("[data-open-chat]").first.click()
        self.frame: FrameLocator = self.page.frame_locator("iframe[title]")
        # The welcome appears once the window knows that there is nothing to resume.
        expect(self.frame.locator("#welcome")).to_be_visible(timeout=PATIENCE)

    def say(self, text: str) -> None:
        self.frame.locator("#text").fill(text)
        self.frame.locator("#text").press("Enter")

    @property
    def log(self):
        return self.frame.get_by_role("log")

    def hears(self, pattern: str | re.Pattern[str]) -> None:
        expect(self.log).to_contain_text(pattern, timeout=PATIENCE)


class Agent:
    """Alice in the console."""

    def __init__(self, browser: Browser, base: str, login: str, password: str) -> None:
        self.context, self.page, self.errors = new_page(browser, "en")
        self.page.goto(f"{base}/login?lang=en")
        self.page.get_by_label("Login", exact=True).fill(login)
        self.page.locator("#password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(re.compile(r"/(console|editor)"), timeout=PATIENCE)

    def take_next(self) -> None:
        self.page.locator("#claim-next").click()
        expect(self.page.locator("#composer")).to_be_visible(timeout=PATIENCE)

    def reply(self, text: str) -> None:
        self.page.locator("#composer-text").fill(text)
        self.page.locator("#composer-text").press("Control+Enter")
        # Either it has left, or the desk has asked to look at it once more.
        self.page.wait_for_function(
            "() => !document.querySelector('#composer-text').value"
            " || !document.querySelector('#writing-check').hidden"
        )
        if self.page.locator("#writing-check").is_visible():
            self.page.get_by_role("button", name="Send anyway").click()

    def resolve(self) -> None:
        self.page.locator("#resolve").click()
        dialog = self.page.locator("#resolve-dialog")
        dialog.get_by_role("button", name="Resolve").click()


Visit = Callable[[str], Shopper]
