"""In Chromium: every page, light and dark, with nothing for axe to find and nothing wrong on its console."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import PATIENCE, Agent, new_page
from tests.browser.test_journeys import fine
from tests.journeys.people import Sam

pytestmark = pytest.mark.browser

ARTICLE = "refund-time"
#: who opens it, its address, and what stands there once it is drawn
PAGES = [
    ("", "/", "main"),
    ("", "/shop", "main"),
    ("", "/help", "main"),
    ("", f"/help/articles/{ARTICLE}", "main"),
    ("", "/login", "#password"),
    ("agent", "/console", "#claim-next"),
    ("agent", "/console/tasks", "main"),
    ("agent", "/console/replies", "main"),
    ("agent", "/console/account", "main"),
    ("supervisor", "/board", "main"),
    ("supervisor", "/board?wall=1", "main"),
    ("supervisor", "/console/waits", "main"),
    ("supervisor", "/console/report", "main"),
    ("supervisor", "/console/policy", "main"),
    ("admin", "/console/staff", "main"),
    ("editor", "/editor", "main"),
    ("editor", "/editor/articles/new", "main"),
    ("editor", f"/editor/articles/{ARTICLE}", "main"),
    ("editor", f"/editor/articles/{ARTICLE}/revisions", "main"),
    ("editor", f"/editor/articles/{ARTICLE}/figures", "main"),
    ("editor", "/editor/figures", "main"),
    ("editor", "/editor/gaps", "main"),
    ("editor", "/editor/map", "main"),
    ("editor", "/editor/import", "main"),
    ("editor", "/editor/try?q=How+long+does+a+refund+take%3F", "main"),
]


class Visitors:
    """Whoever is signed in already; nobody signs in twice."""

    def __init__(self, browser, desk) -> None:
        self.browser, self.desk = browser, desk
        self.known: dict[str, tuple[Page, list[str]]] = {}

    def get(self, login: str) -> tuple[Page, list[str]]:
        """Their page, and what went wrong on it since."""
        if login not in self.known:
            if login:
                password = self.desk.passwords()[login]
                one = Agent(self.browser, self.desk.base, login, password)
                self.known[login] = one.page, one.errors
            else:
                _, page, errors = new_page(self.browser, "en")
                self.known[login] = page, errors
        page, errors = self.known[login]
        errors.clear()
        return page, errors


@pytest.fixture(scope="module")
def visitors(browser, desk):
    found = Visitors(browser, desk)
    yield found
    for page, _ in found.known.values():
        page.context.close()


@pytest.fixture
def waiting(desk):
    """Somebody angry in the line, and a question that nothing answers."""
    sam = Sam(desk.base, "en").arrive()
    sam.say("Do you repair old church organs?")
    sam.say("This is the worst service ever, I am furious! Get me a real person now!")
    assert sam.status() == "queued"


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("login", "address", "drawn"), PAGES, ids=[each[1] for each in PAGES]
)
def test_a_page_is_fine_by_day_and_by_night(visitors, desk, login, address, drawn):
    page, errors = visitors.get(login)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        answer = page.goto(f"{desk.base}{address}")
        assert answer is not None
        assert answer.status == 200, address
        expect(page.locator(drawn).first).to_be_visible(timeout=PATIENCE)
        page.wait_for_load_state("networkidle")
        fine(page)
    assert errors == []
