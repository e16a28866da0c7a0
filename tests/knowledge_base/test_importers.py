from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.conditions import Conditions
from knowledge_base.content import Content, Wording
from knowledge_base.errors import BadImport
from knowledge_base.file_articles import COLUMNS, FileArticle
from knowledge_base.importers import FORMATS, MOST_BYTES, examine, read, write
from knowledge_base.sheet_files import MOST_UNPACKED

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
#: YAML took some of these for truth or a number once
codes = st.sampled_from(["no", "on", "1", "1e5", "0x1"]) | st.from_regex(
    r"[a-z0-9]{1,6}([-_][a-z0-9]{1,4})?", fullmatch=True
)
contents = st.builds(
    Content,
    st.dictionaries(
        st.sampled_from(["zh-Hans", "zh-Hant", "en"]), wordings, min_size=1
    ),
    answer_precision=st.none() | st.floats(0.5, 0.99),
    conditions=st.builds(
        lambda regions, channels, days: Conditions(
            regions=tuple(regions),
            channels=tuple(channels),
            ordered_from=days[0],
            ordered_until=days[-1],
        ),
        st.lists(codes, max_size=3, unique=True),
        st.lists(codes, max_size=2, unique=True),
        st.just([None])
        | st.lists(st.dates(), min_size=1, max_size=2).map(sorted)
        | st.dates().map(lambda day: [None, day]),
    ),
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
        content=Content(
            {"en": Wording(question="=HYPERLINK(1)", answer="- step\n- step")}
        ),
    )
    text = write([article], file_format="csv").decode("utf-8-sig")
    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[3] == "'=HYPERLINK(1)"
    assert row[5].startswith("'- step")
    assert not any(cell[:1] in "=+-@" for cell in row if cell)


@pytest.mark.parametrize("text", ["=1", "＝1", "＋1", "-1", "@x", '"=1', ";=1", ", =1"])
def test_whatever_a_spreadsheet_would_run_is_quoted_and_comes_back(text):
    wording = Wording(question=text, answer=text, variants=(text,))
    article = FileArticle(id="a", topic="t", content=Content({"en": wording}))
    data = write([article], file_format="csv")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1][3] == f"'{text}"
    assert read(data, file_format="csv") == [article]


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


def sheet(*rows: tuple[object, ...], head: tuple[str, ...] = COLUMNS) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(head)
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_no_cell_of_a_workbook_is_a_formula():
    article = FileArticle(
        id="a",
        topic="t",
        content=Content({"en": Wording(question="=HYPERLINK(1)", answer="＋1\n@x")}),
    )
    data = write([article], file_format="xlsx")
    cells = openpyxl.load_workbook(io.BytesIO(data)).active[2]
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert cells[3].value == "'=HYPERLINK(1)"
    assert cells[5].value == "'＋1\n@x"


def test_a_formula_is_refused_and_never_run():
    data = sheet(("a", "t", "en", '=HYPERLINK("http://evil")', None, "So."))
    [fault] = examine(data, file_format="xlsx").faults
    assert (fault.line, fault.column, fault.problem.row) == (0, "question", 2)
    assert fault.value == '=HYPERLINK("http://evil")'


def test_numbers_and_dates_of_a_workbook_are_read_as_they_look():
    data = sheet((24, "t", "en", True, date(2026, 3, 3), 7))
    [found] = read(data, file_format="xlsx")
    wording = found.content["en"]
    assert (found.id, wording.question, wording.answer) == ("24", "TRUE", "7")
    assert wording.variants[0].startswith("2026-03-03")


def test_more_variants_than_a_cell_holds_come_back_in_order():
    variants = tuple(f"{number} {'x' * 290}" for number in range(200))
    wording = Wording(question="Why?", answer="So.", variants=variants)
    article = FileArticle(id="a", topic="t", content=Content({"en": wording}))
    assert read(write([article], file_format="xlsx"), file_format="xlsx") == [article]


def bomb(unpacked: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * unpacked)
    return stream.getvalue()


def entities() -> bytes:
    """A workbook whose sheet names an entity of its own."""
    source = zipfile.ZipFile(io.BytesIO(sheet(("a", "t", "en", "Why?", "", "So."))))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in source.namelist():
            text = source.read(name)
            if name.endswith("sheet1.xml"):
                text = b'<!DOCTYPE x [<!ENTITY a "aa">]>' + text
            archive.writestr(name, text)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04 cut",
        b"id,topic\n",
        bomb(MOST_UNPACKED + 1),
        bomb(10),
        entities(),
        sheet(("a", "t"), head=("id", "topic")),
        sheet()[:2000],
    ],
    ids=["cut", "text", "bomb", "no book", "entities", "no columns", "half"],
)
def test_a_workbook_that_is_something_else_is_refused(data):
    assert problems(data, "xlsx")


def test_a_workbook_that_claims_endless_rows_ends():
    book = openpyxl.Workbook()
    book.active.append(COLUMNS)
    book.active.cell(1_048_576, 16_384, "far away")
    stream = io.BytesIO()
    book.save(stream)
    assert examine(stream.getvalue(), file_format="xlsx").lines == []


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", "怎么退货？签收后七天内可以退。"),
        ("big5", "怎麼退貨？簽收後七天內可以退。"),
        ("utf-16", "怎么退货？签收后七天内可以退。"),
        ("utf-8-sig", "怎么退货？"),
        ("utf-8", "怎么退货？"),
    ],
)
def test_the_encodings_of_spreadsheets_are_recognised(encoding, text):
    data = (HEAD + f"a,t,zh-Hans,{text},,{text}\n").encode(encoding)
    [found] = read(data, file_format="csv")
    assert found.content["zh-Hans"].question == text


@pytest.mark.parametrize(
    "data",
    [
        "Réception, garçon, déjà".encode("cp1252"),
        "返品はできますか。商品の交換".encode("shift_jis"),
        "возврат товара".encode("cp1251"),
        "怎么退货".encode("utf-16-le") + "a".encode("utf-16-le"),
        b"\xff\xfea",
    ],
    ids=["western", "japanese", "russian", "no mark", "damaged"],
)
def test_other_encodings_are_refused_and_not_guessed(data):
    [problem] = examine(data, file_format="csv").faults
    assert problem.problem.field == "file"


@pytest.mark.parametrize("mark", [";", "\t"])
def test_semicolons_and_tabs_part_cells_too(mark):
    data = (HEAD + "a,t,en,Why?,,So.\n").replace(",", mark)
    assert [one.id for one in read(data.encode(), file_format="csv")] == ["a"]


def test_every_fault_names_its_cell():
    data = HEAD + 'a,t,en,,,So.\nb,T T,fr,Why?,"One\n' + "x" * 301 + '",So.\n'
    found = examine(data.encode(), file_format="csv").faults
    assert [(one.line, one.problem.row, one.column, one.entry) for one in found] == [
        (0, 2, "question", None),
        (1, 3, "topic", None),
        (1, 3, "language", None),
        (1, 3, "variants", 2),
    ]
    fixes = {1: {"topic": "t", "language": "en", "variants": "One"}}
    again = examine(data.encode(), file_format="csv", fixes=fixes).faults
    assert [(one.line, one.column) for one in again] == [(0, "question")]


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_corrected_cell_makes_the_article_whole(file_format):
    article = FileArticle(
        id="a",
        topic="t",
        content=Content({"en": Wording(question="Why?", answer="So.")}),
    )
    data = write([article], file_format=file_format)
    fixes = {0: {"question": "Why not?", "variants": "One\nTwo"}}
    [found] = examine(data, file_format=file_format, fixes=fixes).articles
    assert found.content["en"].variants == ("One", "Two")
    assert found.content["en"].question == "Why not?"


def test_one_bad_language_keeps_the_whole_article_out_and_no_other():
    data = HEAD + "a,t,en,Why?,,So.\na,t,zh-Hans,,,因为。\nb,t,en,Who?,,We.\n"
    found = examine(data.encode(), file_format="csv")
    assert [one.id for one in found.articles] == ["b"]
    assert found.faulty_lines == 1


def test_ten_thousand_bad_rows_are_all_named_in_good_time():
    data = (HEAD + "A B,t,xx,,,\n" * 10_000).encode()
    started = time.perf_counter()
    found = examine(data, file_format="csv")
    assert found.faulty_lines == 10_000
    assert time.perf_counter() - started < 10


class TestTheWantedPrecision:
    ARTICLE = FileArticle(
        id="a",
        topic="t",
        content=Content(
            {
                "en": Wording(question="Why?", answer="So."),
                "zh-Hans": Wording(question="为什么？", answer="这样。"),
            },
            answer_precision=0.975,
        ),
    )

    @pytest.mark.parametrize("file_format", FORMATS)
    def test_it_travels_in_every_format(self, file_format):
        data = write([self.ARTICLE], file_format=file_format)
        [back] = read(data, file_format=file_format)
        assert back.content.answer_precision == 0.975

    def test_a_table_has_its_column_only_where_an_article_wants_one(self):
        plain = FileArticle(id="b", topic="t", content=Content(self.ARTICLE.content))
        assert b"answer_precision" not in write([plain], file_format="csv")
        assert read(HEAD.encode() + b"a,t,en,Why?,,So.\n", file_format="csv")
        both = write([plain, self.ARTICLE], file_format="csv")
        found = {one.id: one for one in read(both, file_format="csv")}
        assert found["b"].content.answer_precision is None
        assert found["a"].content.answer_precision == 0.975

    @pytest.mark.parametrize("said", ["1.5", "97", "0.2", "very", "nan", "=1+1"])
    def test_what_is_no_share_is_refused_at_its_cell(self, said):
        head = HEAD.strip() + ",answer_precision\n"
        assert problems(f"{head}a,t,en,Why?,,So.,{said}\n", "csv") == [
            (2, "answer_precision")
        ]

    def test_the_rows_of_one_article_must_agree(self):
        head = HEAD.strip() + ",answer_precision\n"
        rows = "a,t,en,Why?,,So.,0.97\na,t,zh-Hans,为什么？,,这样。,\n"
        assert problems(head + rows, "csv") == [(3, "answer_precision")]


class TestForWhomItHolds:
    ARTICLE = FileArticle(
        id="a",
        topic="t",
        content=Content(
            {
                "en": Wording(question="Why?", answer="So."),
                "zh-Hans": Wording(question="为什么？", answer="这样。"),
            },
            conditions=Conditions(
                regions=("no", "hk"),
                channels=("mini_app",),
                ordered_until=date(2026, 6, 30),
            ),
        ),
    )

    @pytest.mark.parametrize("file_format", FORMATS)
    def test_it_travels_in_every_format(self, file_format):
        data = write([self.ARTICLE], file_format=file_format)
        assert read(data, file_format=file_format) == [self.ARTICLE]

    def test_front_matter_may_say_it_by_hand(self):
        text = (
            "---\nid: a\ntopic: t\nlanguage: en\nquestion: Why?\nvariants: []\n"
            "regions: [no, hk]\nchannels: mini_app\nordered_until: 2026-06-30\n---\nSo.\n"
        )
        [found] = read(text.encode(), file_format="markdown")
        assert found.content.conditions == self.ARTICLE.content.conditions

    @pytest.mark.parametrize(
        ("column", "said"),
        [
            ("regions", "hong kong!"),
            ("channels", "网页"),
            ("ordered_from", "1.7.2026"),
            ("ordered_until", "=TODAY()"),
        ],
    )
    def test_what_is_none_is_refused_at_its_cell(self, column, said):
        head = f"{HEAD.strip()},{column}\n"
        assert problems(f"{head}a,t,en,Why?,,So.,{said}\n", "csv") == [(2, column)]

    def test_the_rows_of_one_article_must_agree(self):
        head = HEAD.strip() + ",regions\n"
        rows = "a,t,en,Why?,,So.,hk\na,t,zh-Hans,为什么？,,这样。,cn\n"
        assert problems(head + rows, "csv") == [(3, "regions")]
