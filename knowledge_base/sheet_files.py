"""How articles stand in XLSX: the same table as CSV, read as text and nothing else.

A workbook is an archive of XML: its unpacked size, rows and columns are bounded before
and while it is read, entities are refused, and a formula is never run.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.xml import DEFUSEDXML

from knowledge_base.errors import BadImport, Problem
from knowledge_base.file_articles import (
    COLUMNS,
    EXTRAS,
    FileArticle,
    Line,
    NotWords,
    by_language,
    extra_cells,
    unreadable,
    used_extras,
)
from knowledge_base.row_files import bare_text, kept_text, lacks_columns, table_line

MOST_UNPACKED: Final = 80_000_000
_MOST_PARTS = 2_000
_MOST_ROWS = 60_000
_MOST_COLUMNS = 60
#: what one cell of a spreadsheet can hold, less room for our quote
_MOST_CELL = 32_000
_WIDTHS = (28, 16, 12, 44, 44, 80)
#: XML cannot carry these; spreadsheets write them so
_NO_XML = re.compile("[\ufffe\uffff]")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MORE_VARIANTS = re.compile(r"variants( \d+)?")


def write_xlsx(articles: Sequence[FileArticle]) -> bytes:
    """A workbook of one sheet; what does not fit one cell goes on in "variants 2"."""
    extras = used_extras(articles)
    rows = [_cells(*one, extras=extras) for one in by_language(articles)]
    columns = [*COLUMNS, *extras]
    more = max((len(row) for row in rows), default=len(columns)) - len(columns)
    head = [*columns, *(f"variants {number + 2}" for number in range(more))]
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("articles")
    sheet.freeze_panes = "A2"
    for place, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEF"[place]].width = width
    sheet.append([_cell(sheet, one, is_head=True) for one in head])
    for row in rows:
        sheet.append([_cell(sheet, one) for one in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cells(
    article: FileArticle, language: str, wording: Any, *, extras: Sequence[str]
) -> list[str]:
    first, *more = _parts(wording["variants"])
    texts = (article.id, article.topic, language, wording["question"], first)
    return [*texts, wording["answer"], *extra_cells(article, extras), *more]


def _parts(variants: Sequence[str]) -> list[str]:
    """The variants one below the other, in as many cells as they need."""
    parts = [""]
    for one in variants:
        joined = f"{parts[-1]}\n{one}" if parts[-1] else one
        if len(joined) > _MOST_CELL:
            parts.append(one)
        else:
            parts[-1] = joined
    return parts


def _cell(sheet: Any, text: str, *, is_head: bool = False) -> Any:
    escaped = _ESCAPED.sub(lambda found: f"_x005F{found[0]}", kept_text(text))
    escaped = _NO_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", escaped)
    cell = WriteOnlyCell(sheet, value=escaped)
    # whatever it looks like: text
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.number_format = "@"
    if is_head:
        cell.font = Font(bold=True)
    return cell


def read_xlsx(data: bytes, problems: list[Problem]) -> Iterator[Line]:
    """The first sheet, row by row."""
    _check_archive(data)
    if not DEFUSEDXML:
        raise RuntimeError("defusedxml is missing.")
    try:
        yield from _rows(data, problems)
    except BadImport:
        raise
    # openpyxl raises whatever comes to it of a damaged workbook
    except Exception as error:  # noqa: BLE001
        problems.append(unreadable("file", f"{type(error).__name__}: {error}"))


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadImport([Problem.of("file", "is no XLSX workbook")]) from error
    if len(parts) > _MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise BadImport(
            [
                Problem.of(
                    "file",
                    "unpacks to more than %(most)s MB",
                    most=MOST_UNPACKED // 1_000_000,
                )
            ]
        )


def _rows(data: bytes, problems: list[Problem]) -> Iterator[Line]:
    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=False, keep_links=False
    )
    try:
        sheet: Any = book.worksheets[0]
        # what the sheet says of its own size may be wrong
        sheet.reset_dimensions()
        rows = sheet.iter_rows(max_row=_MOST_ROWS, max_col=_MOST_COLUMNS)
        head = [str(_text(cell)).strip().lower() for cell in next(rows, ())]
        missing = [column for column in COLUMNS if column not in head]
        if missing:
            problems.append(lacks_columns(missing))
            return
        for number, cells in enumerate(rows, start=2):
            texts = [_text(cell) for cell in cells]
            if any(text.strip() for text in texts):
                yield _line(number, head, texts)
    finally:
        book.close()


def _line(row: int, head: Sequence[str], texts: Sequence[str]) -> Line:
    padded = [*texts, *[""] * (len(head) - len(texts))]
    named = dict(zip(head, padded, strict=False))
    cells = {one: named[one] for one in (*COLUMNS, *EXTRAS) if one in named}
    more = [
        text
        for column, text in zip(head, padded, strict=False)
        if _MORE_VARIANTS.fullmatch(column) and text
    ]
    if not any(isinstance(one, NotWords) for one in more):
        cells["variants"] = "\n".join(more)
    return table_line(row, cells)


def _text(cell: Any) -> str:
    """The cell as somebody reads it; a formula is told from words."""
    value = cell.value
    if value is None:
        return ""
    if cell.data_type in {"f", "e"}:
        return NotWords(getattr(value, "text", None) or value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    text = str(value).replace("\r\n", "\n")
    return bare_text(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
