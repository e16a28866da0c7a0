"""How articles leave and come back as files: everything that is written reads back the same.

All problems of a file are collected before anything is written to the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, get_args

from knowledge_base.content import check_article
from knowledge_base.errors import BadImport, InvalidArticle, Problem
from knowledge_base.file_articles import FileArticle, RawArticle
from knowledge_base.object_files import read_jsonl, read_yaml, write_jsonl, write_yaml
from knowledge_base.row_files import (
    read_csv,
    read_markdown,
    said_twice,
    write_csv,
    write_markdown,
)

FileFormat = Literal["markdown", "csv", "yaml", "jsonl"]
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)
MOST_BYTES = 20_000_000


def write(articles: Iterable[FileArticle], *, file_format: FileFormat) -> bytes:
    """The articles as a file of this format."""
    return _WRITERS[file_format](list(articles))


def read(data: bytes, *, file_format: FileFormat) -> list[FileArticle]:
    """The articles of a file; raises BadImport with every problem and its row."""
    if len(data) > MOST_BYTES:
        reason = f"is larger than {MOST_BYTES // 1_000_000} MB"
        raise BadImport([Problem(field="file", reason=reason)])
    problems: list[Problem] = []
    found: dict[str, FileArticle] = {}
    for raw in _READERS[file_format](_decoded(data), problems):
        try:
            content = check_article(raw.article_id, raw.topic, raw.content)
        except InvalidArticle as error:
            problems += [
                Problem(field=one.field, reason=one.reason, row=raw.row)
                for one in error.problems
            ]
            continue
        if raw.article_id in found:
            problems.append(said_twice(raw.article_id, raw.row))
        found[raw.article_id] = FileArticle(
            id=raw.article_id, topic=raw.topic, content=content
        )
    if problems:
        raise BadImport(problems)
    return list(found.values())


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.replace("\r\n", "\n")
    raise BadImport([Problem(field="file", reason="is neither UTF-8 nor GB 18030")])


_WRITERS: dict[FileFormat, Callable[[Sequence[FileArticle]], bytes]] = {
    "markdown": write_markdown,
    "csv": write_csv,
    "yaml": write_yaml,
    "jsonl": write_jsonl,
}
_READERS: dict[FileFormat, Callable[[str, list[Problem]], Iterator[RawArticle]]] = {
    "markdown": read_markdown,
    "csv": read_csv,
    "yaml": read_yaml,
    "jsonl": read_jsonl,
}
