"""The public help pages: found by people and by search engines, kept no longer than they hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as Tree

import pytest

from api.desk import Desk
from api.settings import LANGUAGES
from knowledge_base import articles, publish
from knowledge_base.conditions import Conditions
from knowledge_base.search import Outcome

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}
BOTH = {
    "zh-Hans": {"question": "问", "variants": [], "answer": "答"},
    "en": {"question": "Question", "variants": [], "answer": "Answer"},
}


@pytest.fixture(autouse=True)
async def shelf(desk: Desk) -> None:
    """The twin searcher's two articles are published rows too; a third is only a draft."""
    async with desk.database.writing() as session:
        for article_id, topic in (
            ("return-time-limit", "returns"),
            ("shipping-cost", "shipping"),
            ("unfinished", "shipping"),
        ):
            await articles.create(
                session,
                article_id=article_id,
                topic=topic,
                content=BOTH,
                author="Eve",
                now=desk.clock(),
            )
        ids = ["return-time-limit", "shipping-cost"]
        await publish.publish_many(session, ids, now=desk.clock())


@pytest.mark.parametrize(
    ("language", "topic", "title"),
    [
        ("en", "Returns", "How long can I return something?"),
        ("zh-Hans", "退货", "多久之内可以退货？"),
    ],
)
async def test_topics_hold_what_is_published(http, language, topic, title):
    page = (await http.get(f"/help?lang={language}")).text
    assert topic in page
    assert title in page
    assert f"/help/articles/return-time-limit?lang={language}" in page
    assert "unfinished" not in page


async def test_one_topic_stands_alone(http):
    page = (await http.get("/help?topic=shipping&lang=en")).text
    assert "What does shipping cost?" in page
    assert "How long can I return something?" not in page
    unknown = (await http.get("/help?topic=%3Cscript%3E&lang=en")).text
    assert "How long can I return something?" in unknown
    assert "<script>" not in unknown[unknown.index("<body") :]


async def test_a_search_needs_no_script_and_no_login(desk, http):
    page = (await http.get("/help?q=send+it+back&lang=en")).text
    assert desk.searcher.searched == ["send it back"]
    assert "How long can I return something?" in page
    assert "You can return within 7 days." in page
    assert '<meta name="robots" content="noindex">' in page


async def test_a_search_that_is_unsure_says_so(desk, http):
    desk.searcher.outcome = Outcome.ABSTAIN
    page = (await http.get("/help?q=weather&lang=en")).text
    assert "Nothing fits exactly." in page


async def test_what_was_searched_for_stays_text(http):
    asked = '"><script>alert(1)</script>'
    page = (await http.get("/help", params={"q": asked, "lang": "en"})).text
    assert "<script>alert" not in page


async def test_searching_is_bounded(http):
    answers = [(await http.get("/help?q=x&lang=en")).status_code for _ in range(61)]
    assert answers[:60] == [200] * 60
    assert answers[-1] == 429


async def test_search_engines_find_every_language_of_an_article(http):
    page = (await http.get("/help/articles/shipping-cost?lang=en")).text
    base = "http://127.0.0.1:8000/help/articles/shipping-cost"
    assert f'<link rel="canonical" href="{base}?lang=en">' in page
    for code in LANGUAGES:
        assert f'hreflang="{code}" href="{base}?lang={code}"' in page
    assert f'hreflang="x-default" href="{base}"' in page
    assert '<meta name="description" content="Shipping costs ¥8.">' in page
    assert "<title>What does shipping cost? · " in page


async def test_the_answer_is_told_as_structured_data(desk, http):
    evil = "</script><script>alert(1)</script>"
    desk.searcher.articles["shipping-cost"] = (evil, "Free.", "q", "a")
    page = (await http.get("/help/articles/shipping-cost?lang=en")).text
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    told = json.loads(block)
    assert told["@type"] == "FAQPage"
    assert told["mainEntity"][0]["name"] == evil
    assert told["mainEntity"][0]["acceptedAnswer"]["text"] == "<p>Free.</p>"


async def test_the_map_of_the_site_names_each_language_once(http):
    answer = await http.get("/sitemap.xml")
    assert answer.headers["content-type"] == "application/xml"
    tree = Tree.fromstring(answer.text)  # noqa: S314 - our own
    found = [one.text for one in tree.findall("s:url/s:loc", NAMES)]
    assert len(found) == len(set(found)) == 3 * len(LANGUAGES)
    assert not any("unfinished" in one for one in found)
    assert len(tree.findall("s:url/x:link", NAMES)) == len(found) * 4


async def test_robots_may_read_the_help_and_nothing_of_the_desk(http):
    text = (await http.get("/robots.txt")).text
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    assert rules.can_fetch("any", "/help/articles/shipping-cost")
    for path in ("/editor", "/console", "/api/v1/articles", "/login"):
        assert not rules.can_fetch("any", path)
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text


@pytest.mark.parametrize("path", ["/help", "/help/articles/shipping-cost"])
async def test_a_page_is_sent_again_only_after_another_version(desk, http, path):
    desk.clock.now = desk.clock.now.replace(second=0)
    first = await http.get(path)
    assert first.headers["cache-control"] == "public, no-cache"
    assert "set-cookie" not in first.headers
    tag = {"If-None-Match": first.headers["etag"]}
    assert (await http.get(path, headers=tag)).status_code == 304
    other = await http.get(f"{path}?lang=zh-Hans", headers=tag)
    assert other.status_code == 200
    desk.searcher.version += 1
    assert (await http.get(path, headers=tag)).status_code == 200


async def test_a_kept_page_still_runs_its_scripts(http):
    """A nonce would be another one in the header of a 304 than in the kept page."""
    for path in ("/help", "/help/articles/shipping-cost"):
        policy = (await http.get(path)).headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "nonce" not in policy
        assert "default-src 'none'" in policy


async def test_a_withdrawn_article_leaves_the_list_with_the_next_version(desk, http):
    assert "What does shipping cost?" in (await http.get("/help?lang=en")).text
    async with desk.database.writing() as session:
        await publish.retire(session, "shipping-cost", now=desk.clock())
    del desk.searcher.articles["shipping-cost"]
    desk.searcher.version += 1
    assert "What does shipping cost?" not in (await http.get("/help?lang=en")).text
    assert "shipping-cost" not in (await http.get("/sitemap.xml")).text


async def test_shop_and_chat_lead_to_the_help(http):
    for path in ("/shop?lang=en", "/widget?lang=en"):
        assert 'href="/help?lang=en"' in (await http.get(path)).text, path


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        (Conditions(), []),
        (
            Conditions(ordered_until=date(2026, 6, 30), regions=("hk", "tw")),
            ["2026-06-30 及以前下的订单", "hk, tw"],
        ),
        (Conditions(ordered_from=date(2026, 7, 1)), ["2026-07-01 起下的订单"]),
        (
            Conditions(ordered_from=date(2026, 7, 1), ordered_until=date(2026, 8, 1)),
            ["2026-07-01 至 2026-08-01 之间下的订单"],
        ),
    ],
)
async def test_an_article_says_for_whom_it_holds(
    http, desk, monkeypatch, conditions, said
):
    plain = desk.searcher.answer
    monkeypatch.setattr(
        desk.searcher,
        "answer",
        lambda *given, **named: replace(plain(*given, **named), conditions=conditions),
    )
    page = (await http.get("/help/articles/return-time-limit?lang=zh-Hans")).text
    assert ("适用范围" in page) == bool(said)
    for words in said:
        assert words in page
