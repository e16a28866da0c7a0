"""How articles stand in CSV and Markdown: one row or document an article and language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowledge_base.errors import Problem
from knowledge_base.file_articles import (
    COLUMNS,
    EXTRAS,
    FileArticle,
    Line,
    by_language,
    dump_yaml,
    extra_cells,
    extras_of,
    load_yaml,
    unreadable,
    used_extras,
)

#: a spreadsheet runs what begins like this, some after a mark that it takes for its own
_RUN = r"""(?:[\t\r]|["; ,]*[=+\-@＝＋－＠])"""
_FORMULA = re.compile(rf"'*{_RUN}")
#: our quote before it keeps it text
_QUOTED_FORMULA = re.compile(rf"'+{_RUN}")
_DELIMITERS = ",;\t"
_BEGIN = "<!-- warmline article -->"
_BEGIN_INSIDE = re.compile(rf"^(\\*{re.escape(_BEGIN)})$", re.MULTILINE)
_BEGIN_ESCAPED = re.compile(rf"^\\(\\*{re.escape(_BEGIN)})$", re.MULTILINE)
_FRONT = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


def write_csv(articles: Sequence[FileArticle]) -> bytes:
    stream = io.StringIO(newline="")
    out = csv.writer(stream, quoting=csv.QUOTE_ALL)
    extras = used_extras(articles)
    out.writerow((*COLUMNS, *extras))
    for article, language, wording in by_language(articles):
        cells = (
            article.id,
            article.topic,
            language,
            wording["question"],
            "\n".join(wording["variants"]),
            wording["answer"],
            *extra_cells(article, extras),
        )
        out.writerow(map(kept_text, cells))
    # the mark makes spreadsheets read the file as UTF-8
    return stream.getvalue().encode("utf-8-sig")


def read_csv(text: str, problems: list[Problem]) -> Iterator[Line]:
    """Comma, semicolon or tab: whichever parts the first line into our columns."""
    first, _, _ = text.partition("\n")
    mark = max(_DELIMITERS, key=first.count)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark)
    try:
        head = [cell.strip().lower() for cell in next(rows, [])]
        missing = [column for column in COLUMNS if column not in head]
        if missing:
            problems.append(lacks_columns(missing))
            return
        for row, cells in enumerate(rows, start=2):
            if any(cell.strip() for cell in cells):
                yield from _csv_line(row, cells, head=head, problems=problems)
    except csv.Error as error:
        problems.append(unreadable("row", str(error), row=rows.line_num))


def _csv_line(
    row: int, cells: Sequence[str], *, head: Sequence[str], problems: list[Problem]
) -> Iterator[Line]:
    if len(cells) != len(head):
        problems.append(
            Problem.of(
                "row",
                "has %(found)s cells, not %(wanted)s",
                row=row,
                found=len(cells),
                wanted=len(head),
            )
        )
        return
    named = dict(zip(head, cells, strict=True))
    known = [column for column in (*COLUMNS, *EXTRAS) if column in named]
    yield table_line(row, {column: bare_text(named[column]) for column in known})


def table_line(row: int, cells: Mapping[str, str]) -> Line:
    """A row of a table, in which the variants stand one below the other."""
    found: dict[str, Any] = dict(cells)
    for column in ("id", "topic", "language"):
        if type(found[column]) is str:
            found[column] = found[column].strip()
    if type(found["variants"]) is str:
        lines = found["variants"].split("\n")
        found["variants"] = [one for one in lines if one.strip()]
    return Line(row, found)


def lacks_columns(missing: Sequence[str]) -> Problem:
    return Problem.of("file", "has no column %(missing)s", missing=", ".join(missing))


def kept_text(cell: str) -> str:
    """The cell with a quote before it when a spreadsheet would run it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def bare_text(cell: str) -> str:
    """What `kept_text` was given."""
    return cell[1:] if _QUOTED_FORMULA.match(cell) else cell


def write_markdown(articles: Sequence[FileArticle]) -> bytes:
    documents = []
    for article, language, wording in by_language(articles):
        front = {
            "id": article.id,
            "topic": article.topic,
            "language": language,
            "question": wording["question"],
            "variants": wording["variants"],
            **extras_of(article),
        }
        answer = _BEGIN_INSIDE.sub(r"\\\1", wording["answer"])
        documents.append(f"{_BEGIN}\n---\n{dump_yaml(front)}---\n{answer}\n")
    return "".join(documents).encode()


def read_markdown(text: str, problems: list[Problem]) -> Iterator[Line]:
    """A file of one document needs no opening line."""
    row = 1
    for document in re.split(rf"^{re.escape(_BEGIN)}\n", text, flags=re.MULTILINE):
        if document.strip():
            yield from _document(document.lstrip("\n"), row=row, problems=problems)
        row += document.count("\n") + 1


def _document(document: str, *, row: int, problems: list[Problem]) -> Iterator[Line]:
    match = _FRONT.fullmatch(document)
    if match is None:
        problems.append(
            Problem.of(
                "document", "must begin with --- and the fields of the article", row=row
            )
        )
        return
    before = len(problems)
    front = load_yaml(match[1], field="document", row=row, problems=problems)
    if isinstance(front, dict):
        answer = _BEGIN_ESCAPED.sub(r"\1", match[2])
        yield Line(row, {**front, "answer": answer})
    elif len(problems) == before:
        problems.append(Problem.of("document", "has no fields", row=row))
