"""In Chromium: a shopper sends what they have filmed, and the agent plays it."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import PATIENCE, Agent, Shopper
from tests.browser.test_journeys import fine

pytestmark = pytest.mark.browser

WORDS = {
    "zh-Hans": ("转人工", "播放视频"),
    "zh-Hant": ("轉人工", "播放影片"),
    "en": ("I want a real person", "Play the video"),
}
#: a second of a turning colour, as a recorder in a browser writes it
FILM = """async () => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 90 });
  const context = canvas.getContext("2d");
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: "video/webm" });
  const parts = [];
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.start(200);
  for (let turn = 0; turn < 20; turn += 1) {
    context.fillStyle = `hsl(${turn * 18} 80% 50%)`;
    context.fillRect(0, 0, 160, 90);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  await new Promise((resolve) => { recorder.onstop = resolve; recorder.stop(); });
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""
PLAYS = "video => video.videoWidth === 160 && video.currentTime > 0"


def filmed(browser: Browser) -> bytes:
    page = browser.new_page()
    try:
        return base64.b64decode(page.evaluate(FILM))
    finally:
        page.close()


@pytest.mark.parametrize("language", list(WORDS))
def test_what_the_shopper_filmed_the_agent_plays(browser, desk, language: str):
    person, play = WORDS[language]
    sam = Shopper(browser, desk.base, language)
    sam.say(person)
    expect(sam.frame.locator("#strip")).not_to_be_empty(timeout=PATIENCE)
    alice = Agent(browser, desk.base, "agent", desk.passwords()["agent"])
    alice.take_next()
    with sam.page.expect_file_chooser() as chooser:
        sam.frame.locator("[data-photo-button]").click()
    film = {"name": "crack.webm", "mimeType": "video/webm", "buffer": filmed(browser)}
    chooser.value.set_files(film)
    expect(sam.frame.locator("[data-photo-tray] video")).to_be_visible(timeout=PATIENCE)
    fine(sam.page)
    sam.frame.locator("#text").press("Enter")
    sent = sam.log.get_by_role("button", name=play)
    expect(sent).to_be_visible(timeout=PATIENCE)
    alice.page.locator(".log .msg-photo").click(timeout=PATIENCE)
    video = alice.page.locator(".photo-viewer video")
    expect(video).to_be_visible(timeout=PATIENCE)
    fine(alice.page)
    video.evaluate("video => { video.muted = true; return video.play(); }")
    alice.page.wait_for_function(
        f"() => ({PLAYS})(document.querySelector('.photo-viewer video'))",
        timeout=PATIENCE,
    )
    alice.page.keyboard.press("Escape")
    assert sam.errors == []
    assert alice.errors == []
    alice.resolve()
    sam.context.close()
    alice.context.close()
