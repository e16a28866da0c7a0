"""In Chromium: a shopper writes again about what was settled, and an agent asks a supervisor."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import PATIENCE, Agent, Shopper
from tests.browser.test_journeys import fine

pytestmark = pytest.mark.browser

PERSON = {"zh-Hans": "转人工", "zh-Hant": "轉人工", "en": "I want a real person"}
AGAIN = {
    "zh-Hans": ("继续咨询这个问题", "钱还没到账", "已重新打开"),
    "zh-Hant": ("繼續詢問這個問題", "錢還沒入帳", "已重新開啟"),
    "en": ("Write again about this", "The money is not there", "is open again"),
}


def settled(browser, desk, language: str) -> tuple[Shopper, Agent]:
    sam = Shopper(browser, desk.base, language)
    sam.say(PERSON[language])
    expect(sam.frame.locator("#strip")).not_to_be_empty(timeout=PATIENCE)
    alice = Agent(browser, desk.base, "agent", desk.passwords()["agent"])
    alice.take_next()
    alice.resolve()
    expect(sam.frame.locator("#end")).to_be_visible(timeout=PATIENCE)
    return sam, alice


@pytest.mark.parametrize("language", list(PERSON))
def test_writing_again_goes_to_the_agent_who_settled_it(browser, desk, language):
    sam, alice = settled(browser, desk, language)
    button, word, told = AGAIN[language]
    sam.frame.get_by_role("button", name=button).click()
    expect(sam.frame.locator("#composer")).to_be_visible()
    sam.say(word)
    sam.hears(told)
    alice.page.locator("#tab-mine").click()
    alice.page.locator("#list-mine .row-open").first.click()
    card = alice.page.locator("#card")
    expect(card).to_contain_text("Settled before as", timeout=PATIENCE)
    expect(card).to_contain_text(word)
    expect(alice.page.locator("#composer")).to_be_visible(timeout=PATIENCE)
    fine(alice.page)
    fine(sam.page)
    assert sam.errors == []
    # What she had resolved was closed to her until the shopper came back.
    assert [each for each in alice.errors if "403" not in each] == []
    alice.resolve()
    sam.context.close()
    alice.context.close()


def test_a_supervisor_is_asked_and_answers_among_colleagues(browser, desk):
    sam = Shopper(browser, desk.base, "en")
    sam.say(PERSON["en"])
    expect(sam.frame.locator("#strip")).not_to_be_empty(timeout=PATIENCE)
    alice = Agent(browser, desk.base, "agent", desk.passwords()["agent"])
    alice.take_next()
    boss = Agent(browser, desk.base, "supervisor", desk.passwords()["supervisor"])
    boss.page.goto(f"{desk.base}/console?lang=en")
    alice.page.keyboard.press("Alt+KeyW")
    dialog = alice.page.locator("#consult-dialog")
    dialog.get_by_label("Grace Lin").check(timeout=PATIENCE)
    dialog.get_by_label("Your question").fill("May I refund all of it?")
    fine(alice.page)
    dialog.get_by_role("button", name="Ask", exact=True).click()
    boss.page.locator("#tab-asked").click(timeout=PATIENCE)
    boss.page.locator("#list-asked .row-open").first.click()
    expect(boss.page.locator("#consult-question")).to_contain_text(
        "May I refund all of it?", timeout=PATIENCE
    )
    expect(boss.page.locator("#composer")).to_be_hidden()
    fine(boss.page)
    boss.page.locator("#consult-text").fill("Yes, today.")
    boss.page.get_by_role("button", name="Answer your colleague").click()
    expect(boss.page.locator("#consult-answer")).to_be_hidden(timeout=PATIENCE)
    expect(alice.page.locator("#thread")).to_contain_text(
        "Yes, today.", timeout=PATIENCE
    )
    expect(sam.log).not_to_contain_text("Yes, today.")
    # Her right to read ended with the answer; a look on its way may still be refused.
    assert [each for each in boss.errors if "403" not in each] == []
    assert sam.errors == alice.errors == []
    alice.resolve()
    for each in (sam, alice, boss):
        each.context.close()
