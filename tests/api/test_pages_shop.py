"""The demo shop shows goods and orders to try; a real desk has a front page and public articles."""

from __future__ import annotations

import pytest

from api.app import create_app
from api.settings import LANGUAGES
from api.shop.demo_orders import sample_orders
from tests.api.conftest import client_of


@pytest.mark.parametrize(
    ("language", "title", "price"),
    [
        ("en", "Warm things for every day", "US$46"),
        ("zh-Hans", "日常里的一点暖意", "¥329"),
        ("zh-Hant", "日常裡的一點暖意", "NT$1,448"),
    ],
)
async def test_the_shop_speaks_and_counts_as_its_visitor_does(
    http, language, title, price
):
    page = (await http.get(f"/shop?lang={language}")).text
    assert title in page
    assert price in page


@pytest.mark.parametrize("language", LANGUAGES)
async def test_orders_to_try_come_with_what_proves_them(http, language):
    page = (await http.get(f"/shop?lang={language}")).text
    for sample in sample_orders(4):
        assert sample.number in page
        assert sample.email in page
        assert sample.phone.removeprefix("+86") in page


async def test_the_snippet_on_show_is_the_one_in_use(http):
    page = (await http.get("/shop?lang=en")).text
    assert "&lt;script async src=" in page
    assert 'src="/widget/v1/loader.js"' in page


async def test_the_front_leads_to_the_shop_and_keeps_the_language(http):
    front = await http.get("/?lang=zh-Hant")
    assert front.status_code == 307
    assert front.headers["location"].endswith("/shop?lang=zh-Hant")


async def test_without_the_demo_there_is_no_shop_and_a_plain_front(desk):
    desk.settings = desk.settings.model_copy(update={"demo": False})
    async with client_of(create_app(desk)) as http:
        front = await http.get("/?lang=en")
        shop = await http.get("/shop")
    assert front.status_code == 200
    assert "/widget?lang=en" in front.text
    assert shop.status_code == 404


async def test_an_article_is_public_in_the_asked_language(http):
    english = await http.get("/help/articles/return-time-limit?lang=en")
    chinese = await http.get("/help/articles/return-time-limit?lang=zh-Hans")
    assert "<strong>7 days</strong>" in english.text
    assert "<li>Ask for a return</li>" in english.text
    assert "<strong>7 天</strong>" in chinese.text


async def test_an_article_in_another_language_says_so(http, desk):
    found = desk.searcher.answer("shipping-cost", language="zh-Hans")
    desk.searcher.answer = lambda article_id, *, language: found
    english = (await http.get("/help/articles/shipping-cost?lang=en")).text
    traditional = (await http.get("/help/articles/shipping-cost?lang=zh-Hant")).text
    assert 'class="fallback"' in english
    assert 'class="fallback"' not in traditional


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "{{ settings }}",
        "</h1><iframe src='//evil.example'></iframe>",
    ],
)
async def test_nothing_in_an_article_becomes_code(http, desk, payload):
    desk.searcher.articles["evil"] = (payload, payload, payload, payload)
    page = (await http.get("/help/articles/evil?lang=en")).text
    body = page[page.index("<body") :]
    assert "<script>alert" not in body
    assert "<img" not in body
    assert "<iframe" not in body
    assert 'href="javascript' not in body


async def test_a_missing_article_is_a_page_that_says_what_to_do(http):
    page = await http.get("/help/articles/never-written?lang=en")
    assert page.status_code == 404
    assert "This article does not exist" in page.text
    assert "/widget?lang=en" in page.text


async def test_the_contract_is_drawn_with_our_own_files(http):
    page = (await http.get("/docs")).text
    assert "/vendor/swagger-ui-dist" in page
    assert "://" not in page
