"""How articles stand in CSV and Markdown: one row or document an article and language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from knowledge_base.errors import Problem
from knowledge_base.file_articles import (
    FileArticle,
    RawArticle,
    by_language,
    dump_yaml,
    load_yaml,
)

_COLUMNS = ("id", "topic", "language", "question", "variants", "answer")
#: a spreadsheet runs what begins like this; our quote keeps it text
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")
_BEGIN = "<!-- warmline article -->"
_BEGIN_INSIDE = re.compile(rf"^(\\*{re.escape(_BEGIN)})$", re.MULTILINE)
_BEGIN_ESCAPED = re.compile(rf"^\\(\\*{re.escape(_BEGIN)})$", re.MULTILINE)
_FRONT = re.compile(r"---\n(.*?\n)---\n(.*)", re.DOTALL)


def write_csv(articles: Sequence[FileArticle]) -> bytes:
    stream = io.StringIO(newline="")
    out = csv.writer(stream)
    out.writerow(_COLUMNS)
    for article, language, wording in by_language(articles):
        cells = (
            article.id,
            article.topic,
            language,
            wording["question"],
            "\n".join(wording["variants"]),
            wording["answer"],
        )
        out.writerow(f"'{one}" if _FORMULA.match(one) else one for one in cells)
    # the mark makes spreadsheets read the file as UTF-8
    return stream.getvalue().encode("utf-8-sig")


def read_csv(text: str, problems: list[Problem]) -> Iterator[RawArticle]:
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    parts: list[tuple[int, dict[str, Any]]] = []
    try:
        head = [cell.strip() for cell in next(rows, [])]
        missing = [column for column in _COLUMNS if column not in head]
        if missing:
            reason = f"has no column {', '.join(missing)}"
            problems.append(Problem(field="file", reason=reason))
            return
        parts = list(_csv_rows(rows, head, problems))
    except csv.Error as error:
        problems.append(Problem(field="row", reason=str(error), row=rows.line_num))
    yield from _joined(parts, problems)


def _csv_rows(
    rows: Iterable[list[str]], head: list[str], problems: list[Problem]
) -> Iterator[tuple[int, dict[str, Any]]]:
    for row, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(head):
            reason = f"has {len(cells)} cells, not {len(head)}"
            problems.append(Problem(field="row", reason=reason, row=row))
            continue
        named: dict[str, Any] = dict(zip(head, map(_cell, cells), strict=True))
        part = {column: named[column] for column in _COLUMNS}
        lines = part["variants"].split("\n")
        part["variants"] = [one for one in lines if one.strip()]
        yield row, part


def _cell(cell: str) -> str:
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
        }
        answer = _BEGIN_INSIDE.sub(r"\\\1", wording["answer"])
        documents.append(f"{_BEGIN}\n---\n{dump_yaml(front)}---\n{answer}\n")
    return "".join(documents).encode()


def read_markdown(text: str, problems: list[Problem]) -> Iterator[RawArticle]:
    """A file of one document needs no opening line."""
    parts: list[tuple[int, dict[str, Any]]] = []
    row = 1
    for document in re.split(rf"^{re.escape(_BEGIN)}\n", text, flags=re.MULTILINE):
        if document.strip():
            parts += _document(document.lstrip("\n"), row=row, problems=problems)
        row += document.count("\n") + 1
    yield from _joined(parts, problems)


def _document(
    document: str, *, row: int, problems: list[Problem]
) -> Iterator[tuple[int, dict[str, Any]]]:
    match = _FRONT.fullmatch(document)
    if match is None:
        reason = "must begin with --- and the fields of the article"
        problems.append(Problem(field="document", reason=reason, row=row))
        return
    before = len(problems)
    front = load_yaml(match[1], field="document", row=row, problems=problems)
    if isinstance(front, dict):
        answer = _BEGIN_ESCAPED.sub(r"\1", match[2])
        yield row, {**front, "answer": answer}
    elif len(problems) == before:
        problems.append(Problem(field="document", reason="has no fields", row=row))


def _joined(
    parts: Sequence[tuple[int, dict[str, Any]]], problems: list[Problem]
) -> Iterator[RawArticle]:
    """The languages of one article brought together."""
    found: dict[Any, RawArticle] = {}
    for row, part in parts:
        article_id, language = part.get("id"), str(part.get("language"))
        wording = {
            key: value
            for key, value in part.items()
            if key not in {"id", "topic", "language"}
        }
        first = found.setdefault(
            str(article_id), RawArticle(row, article_id, part.get("topic"), {})
        )
        if language in first.content:
            problems.append(said_twice(f"{article_id} in {language}", row))
        if part.get("topic") != first.topic:
            reason = f"is not the {first.topic!r} of row {first.row}"
            problems.append(Problem(field="topic", reason=reason, row=row))
        found[str(article_id)] = RawArticle(
            first.row,
            first.article_id,
            first.topic,
            {**first.content, language: wording},
        )
    yield from found.values()


def said_twice(article_id: str, row: int) -> Problem:
    """The same thing stands in the file a second time."""
    return Problem(field="id", reason=f"{article_id!r} stands here twice", row=row)
