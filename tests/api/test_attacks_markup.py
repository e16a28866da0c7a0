"""GUARANTEES B12, the server's half: what is typed is kept and served as words, never as markup."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx
import pytest
from markdown_it import MarkdownIt
from sqlalchemy import select

from api.desk import Desk
from api.markdown import to_html
from handoff.models import Message
from tests.api.people import Shopper, sign_in
from tests.fakes import FakeBot

PAYLOADS = (
    '<iframe src="javascript:alert(1)"></iframe>',
    '"><iMg SrC="x" oNeRRor="alert(1);">',
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    '![x](x" onerror="alert(1))',
    "[x](//evil.example)",
    "{{constructor.constructor('alert(1)')()}}",
    '<img src="https://evil.example/p.gif">',
    "<form action=//evil><button>Log in</button></form>",
    '<div style="position:fixed;inset:0">',
)
MAY_STAND = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "blockquote"),
    *("h3", "h4", "table", "thead", "tbody", "tr", "th", "td"),
}
MAY_CARRY = {"href", "rel", "target", "start"}
each_payload = pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))


class Danger(HTMLParser):
    """Collects every tag, attribute and address that has no place in an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in MAY_STAND:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in MAY_CARRY:
                self.found.append(name)
            if name == "href" and not (value or "").startswith(
                ("https://", "mailto:", "tel:")
            ):
                self.found.append(f"href={value}")


def dangers(html: str) -> list[str]:
    reader = Danger()
    reader.feed(html)
    reader.close()
    return reader.found


@each_payload
async def test_a_shoppers_words_are_kept_letter_by_letter(
    sam: Shopper, desk: Desk, payload: str
):
    await sam.say(payload)
    async with desk.database.reading() as session:
        kept = await session.scalar(
            select(Message.text).where(
                Message.conversation_id == UUID(sam.id), Message.actor == "shopper"
            )
        )
    assert kept == payload


@each_payload
async def test_a_shoppers_words_leave_as_json_without_html(sam: Shopper, payload: str):
    await sam.say(payload)
    answer = await sam.http.get(f"{sam.path}/messages", headers=sam.headers)
    said = answer.json()["messages"][0]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (said["text"], said["html"]) == (payload, None)


@each_payload
async def test_the_transcript_is_plain_text_to_keep(sam: Shopper, payload: str):
    await sam.say(payload)
    answer = await sam.http.get(f"{sam.path}/transcript", headers=sam.headers)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert payload in answer.text


@each_payload
async def test_agents_get_words_and_answer_in_words(
    sam: Shopper, bot: FakeBot, desk: Desk, http: httpx.AsyncClient, payload: str
):
    bot.mode = "500"  # a failure brings it into the line whatever was typed
    await sam.say(payload)
    alice = await sign_in(desk, http, "alice", "agent")
    answer = await alice.post(f"/conversations/{sam.id}/claim")
    assert answer.status_code == 200, answer.text
    claimed = answer.json()
    said = await alice.post(
        f"/conversations/{sam.id}/agent-messages",
        {
            "client_id": "agent-says-1",
            "text": payload,
            "assignment_version": claimed["assignment_version"],
        },
    )
    assert said.status_code == 200, said.text
    seen = (await alice.get(f"/conversations/{sam.id}/desk")).json()["messages"]
    heard = (await sam.read())["messages"]
    for messages in (seen, heard):
        words = [each for each in messages if each["actor"] in {"shopper", "agent"}]
        assert [each["text"] for each in words] == [payload, payload]
        assert [each["html"] for each in words] == [None, None]


@each_payload
async def test_an_article_leaves_as_clean_html(sam: Shopper, desk: Desk, payload: str):
    searcher: Any = desk.searcher
    title, text, *rest = searcher.articles["return-time-limit"]
    searcher.articles["return-time-limit"] = (
        title,
        f"{text}\n\n{payload}\n\n**{payload}**",
        *rest,
    )
    turn = await sam.say("How long can I return something?")
    html = turn["replies"][0]["html"]
    assert "<strong>7 days</strong>" in html
    assert dangers(html) == []


@each_payload
async def test_the_public_page_of_an_article_is_clean(
    http: httpx.AsyncClient, desk: Desk, payload: str
):
    searcher: Any = desk.searcher
    before = await http.get("/help/articles/return-time-limit?lang=en")
    searcher.articles["return-time-limit"] = (payload, payload, payload, payload)
    after = await http.get("/help/articles/return-time-limit?lang=en")
    assert (before.status_code, after.status_code) == (200, 200)
    extra = set(dangers(after.text)) - set(dangers(before.text))
    assert extra == set()


@each_payload
async def test_a_comment_on_the_service_is_kept_as_words(sam: Shopper, payload: str):
    await sam.say("hello")
    answer = await sam.http.post(
        f"{sam.path}/rating",
        json={"stars": 1, "comment": payload},
        headers=sam.headers,
    )
    assert answer.json()["comment"] == payload


def test_without_the_cleaning_the_payloads_do_get_through():
    """The control: the very checks above find something in uncleaned Markdown."""
    raw = MarkdownIt("commonmark", {"html": True})
    harmful = [each for each in PAYLOADS if dangers(raw.render(each))]
    assert len(harmful) >= 10
    assert [each for each in PAYLOADS if dangers(to_html(each))] == []
