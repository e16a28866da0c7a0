"""Files of the pages are kept for good under their hash, and nothing beside them is given away."""

from __future__ import annotations

import gzip
import re

import brotli
import pytest

from api.errors import NotFound
from api.pages import assets
from api.pages.packing import packed_for_good

NONCE = re.compile(r'nonce="[^"]+"')


async def test_a_hashed_address_is_kept_for_good_and_a_bare_one_is_asked_for_again(
    http,
):
    hashed = await http.get(assets.static("css/core.css"))
    bare = await http.get("/static/css/core.css")
    older = await http.get("/static/00000000/css/core.css")
    assert "immutable" in hashed.headers["cache-control"]
    assert older.headers["cache-control"] == "no-cache"
    assert bare.headers["cache-control"] == "no-cache"
    assert hashed.text == bare.text


async def test_a_file_that_did_not_change_is_not_sent_again(http):
    first = await http.get("/static/js/words.js")
    again = await http.get(
        "/static/js/words.js", headers={"If-None-Match": first.headers["etag"]}
    )
    other = await http.get("/static/js/words.js", headers={"If-None-Match": '"old"'})
    assert (again.status_code, again.content) == (304, b"")
    assert other.status_code == 200


async def test_a_browser_that_cannot_unpack_gets_it_plain(http):
    plain = await http.get(
        "/static/js/words.js", headers={"Accept-Encoding": "identity"}
    )
    packed = await http.get("/static/js/words.js", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.text == packed.text


@pytest.mark.parametrize(
    "path",
    [
        "../settings.py",
        "%2e%2e/settings.py",
        "js/../../settings.py",
        "/etc/passwd",
        "js",
        "",
        "nothing.js",
        "vendor/htmx.org-2.0.11/LICENSE",
    ],
)
async def test_nothing_beside_the_files_is_given_away(http, path):
    assert (await http.get(f"/static/{path}")).status_code == 404


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "../static/../app.py"])
def test_a_path_that_climbs_out_is_not_found(path):
    with pytest.raises(NotFound):
        assets.asset(path)


def test_squeezing_takes_comments_and_indentation_and_nothing_else():
    source = (
        b"/** Note.\n * more\n */\nconst a = 1; // stays\n  // goes\n  f('// in');\n"
    )
    style = b"a > b {\n  color: red;\n}\n/* note */\nc { d: e, f }\n"
    assert assets.squeezed(style, is_style=True) == b"a > b{color: red;}c{d: e,f}"
    assert assets.squeezed(source) == b"const a = 1; // stays\nf('// in');\n"


def test_a_script_brings_every_script_it_imports():
    found = assets.modules("js/widget.js")
    assert "js/thread.js" in found
    assert "js/words.js" in found
    assert len(found) == len(set(found))


def test_every_import_names_a_file_that_exists():
    for path in (assets.STATIC / "js").glob("*.js"):
        for name in re.findall(r'from "\./([\w.-]+)"', path.read_text("utf-8")):
            assert (assets.STATIC / "js" / name).is_file(), f"{path.name}: {name}"


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0,gzip; q=0.0", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_a_file_and_the_window_come_as_the_browser_can_unpack_them(
    http, accepted, sent
):
    for path in ("/static/css/core.css", "/widget?lang=en"):
        plain = await http.get(path, headers={"Accept-Encoding": "identity"})
        packed = await http.get(path, headers={"Accept-Encoding": accepted})
        assert packed.headers.get("content-encoding") == sent
        assert packed.headers["vary"] == "Accept-Encoding"
        # httpx unpacks; each page has a nonce of its own
        assert NONCE.sub("", packed.text) == NONCE.sub("", plain.text)


def test_a_packed_file_is_the_file():
    content = assets.asset("css/core.css").content
    assert brotli.decompress(packed_for_good(content, "br")) == content
    assert gzip.decompress(packed_for_good(content, "gzip")) == content
