"""In Chromium: one day of two agents, a supervisor and three shoppers, in scenes that follow each other."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.people import PATIENCE, Agent, Shopper
from tests.browser.test_journeys import fine
from tests.running import RunningDesk

pytestmark = pytest.mark.browser

#: a lost lease, or a silence, ends within this on a busy machine
LONG = 60_000
PERSON = {"en": "I want a real person", "zh-Hans": "转人工"}


class Day:
    """Who is there; everybody in a browser of their own, all at once."""

    def __init__(self, browser, desk: RunningDesk) -> None:
        self.browser, self.desk = browser, desk
        self.lina, self.bob = self.signed_in("agent"), self.signed_in("agent2")
        self.grace = self.signed_in("supervisor")
        self.board = self.grace.context.new_page()
        self.board.goto(f"{desk.base}/board")
        self.grace.page.goto(f"{desk.base}/console")
        self.sam = Shopper(browser, desk.base, "en")
        self.mei = Shopper(browser, desk.base, "zh-Hans")
        self.jo = Shopper(browser, desk.base, "en")

    def signed_in(self, login: str) -> Agent:
        return Agent(self.browser, self.desk.base, login, self.desk.passwords()[login])

    def tasks(self, member: Agent) -> None:
        member.page.goto(f"{self.desk.base}/console/tasks")
        expect(member.page.locator("#ratings > *")).to_be_visible(timeout=PATIENCE)

    def close(self) -> None:
        for each in (self.sam, self.mei, self.jo, self.lina, self.bob, self.grace):
            each.context.close()


def closed_now() -> str:
    """Hours of a skill that are on another day, whenever this runs."""
    day = f"{datetime.now().astimezone() + timedelta(days=2):%a}".lower()
    return f'  skills: {{refunds: {{weekly: {{{day}: ["09:00-10:00"]}}}}}}'


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    changes = {
        # A console says every twelve seconds that it is there.
        r"  lease_seconds: \d+": "  lease_seconds: 20",
        r"  silent_seconds: \d+": "  silent_seconds: 15",
        r"  messages_per_minute: \d+": "  messages_per_minute: 1000",
        r"  conversations_per_hour: \d+": "  conversations_per_hour: 10000",
        r"(?m)^  skills: \{\} .*$": closed_now(),
    }
    with RunningDesk(tmp_path_factory.mktemp("busy"), changes=changes) as running:
        yield running


@pytest.fixture(autouse=True)
def nobody_waits_afterwards():
    """Each scene goes on from the one before; the desk ends with the day."""


@pytest.fixture(scope="module")
def day(browser, desk):
    found = Day(browser, desk)
    yield found
    found.close()


def strip(shopper: Shopper) -> Locator:
    return shopper.frame.locator("#strip")


def stands(shopper: Shopper, words: str, *, within: float = PATIENCE) -> None:
    expect(strip(shopper)).to_contain_text(words, timeout=within)


def open_mine(member: Agent, words: str) -> None:
    """Open the conversation whose row in one's own list shows these words."""
    member.page.locator("#tab-mine").click()
    row = member.page.locator("#list-mine .row-open").filter(has_text=words)
    row.click(timeout=PATIENCE)
    expect(member.page.locator("#composer")).to_be_visible(timeout=PATIENCE)


def thread(member: Agent) -> Locator:
    return member.page.locator("#thread")


def take(member: Agent, words: str) -> None:
    """Take whoever is next and read what they wrote."""
    member.take_next()
    expect(thread(member)).to_contain_text(words, timeout=PATIENCE)


def test_at_the_peak_everybody_who_waits_sees_place_and_time(day):
    for shopper, words, place in (
        (day.sam, PERSON["en"], "You are next"),
        (day.mei, PERSON["zh-Hans"], "第 2 位"),
        (day.jo, PERSON["en"], "You are number 3 in the line"),
    ):
        shopper.say(words)
        stands(shopper, place)
        expect(strip(shopper)).to_contain_text(re.compile(r"minute|分钟"))
    for member in (day.lina, day.bob):
        rows = member.page.locator("#list-waiting .row-open")
        expect(rows).to_have_count(3, timeout=PATIENCE)
    expect(day.board.locator("#now-waiting")).to_have_text("3", timeout=PATIENCE)
    expect(day.board.locator("#list-line .live-row")).to_have_count(3)
    for page in (day.lina.page, day.board, day.jo.page):
        fine(page)


def test_whoever_waited_longest_is_served_and_the_others_move_up(day):
    take(day.lina, PERSON["en"])
    stands(day.sam, "You are talking to Li Na")
    stands(day.mei, "下一位就是您")
    stands(day.jo, "You are number 2 in the line")
    mine = day.lina.page.locator("#list-mine .row-item")
    expect(mine).to_contain_text("First answer due", timeout=PATIENCE)
    expect(mine).not_to_contain_text("Answered")
    day.lina.reply("I am looking at your parcel.")
    expect(mine).to_contain_text("Answered", timeout=PATIENCE)
    day.sam.hears("I am looking at your parcel.")
    take(day.bob, PERSON["zh-Hans"])
    day.bob.reply("您好，我来帮您查。")
    day.mei.hears("您好，我来帮您查。")
    stands(day.jo, "You are next")
    expect(day.board.locator("#now-served")).to_have_text("2", timeout=PATIENCE)


def test_a_transfer_is_told_and_its_note_is_for_colleagues(day):
    day.lina.page.keyboard.press("Alt+KeyT")
    dialog = day.lina.page.locator("#transfer-dialog")
    dialog.get_by_label("Bob Chen").check(timeout=PATIENCE)
    dialog.locator("#transfer-note").fill("Wants the blue one.")
    fine(day.lina.page)
    dialog.get_by_role("button", name="Hand over").click()
    day.sam.hears("Bob Chen 陳博 has taken over your request.")
    stands(day.sam, "You are talking to Bob Chen")
    open_mine(day.bob, PERSON["en"])
    expect(thread(day.bob)).to_contain_text("Wants the blue one.", timeout=PATIENCE)
    expect(day.lina.page.locator("#count-mine")).to_have_text("0", timeout=PATIENCE)
    expect(day.sam.log).not_to_contain_text("Wants the blue one.")


def test_a_connection_is_lost_in_the_middle_of_a_talk(day):
    take(day.lina, PERSON["en"])
    day.lina.reply("Good afternoon, Jo.")
    day.jo.hears("Good afternoon, Jo.")
    day.lina.context.close()
    stands(day.jo, "You are talking to Li Na")


def test_a_supervisor_who_is_asked_answers_the_agent_alone(day):
    day.bob.page.keyboard.press("Alt+KeyW")
    dialog = day.bob.page.locator("#consult-dialog")
    dialog.get_by_label("Grace Lin").check(timeout=PATIENCE)
    dialog.get_by_label("Your question").fill("May I send a second one?")
    dialog.get_by_role("button", name="Ask", exact=True).click()
    day.grace.page.locator("#tab-asked").click(timeout=PATIENCE)
    day.grace.page.locator("#list-asked .row-open").first.click()
    day.grace.page.locator("#consult-text").fill("Yes, and keep the first.")
    day.grace.page.get_by_role("button", name="Answer your colleague").click()
    expect(thread(day.bob)).to_contain_text(
        "Yes, and keep the first.", timeout=PATIENCE
    )
    stands(day.sam, "You are talking to Bob Chen")
    expect(day.sam.log).not_to_contain_text("keep the first")


def test_more_than_an_agent_may_give_waits_for_the_supervisors_yes(day):
    page = day.bob.page
    page.locator("#give").click()
    dialog = page.locator("#give-dialog")
    dialog.get_by_label("Amount in CNY").fill("80")
    dialog.get_by_label("Why").fill("A week late.")
    fine(page)
    dialog.get_by_role("button", name="Give or ask").click()
    care = page.locator("#care")
    expect(care).to_contain_text("Waiting for a supervisor", timeout=PATIENCE)
    day.tasks(day.grace)
    wish = day.grace.page.locator("#allowances .care-item").filter(has_text="Bob Chen")
    expect(wish).to_contain_text("Coupon 80 CNY · A week late.")
    wish.get_by_label("A word to the agent").fill("Fine with me.")
    fine(day.grace.page)
    wish.get_by_role("button", name="Agree").click()
    expect(thread(day.bob)).to_contain_text("Fine with me.", timeout=PATIENCE)
    expect(care).to_contain_text("To be entered in the shop's system")
    expect(day.sam.log).not_to_contain_text("Fine with me.")


def test_a_promise_becomes_a_task_and_is_kept_on_record(day):
    day.bob.reply("We will get back to you within 2 hours.")
    day.sam.hears("We will get back to you within 2 hours.")
    owed = day.bob.page.locator("#care .care-item").filter(has_text="within 2 hours")
    expect(owed).to_be_visible(timeout=PATIENCE)
    tab = day.bob.context.new_page()
    tab.goto(f"{day.desk.base}/console/tasks")
    expect(tab.locator("#promises")).to_contain_text("within 2 hours")
    fine(tab)
    tab.close()
    boss = day.grace.context.new_page()
    boss.goto(f"{day.desk.base}/console/tasks")
    owed_by = boss.locator("#promises .care-item").filter(has_text="within 2 hours")
    expect(owed_by).to_contain_text("Bob Chen", timeout=PATIENCE)
    boss.close()
    fine(day.bob.page)
    owed.get_by_role("button", name="Kept").click()
    expect(owed.locator(".tag")).to_have_text("Kept", timeout=PATIENCE)


def test_the_lost_agents_shopper_keeps_the_place_and_is_told(day):
    expect(day.jo.log).to_contain_text("You keep your place", timeout=LONG)
    stands(day.jo, "You are next")
    rows = day.board.locator("#list-line .live-row")
    expect(rows).to_have_count(1, timeout=PATIENCE)
    lina = day.board.locator("#list-agents .live-row").filter(has_text="Li Na")
    expect(lina).to_contain_text("Not signed in", timeout=PATIENCE)


def test_an_agent_takes_the_next_one_and_says_nothing(day):
    day.jo.say("Is anybody there?")
    take(day.bob, "Is anybody there?")
    stands(day.jo, "You are talking to Bob Chen")


def test_whoever_was_served_rates_it_in_stars_and_scores(day):
    open_mine(day.bob, PERSON["en"])
    day.bob.resolve()
    end = day.sam.frame.locator("#end")
    expect(end).to_be_visible(timeout=PATIENCE)
    end.get_by_label("1 of 5 stars: Very bad").check(force=True)
    end.get_by_text("More precisely").click()
    end.get_by_label("Communication").select_option("2")
    end.get_by_label("A word about it").fill("You idiots.")
    fine(day.sam.page)
    end.get_by_role("button", name="Send the rating").click()
    expect(end).to_contain_text("Thank you for your rating.", timeout=PATIENCE)


def test_the_agent_objects_to_a_rating_and_the_supervisor_decides(day):
    day.tasks(day.bob)
    page = day.bob.page
    mine = page.locator("#ratings .task-card").filter(has_text="You idiots.")
    expect(mine).to_contain_text("1 of 5 stars")
    expect(mine).to_contain_text("Communication 2")
    expect(page.locator("#follow-ups .task-card")).not_to_have_count(0)
    mine.get_by_role("button", name="Object").click()
    dialog = page.locator("#appeal-dialog")
    dialog.get_by_label("Why").fill("An insult, nothing about the matter.")
    fine(page)
    dialog.get_by_role("button", name="Object").click()
    expect(mine).to_contain_text("Objected to", timeout=PATIENCE)
    day.tasks(day.grace)
    cards = day.grace.page.locator("#ratings .task-card")
    theirs = cards.filter(has_text="An insult, nothing about the matter.")
    theirs.get_by_role("button", name="It counts no more").click()
    expect(theirs).to_contain_text("Counts no more", timeout=PATIENCE)
    day.tasks(day.bob)
    expect(mine).to_contain_text("Counts no more")


def test_the_silent_agents_shopper_keeps_the_place_and_another_answers(day):
    expect(day.jo.log).to_contain_text("did not answer in time", timeout=LONG)
    stands(day.jo, "You are next")
    day.lina = day.signed_in("agent")
    take(day.lina, "Is anybody there?")
    day.lina.reply("Li Na again, I am here.")
    day.jo.hears("Li Na again, I am here.")


def test_a_message_out_of_hours_is_promised_an_answer_that_is_there_later(day):
    page = day.bob.page
    page.goto(f"{day.desk.base}/console")
    open_mine(day.bob, PERSON["zh-Hans"])
    day.bob.resolve()
    day.mei.frame.locator("#end").get_by_role("button", name="开始新的对话").click()
    day.mei.say("我的退款到账了吗")
    expect(day.mei.log.locator("[data-actor='bot']")).to_be_visible(timeout=PATIENCE)
    day.mei.say(PERSON["zh-Hans"])
    day.mei.hears("现在不在人工服务时间")
    day.mei.hears(re.compile("最晚 .* 前回复您"))
    stands(day.mei, "人工客服将于")
    fine(day.mei.page)
    day.mei.page.close()
    rows = day.board.locator("#list-line .live-row")
    expect(rows).to_have_count(1, timeout=PATIENCE)
    day.lina.page.locator("#tab-waiting").click()
    row = day.lina.page.locator("#list-waiting .row-item").filter(has_text="转人工")
    row.locator(".row-claim").click(timeout=PATIENCE)
    expect(thread(day.lina)).to_contain_text("我的退款到账了吗", timeout=PATIENCE)
    day.lina.reply("退款今天已退回您的账户。")
    day.mei.page = day.mei.context.new_page()
    day.mei.page.goto(f"{day.desk.base}/shop?lang=zh-Hans")
    day.mei.page.locator("[data-open-chat]").first.click()
    day.mei.frame = day.mei.page.frame_locator("iframe[title]")
    day.mei.hears("退款今天已退回您的账户。")


def test_nothing_went_wrong_on_any_page_all_day(day):
    for shopper in (day.sam, day.mei, day.jo):
        assert shopper.errors == []
    # What went to a colleague, or back into the line, was closed to them from then on.
    for member in (day.lina, day.bob, day.grace):
        assert [each for each in member.errors if "403" not in each] == []
