"""The chat window is small, speaks three languages, sets no cookie and is framed by shops alone."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from api.pages import assets, rendering, widget
from api.pages.packing import packed_for_good
from api.settings import LANGUAGES

LOADER_BYTES = 3_000
#: over https, as every shop sends it; browsers do not ask for Brotli on plain http
WINDOW_BYTES = 25_000


def script_block(page: str, element_id: str) -> object:
    found = re.search(
        rf'<script[^>]*id="{element_id}"[^>]*>(.*?)</script>', page, re.DOTALL
    )
    assert found
    return json.loads(found[1])


def test_the_loader_stays_within_its_budget():
    sent = packed_for_good(widget.loader().content, "br")
    assert len(sent) <= LOADER_BYTES


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_whole_window_stays_within_its_budget(http, language):
    address = f"/widget?lang={language}"
    page = await http.get(address, headers={"Accept-Encoding": "br"})
    total = int(page.headers["content-length"])
    for path in loaded(page.text):
        total += len(packed_for_good(assets.asset(path).content, "br"))
    assert total <= WINDOW_BYTES


def loaded(page: str) -> set[str]:
    """Every file that the browser fetches for the page; what is imported later does not count."""
    found = set(re.findall(r'(?:src|href)="/static/[0-9a-f]{8}/([^"?]+)', page))
    waiting = [path for path in found if path.endswith(".js")]
    while waiting:
        text = assets.asset(waiting.pop()).content.decode()
        names = re.findall(r'^import\b[^"(]*"\./([\w.-]+)"', text, re.MULTILINE)
        fresh = {f"js/{name}" for name in names} - found
        found |= fresh
        waiting += fresh
    return found


def test_the_budget_counts_what_the_page_loads():
    page = f'<link href="{assets.static("css/core.css")}">'
    page += f'<script src="{assets.static("js/thread.js")}">'
    found = loaded(page)
    assert {"css/core.css", "js/thread.js", "js/delivery.js", "js/words.js"} <= found
    assert "js/ending.js" not in found


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Talk to a person"),
        ("zh-Hans", "转人工客服"),
        ("zh-Hant", "轉接真人客服"),
    ],
)
async def test_the_window_speaks_the_asked_language(http, language, words):
    page = await http.get(f"/widget?lang={language}")
    assert f'<html lang="{language}"' in page.text
    assert words in page.text


async def test_the_scripts_words_come_along_in_the_pages_language(http):
    page = (await http.get("/widget?lang=zh-Hant")).text
    now = script_block(page, "words")
    assert now["Sent"] == "已傳送"
    more = re.search(r'id="words" data-more="([^"]+)"', page)
    assert more
    later = (await http.get(more[1])).json()
    assert later["Photos"] == "照片"
    assert set(now).isdisjoint(later)
    assert set(now) | set(later) == set(assets.words_of("js/widget.js"))


async def test_the_window_sets_no_cookie_and_the_shop_page_remembers_the_language(http):
    assert "set-cookie" not in (await http.get("/widget?lang=en")).headers
    assert (
        "samesite=lax"
        in (await http.get("/shop?lang=en")).headers["set-cookie"].lower()
    )


async def test_every_script_carries_the_nonce_of_this_answer_alone(http):
    page, other = await http.get("/widget"), await http.get("/widget")
    nonce = re.search(r"'nonce-([^']+)'", page.headers["content-security-policy"])
    assert nonce
    runs = [
        tag
        for tag in re.findall(r"<script[^>]*>", page.text)
        if "application/json" not in tag
    ]
    assert len(runs) == 2
    assert all(f'nonce="{nonce[1]}"' in tag for tag in runs)
    assert nonce[1] not in other.text


async def test_no_page_has_a_style_or_a_handler_in_its_markup(http):
    for path in ("/widget", "/shop", "/help/articles/shipping-cost"):
        page = (await http.get(path)).text
        assert not re.search(r"<[^>]+\sstyle=", page), path
        assert not re.search(r"<[^>]+\son[a-z]+=", page), path


async def test_only_the_window_may_be_framed(http):
    policies = {
        path: (await http.get(path)).headers["content-security-policy"]
        for path in ("/widget", "/shop", "/login")
    }
    assert "frame-ancestors 'self'" in policies["/widget"]
    assert "frame-ancestors 'none'" in policies["/shop"]
    assert "frame-ancestors 'none'" in policies["/login"]


async def test_the_window_listens_to_the_named_shops_alone(http, settings):
    facts = script_block((await http.get("/widget")).text, "facts")
    assert set(facts["shops"]) == set(widget.shop_origins(settings))
    assert facts["limit"] == settings.limits.message_characters


async def test_the_loader_is_for_other_sites_and_knows_both_chineses(http):
    loader = await http.get("/widget/v1/loader.js")
    assert loader.headers["content-type"].startswith("text/javascript")
    assert loader.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "打开对话" in loader.text
    assert "開啟對話" in loader.text
    assert "/* words */" not in loader.text


def test_no_script_posts_to_whoever_is_there():
    """GUARANTEES B39: the target of a message is one origin, never `*`."""
    for path in (assets.STATIC / "js").glob("*.js"):
        assert not re.search(r"postMessage\([^;]*['\"]\*['\"]", path.read_text("utf-8"))


@given(some.text())
def test_json_in_a_page_cannot_end_its_script_element(text):
    written = rendering.json_in_page({"said": text})
    assert "<" not in written
    assert json.loads(written) == {"said": text}
