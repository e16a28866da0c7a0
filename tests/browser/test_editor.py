"""In Chromium, an editor's day: a spreadsheet with mistakes, the biggest gap, a harmful edit, the way back."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.people import PATIENCE, Agent, Shopper
from tests.browser.test_journeys import fine
from tests.running import RunningDesk

pytestmark = pytest.mark.browser

#: the first look at what a publication would break reads every labelled question
LONG = 120_000
HEAD = ("id", "topic", "language", "question", "variants", "answer")
LENS = (
    "lens-cleaning", "use", "en", "How do I clean a camera lens?",
    "cleaning the lens\nwhat do I wipe my lens with\nlens has fingerprints", "With the cloth LENS-11.",
)  # fmt: skip
QUESTION = "Can I rent a telescope for a night?"
WORDINGS = [
    "Do you lend telescopes?",
    "Is it possible to borrow a telescope from you?",
    "How much is a telescope rental for one night?",
    "I would like to hire a telescope",
    "telescope rental",
]
#: another article's own question
TAKEN = "How long does a refund take?"


def workbook(*rows: tuple[str, ...]) -> dict[str, str | bytes]:
    """A file as a browser hands it over."""
    book = openpyxl.Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "articles.xlsx", "mimeType": kind, "buffer": stream.getvalue()}


def publish(page: Page) -> None:
    """Through the gate, which may want to be looked at first."""
    page.locator("#publish").click()
    published = page.get_by_text(re.compile(r"^Published[.,] "))
    asked = page.locator("#gate").get_by_role("button", name="Publish", exact=True)
    expect(published.or_(asked).first).to_be_visible(timeout=LONG)
    if asked.is_visible():
        asked.click()
    expect(published.first).to_be_visible(timeout=PATIENCE)


def hears_when_asked(
    browser: Browser, desk: RunningDesk, question: str, answer: str
) -> None:
    sam = Shopper(browser, desk.base, "en")
    sam.say(question)
    sam.hears(answer)
    assert sam.errors == []
    sam.context.close()


@pytest.fixture
def editor(browser, desk):
    min_ = Agent(browser, desk.base, "editor", desk.passwords()["editor"])
    yield min_
    assert min_.errors == []
    min_.context.close()


def test_the_mistakes_of_a_spreadsheet_are_put_right_in_place(browser, desk, editor):
    page = editor.page
    page.goto(f"{desk.base}/editor/import?lang=en")
    page.locator("#file").set_input_files(
        workbook((*LENS[:2], "english", *LENS[3:]), ("Lens Bag", *LENS[1:5], ""))
    )
    mistakes = page.locator("#fault-rows tr")
    expect(mistakes).to_have_count(3, timeout=PATIENCE)
    fine(page)
    page.get_by_label("Row 2, language").fill("en")
    page.get_by_label("Row 3, id").fill("lens-bag")
    page.get_by_label("Row 3, answer").fill("The bag LENS-12.")
    page.locator("#check").click()
    expect(mistakes).to_have_count(0, timeout=PATIENCE)
    page.locator("#import").click()
    expect(page.locator("#done")).to_be_visible(timeout=PATIENCE)
    page.goto(f"{desk.base}/editor/articles/lens-cleaning")
    expect(page.locator("#status-tag")).to_have_text("Draft")
    publish(page)
    hears_when_asked(browser, desk, LENS[3], "LENS-11")


def test_a_gap_is_closed_and_the_widget_answers_until_it_is_rolled_back(
    browser, desk, editor
):
    sam = Shopper(browser, desk.base, "en")
    sam.say(QUESTION)
    said = sam.log.locator("[data-actor='bot']")
    expect(said.first).to_be_visible(timeout=PATIENCE)
    sam.context.close()
    page = editor.page
    page.goto(f"{desk.base}/editor/gaps?lang=en")
    gap = page.locator(".gap-group", has_text=QUESTION)
    expect(gap).to_be_visible(timeout=PATIENCE)
    gap.get_by_role("link", name="Write the article").click()
    page.locator("#article-id").fill("telescope-rental")
    page.locator("#topic").fill("buying")
    page.locator("#question-en").fill(QUESTION)
    page.locator("#variants-en").fill("\n".join(WORDINGS))
    page.locator("#answer-en").fill("Yes, ask for TELE-77 at the counter.")
    publish(page)
    hears_when_asked(browser, desk, QUESTION, "TELE-77")
    page.goto(f"{desk.base}/editor/gaps")
    expect(page.locator(".gap-group", has_text=QUESTION)).to_have_count(0)

    page.goto(f"{desk.base}/editor/articles/telescope-rental")
    page.locator("#variants-en").fill("\n".join([*WORDINGS, TAKEN]))
    page.locator("#check").click()
    gate = page.locator("#gate")
    expect(gate).to_contain_text("The same question stands in two", timeout=LONG)
    expect(gate).to_contain_text("stops it")
    fine(page)
    page.locator("#variants-en").fill("\n".join(WORDINGS))
    page.locator("#answer-en").fill("Yes, ask for TELE-99 at the counter.")
    publish(page)
    # whoever asks next hears it, not the words of before
    hears_when_asked(browser, desk, QUESTION, "TELE-99")

    page.goto(f"{desk.base}/editor/articles/telescope-rental/revisions")
    first = page.locator(".revision").last
    first.get_by_role("button", name="Publish these words").click()
    page.locator("#roll-back-dialog").get_by_role("button").last.click()
    answer = page.locator("#answer-en")
    expect(answer).to_have_value(re.compile("TELE-77"), timeout=LONG)
    hears_when_asked(browser, desk, QUESTION, "TELE-77")
