from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.content import Wording
from knowledge_base.errors import BadImport
from knowledge_base.file_articles import FileArticle
from knowledge_base.importers import FORMATS, MOST_BYTES, read, write

HEAD = "id,topic,language,question,variants,answer\n"

printable = st.characters(
    codec="utf-8",
    exclude_categories=["Cc", "Cs"],
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
nasty = st.sampled_from(
    [
        "=1+1",
        "'=1",
        "-5",
        "@x",
        "'+",
        "a,b",
        'say "hi"',
        "---",
        "null",
        "yes",
        "1.0",
        "2026-01-01",
        "key: value",
        "# no comment",
        "<!-- warmline article -->",
        "\\<!-- warmline article -->",
        "退货？",
        "🙂",
        "\u2028x",
        "\x85".replace("\x85", "x"),
    ]
)
words = (
    (st.text(printable, min_size=1, max_size=30) | nasty).map(str.strip).filter(bool)
)
lines = st.lists(words | st.just(""), min_size=1, max_size=5).map("\n".join)
answers = lines.map(str.strip).filter(bool)
slugs = st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True)
wordings = st.builds(
    Wording,
    question=words,
    answer=answers,
    variants=st.lists(words, max_size=3).map(tuple),
)
contents = st.dictionaries(
    st.sampled_from(["zh-Hans", "zh-Hant", "en"]), wordings, min_size=1
)
articles = st.builds(FileArticle, id=slugs, topic=slugs, content=contents)


@pytest.mark.parametrize("file_format", FORMATS)
@settings(max_examples=60, deadline=None)
@given(found=st.lists(articles, max_size=3, unique_by=lambda one: one.id))
def test_what_is_written_reads_back_the_same(file_format, found):
    assert read(write(found, file_format=file_format), file_format=file_format) == found


def test_no_cell_of_a_spreadsheet_is_a_formula():
    article = FileArticle(
        id="a",
        topic="t",
        content={"en": Wording(question="=HYPERLINK(1)", answer="- step\n- step")},
    )
    text = write([article], file_format="csv").decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[3] == "'=HYPERLINK(1)"
    assert row[5].startswith("'- step")
    assert not any(cell[:1] in "=+-@" for cell in row if cell)


def test_a_spreadsheet_saved_in_china_is_read():
    data = (HEAD + "a,t,zh-Hans,怎么退货？,,七天内。\n").encode("gb18030")
    [found] = read(data, file_format="csv")
    assert found.content["zh-Hans"].question == "怎么退货？"


def test_windows_line_ends_and_empty_rows_do_not_matter():
    data = (HEAD + 'a,t,en,Why?,"One\nTwo",So.\n,,,,,\n').replace("\n", "\r\n").encode()
    [found] = read(data, file_format="csv")
    assert found.content["en"].variants == ("One", "Two")


def problems(data: str | bytes, file_format: str) -> list[tuple[int | None, str]]:
    raw = data if isinstance(data, bytes) else data.encode()
    with pytest.raises(BadImport) as caught:
        read(raw, file_format=file_format)
    return [(one.row, one.field) for one in caught.value.problems]


def test_every_bad_row_is_named_at_once():
    data = HEAD + "A B,t,en,Why?,,So.\nb,t,fr,Why?,,So.\nc,t,en,,,So.\nd,t,en\n"
    assert set(problems(data, "csv")) == {
        (2, "id"),
        (3, "fr"),
        (4, "en.question"),
        (5, "row"),
    }


@pytest.mark.parametrize(
    ("data", "file_format"),
    [
        ("id,topic\na,t\n", "csv"),
        (HEAD + 'a,t,en,"Why?,,So.\n', "csv"),
        (b"\xff\xff\x00", "csv"),
        ('{"id": "a"', "jsonl"),
        ("[1]\n", "jsonl"),
        ("[" * 100_000, "jsonl"),
        ("a: [", "yaml"),
        ("a: 1", "yaml"),
        ("- 1", "yaml"),
        ("!!python/object/apply:os.system ['true']", "yaml"),
        ("no front matter", "markdown"),
        ("---\n- 1\n---\nanswer", "markdown"),
        ("---\na: [\n---\nanswer", "markdown"),
    ],
)
def test_a_file_that_is_something_else_is_refused(data, file_format):
    assert problems(data, file_format)


def test_one_article_told_twice_is_refused():
    row = "a,t,en,Why?,,So.\n"
    assert problems(HEAD + row + row, "csv") == [(3, "id")]
    line = '{"id":"a","topic":"t","en":{"question":"?","variants":[],"answer":"!"}}\n'
    assert problems(line + line, "jsonl") == [(2, "id")]


def test_two_topics_of_one_article_are_refused():
    data = HEAD + "a,t,en,Why?,,So.\na,u,zh-Hans,为何？,,因为。\n"
    assert problems(data, "csv") == [(3, "topic")]


def test_a_huge_file_is_refused_before_it_is_parsed():
    assert problems(b" " * (MOST_BYTES + 1), "jsonl") == [(None, "file")]


def test_a_single_markdown_document_needs_no_opening_line():
    text = "---\nid: a\ntopic: t\nlanguage: en\nquestion: Why?\n---\nSo.\n"
    [found] = read(text.encode(), file_format="markdown")
    assert found.content["en"] == Wording(question="Why?", answer="So.")
