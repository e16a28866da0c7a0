"""A file with mistakes is looked at, corrected and taken in; nothing in it ever runs."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from api.body import MAX_IMPORT
from api.desk import Desk
from api.pages.fault_words import SENTENCES
from api.pages.translate import translate
from knowledge_base import articles, importers
from knowledge_base.content import Content, Wording
from knowledge_base.file_articles import FileArticle
from tests.api.test_pages_console import SCRIPT, signed_in
from tests.api.test_pages_editor import eve, write
from tests.test_translations import API, ids

__all__ = ["eve"]

HEAD = "id,topic,language,question,variants,answer\n"
GOOD = "opening-hours,contact,en,When are you open?,,From 9 to 5.\n"
BAD = "Gift Cards,buying,fr,Are there gift cards?,,\n"


async def send(
    client: httpx.AsyncClient,
    step: str,
    data: str | bytes,
    *,
    file_format: str = "csv",
    lang: str = "en",
    **head: Any,
) -> httpx.Response:
    raw = data.encode() if isinstance(data, str) else data
    return await client.post(
        f"/editor/import/{step}",
        params={"format": file_format, "lang": lang},
        content=json.dumps(head).encode() + b"\n" + raw,
        headers={"Content-Type": "application/octet-stream"},
    )


async def ids_of(desk: Desk) -> set[str]:
    async with desk.database.reading() as session:
        return {view.id for view in await articles.list_articles(session)}


async def test_a_file_is_looked_at_and_nothing_is_written(desk, eve):
    await write(desk, "returning")
    report = (await send(eve, "check", HEAD + GOOD + BAD)).json()
    assert (report["new"], report["changed"], report["faulty"]) == (1, 0, 1)
    assert [one["id"] for one in report["items"]] == ["opening-hours"]
    assert {(one["row"], one["column"]) for one in report["faults"]} == {
        (3, "id"),
        (3, "language"),
        (3, "answer"),
    }
    assert await ids_of(desk) == {"returning"}


async def test_corrected_cells_make_the_row_good_and_all_become_drafts(desk, eve):
    fixes = {"1": {"id": "gift-cards", "language": "en", "answer": "Yes."}}
    checked = (await send(eve, "check", HEAD + GOOD + BAD, fixes=fixes)).json()
    assert (checked["new"], checked["faulty"], checked["faults"]) == (2, 0, [])
    done = (await send(eve, "write", HEAD + GOOD + BAD, fixes=fixes)).json()
    assert done["created"] == ["opening-hours", "gift-cards"]
    async with desk.database.reading() as session:
        view = await articles.get(session, "gift-cards")
    assert (view.status, view.author) == ("draft", "Eve")
    again = (await send(eve, "check", HEAD + GOOD + BAD, fixes=fixes)).json()
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)


async def test_good_rows_are_written_without_the_bad_ones(desk, eve):
    done = (await send(eve, "write", HEAD + GOOD + BAD)).json()
    assert (done["created"], done["left_out"]) == (["opening-hours"], 1)
    assert await ids_of(desk) == {"opening-hours"}


async def test_all_or_nothing_writes_nothing_while_a_row_is_wrong(desk, eve):
    refused = await send(eve, "write", HEAD + GOOD + BAD, whole=True)
    assert refused.status_code == 422
    assert refused.json()["code"] == "bad_import"
    assert await ids_of(desk) == set()


async def test_a_language_that_would_go_is_told(desk, eve):
    await write(desk, "returning")
    row = "returning,returns,en,How do I return it?,,Press return.\n"
    [item] = (await send(eve, "check", HEAD + row)).json()["items"]
    assert (item["state"], item["drops"]) == ("changed", ["zh-Hans"])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "is not one of the languages zh-Hans, zh-Hant, en"),
        ("zh-Hans", "不是可用的语言；可用：zh-Hans, zh-Hant, en"),
        ("zh-Hant", "不是可用的語言；可用：zh-Hans, zh-Hant, en"),
    ],
)
async def test_what_is_allowed_is_told_in_the_readers_language(eve, lang, words):
    report = (await send(eve, "check", HEAD + BAD, lang=lang)).json()
    told = {one["column"]: one["words"] for one in report["faults"]}
    assert told["language"] == words


async def test_ten_thousand_bad_rows_are_told(eve):
    report = (await send(eve, "check", HEAD + BAD * 10_000)).json()
    assert report["faulty"] == 10_000
    assert len(report["faults"]) == 10_000
    assert report["more_faults"] == 20_000


async def test_a_workbook_is_taken_in_and_comes_out_the_same(desk, eve):
    article = FileArticle(
        id="evil",
        topic="contact",
        content=Content(
            {"en": Wording(question=SCRIPT, answer=SCRIPT, variants=("=1",))}
        ),
    )
    data = importers.write([article], file_format="xlsx")
    done = await send(eve, "write", data, file_format="xlsx")
    assert done.json()["created"] == ["evil"]
    out = await eve.get("/api/v1/articles/export", params={"format": "xlsx"})
    assert importers.read(out.content, file_format="xlsx") == [article]
    for path in ("/editor/import", "/editor", "/editor/articles/evil"):
        assert SCRIPT not in (await eve.get(path)).text


@pytest.mark.parametrize("file_format", importers.FORMATS)
async def test_every_format_leaves_and_comes_back_through_the_api(
    desk, eve, file_format
):
    await write(desk, "returning")
    out = await eve.get("/api/v1/articles/export", params={"format": file_format})
    again = await eve.post(
        "/api/v1/articles/import",
        params={"format": file_format},
        content=out.content,
        headers={"Content-Type": out.headers["content-type"]},
    )
    if file_format != "json":  # strict JSON bodies must be sent as such
        assert again.status_code == 200, again.text
    assert again.json()["unchanged"] == ["returning"]


async def test_an_export_can_be_narrowed(desk, eve):
    await write(desk, "returning", published=True)
    await write(desk, "draft-only")

    async def exported(**asked: str) -> list[str]:
        params = {"format": "jsonl", **asked}
        text = (await eve.get("/api/v1/articles/export", params=params)).text
        return [json.loads(line)["id"] for line in text.splitlines()]

    assert await exported() == ["draft-only", "returning"]
    assert await exported(status="published") == ["returning"]
    assert await exported(topic="shipping") == []
    assert await exported(status="", topic="") == ["draft-only", "returning"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"{}\n", b"[]\nx", b'{"fixes":{"0":{"no":"x"}}}\nx', b"\xff\n\xff"],
)
async def test_what_is_no_file_with_corrections_is_refused(eve, body):
    answer = await eve.post(
        "/editor/import/check", params={"format": "csv"}, content=body
    )
    assert answer.status_code == 400


async def test_a_file_that_is_too_large_is_refused(eve):
    answer = await send(eve, "check", b" " * MAX_IMPORT)
    assert answer.status_code == 413


async def test_only_editors_may_send_files(desk, http):
    assert (await send(http, "check", HEAD + GOOD)).status_code == 401
    await signed_in(desk, http, "agent")
    assert (await send(http, "write", HEAD + GOOD)).status_code == 403
    page = await http.get("/editor/import")
    assert page.status_code == 200
    assert 'type="file"' not in page.text


def test_every_sentence_about_a_fault_is_in_the_catalogues():
    for language in ("zh-Hans", "zh-Hant"):
        assert set(SENTENCES) - ids(language) == set()
        assert translate(language, "entry %(number)s", number=2) != "entry 2"


def test_every_sentence_that_the_readers_say_can_be_told():
    """A new refusal in the file readers must join the table."""
    room = API.parent / "knowledge_base"
    for sentence in SENTENCES:
        found = [
            path
            for path in room.glob("*.py")
            if f'"{sentence}"' in path.read_text("utf-8")
        ]
        assert found, sentence
