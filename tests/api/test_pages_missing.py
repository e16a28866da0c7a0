from __future__ import annotations

import httpx
import pytest

from api.desk import Desk
from tests.api.people import sign_in

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "This page does not exist"),
        ("zh-CN", "没有这个页面"),
        ("zh-TW", "找不到這個頁面"),
    ],
)
async def test_a_browser_reads_a_page_in_its_language(
    http: httpx.AsyncClient, language: str, words: str
):
    headers = {"Accept": BROWSER, "Accept-Language": language}
    answer = await http.get("/no/such/page", headers=headers)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert {"accept", "accept-language"} <= {
        each.strip().lower() for each in answer.headers["vary"].split(",")
    }
    assert words in answer.text


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/no/such/page", "application/json"),
        ("/no/such/page", "*/*"),
        ("/no/such/page", ""),
        ("/no/such/page", "text/html;q=0.5, application/json"),
        ("/no/such/page", "text/html;q=0, */*"),
        ("/no/such/page", "text/html;q=x"),
        ("/api/v1/nothing", BROWSER),
        ("/api/v1/conversations/nothing/messages", BROWSER),
        ("/static/nothing.css", BROWSER),
    ],
)
async def test_a_program_reads_a_problem(
    http: httpx.AsyncClient, path: str, accept: str
):
    answer = await http.get(path, headers={"Accept": accept})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


async def test_the_address_does_not_become_code(http: httpx.AsyncClient):
    path = "/%3Cscript%3Ealert(1)%3C/script%3E"
    answer = await http.get(path, headers={"Accept": BROWSER})
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


async def test_an_article_that_an_editor_cannot_find_is_a_page_too(
    http: httpx.AsyncClient, desk: Desk
):
    editor = await sign_in(desk, http, "eve", "editor")
    headers = editor.headers | {"Accept": BROWSER}
    answer = await http.get("/editor/articles/never-written", headers=headers)
    assert answer.status_code == 404
    assert "This page does not exist" in answer.text
