"""In Chromium, with its pretended camera: an agent sees what the shopper agreed to show, until one of them stops."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import PATIENCE, Agent, Shopper
from tests.browser.test_journeys import fine

pytestmark = pytest.mark.browser

WORDS = {
    "zh-Hans": ("转人工", "打开摄像头", "停止显示", "摄像头画面已关闭"),
    "zh-Hant": ("轉人工", "開啟相機", "停止顯示", "相機畫面已關閉"),
    "en": (
        "I want a real person",
        "Show my camera",
        "Stop showing",
        "The camera is no longer shown",
    ),
}
#: a frame has arrived, and is no empty one
IS_SEEN = "video => video.videoWidth > 0 && video.currentTime > 0"
IS_OFF = "video => video.srcObject === null"


def served(browser, desk, language: str) -> tuple[Shopper, Agent]:
    sam = Shopper(browser, desk.base, language)
    sam.say(WORDS[language][0])
    expect(sam.frame.locator("#strip")).not_to_be_empty(timeout=PATIENCE)
    alice = Agent(browser, desk.base, "agent", desk.passwords()["agent"])
    alice.take_next()
    return sam, alice


def leave(sam: Shopper, alice: Agent) -> None:
    assert sam.errors == []
    assert alice.errors == []
    alice.resolve()
    sam.context.close()
    alice.context.close()


@pytest.mark.parametrize("language", list(WORDS))
def test_the_agent_sees_what_the_shopper_shows_until_they_stop(browser, desk, language):
    _, show, stop, over = WORDS[language]
    sam, alice = served(browser, desk, language)
    alice.page.get_by_role("button", name="Ask to see it through the camera").click()
    sam.frame.get_by_role("button", name=show).click(timeout=PATIENCE)
    video = alice.page.locator("#camera-video")
    expect(video).to_be_visible(timeout=PATIENCE)
    alice.page.wait_for_function(
        f"() => ({IS_SEEN})(document.querySelector('#camera-video'))", timeout=PATIENCE
    )
    fine(alice.page)
    fine(sam.page)
    sam.frame.get_by_role("button", name=stop).click()
    expect(video).to_be_hidden(timeout=PATIENCE)
    assert video.evaluate(IS_OFF)
    sam.hears(over)
    expect(sam.frame.locator("#camera")).to_have_count(0)
    leave(sam, alice)


def test_a_shopper_who_says_no_shows_nothing(browser, desk):
    sam, alice = served(browser, desk, "en")
    alice.page.get_by_role("button", name="Ask to see it through the camera").click()
    sam.frame.get_by_role("button", name="Not now").click(timeout=PATIENCE)
    sam.hears("The camera stays off")
    expect(alice.page.locator("#camera-panel")).to_be_hidden(timeout=PATIENCE)
    assert alice.page.locator("#camera-video").evaluate(IS_OFF)
    leave(sam, alice)
