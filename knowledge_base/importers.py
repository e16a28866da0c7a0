"""How articles leave and come back as files: everything that is written reads back the same.

All problems of a file are collected before anything is written to the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Literal, get_args

from knowledge_base.errors import BadImport, Problem
from knowledge_base.file_articles import FileArticle, Line
from knowledge_base.file_encoding import decoded
from knowledge_base.file_lines import Fault, Fixes, Gathered, fixed, gather
from knowledge_base.object_files import (
    read_json,
    read_jsonl,
    read_yaml,
    write_json,
    write_jsonl,
    write_yaml,
)
from knowledge_base.row_files import read_csv, read_markdown, write_csv, write_markdown
from knowledge_base.sheet_files import read_xlsx, write_xlsx

FileFormat = Literal["markdown", "csv", "xlsx", "yaml", "json", "jsonl"]
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)
MOST_BYTES = 20_000_000
MOST_LINES = 50_000


def write(articles: Iterable[FileArticle], *, file_format: FileFormat) -> bytes:
    """The articles as a file of this format."""
    return _WRITERS[file_format](list(articles))


def read(data: bytes, *, file_format: FileFormat) -> list[FileArticle]:
    """The articles of a file; raises BadImport with every problem and its row."""
    found = examine(data, file_format=file_format)
    if found.faults:
        raise BadImport([one.problem for one in found.faults])
    return found.articles


def examine(
    data: bytes, *, file_format: FileFormat, fixes: Fixes | None = None
) -> Gathered:
    """The articles that can be taken, and everything that is wrong with the others."""
    problems: list[Problem] = []
    try:
        lines = _bounded(data, file_format, problems)
    except BadImport as error:
        return Gathered(faults=[Fault(problem=one) for one in error.problems])
    found = gather(fixed(lines, fixes or {}))
    found.faults[:0] = [Fault(problem=one) for one in problems]
    return found


def _bounded(
    data: bytes, file_format: FileFormat, problems: list[Problem]
) -> list[Line]:
    if len(data) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise BadImport([Problem.of("file", "is larger than %(most)s MB", most=most)])
    lines = list(islice(_lines(data, file_format, problems), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        too_many = Problem.of("file", "has more than %(most)s rows", most=MOST_LINES)
        raise BadImport([too_many])
    return lines


def _lines(
    data: bytes, file_format: FileFormat, problems: list[Problem]
) -> Iterator[Line]:
    if file_format == "xlsx":
        return read_xlsx(data, problems)
    return _TEXT_READERS[file_format](decoded(data), problems)


_WRITERS: dict[FileFormat, Callable[[Sequence[FileArticle]], bytes]] = {
    "markdown": write_markdown,
    "csv": write_csv,
    "xlsx": write_xlsx,
    "yaml": write_yaml,
    "json": write_json,
    "jsonl": write_jsonl,
}
_TEXT_READERS: Mapping[str, Callable[[str, list[Problem]], Iterator[Line]]] = {
    "markdown": read_markdown,
    "csv": read_csv,
    "yaml": read_yaml,
    "json": read_json,
    "jsonl": read_jsonl,
}
