"""What an article is while it travels between a file and the database."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge_base.conditions import CONDITIONS
from knowledge_base.content import PRECISION, Content, as_json
from knowledge_base.errors import Problem

#: the fields of one article in one language, in the order a table has them
COLUMNS = ("id", "topic", "language", "question", "variants", "answer")
#: fields of the article as a whole that a file may leave out; each of its rows says them
EXTRAS = (PRECISION, *CONDITIONS)


@dataclass(frozen=True, kw_only=True)
class FileArticle:
    """An article as a file has it."""

    id: str
    topic: str
    content: Content


@dataclass(frozen=True)
class Line:
    """One article in one language as a file has it, unchecked."""

    #: where it stands in the file, counted from 1
    row: int
    cells: Mapping[str, Any]


class NotWords(str):
    """What stands in a cell that holds no words: a formula, or the error it became."""

    __slots__ = ()


def by_language(
    articles: Sequence[FileArticle],
) -> Iterator[tuple[FileArticle, str, Any]]:
    """Every article once a language, for files with a row for each."""
    for article in articles:
        for language, wording in as_json(article.content).items():
            if language not in EXTRAS:
                yield article, language, wording


def extras_of(article: FileArticle) -> dict[str, Any]:
    """Those of EXTRAS that the article has."""
    shape = as_json(article.content)
    return {name: shape[name] for name in EXTRAS if name in shape}


def extra_cells(article: FileArticle, names: Sequence[str]) -> list[str]:
    """The same as the cells of a table, empty where the article has none."""
    said = extras_of(article)
    return [
        ", ".join(value) if isinstance(value, list) else str(value)
        for value in (said.get(name, "") for name in names)
    ]


def used_extras(articles: Sequence[FileArticle]) -> list[str]:
    """The columns that a table of these needs beyond COLUMNS."""
    used = {name for article in articles for name in extras_of(article)}
    return [name for name in EXTRAS if name in used]


def dump_yaml(value: object) -> str:
    """YAML that reads back the same: keys in their order, no line folded."""
    yaml = YAML(typ="safe", pure=True)
    yaml.allow_unicode = True
    yaml.default_flow_style = False
    yaml.width = 1_000_000
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    yaml.dump(value, stream)
    return stream.getvalue()


def load_yaml(
    text: str, *, field: str, row: int | None, problems: list[Problem]
) -> Any:
    """The parsed text, or None and a problem more."""
    try:
        return YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError, RecursionError) as error:
        said = " ".join(str(error).split())
        problems.append(unreadable(field, said, row=row))
        return None


def unreadable(field: str, said: str, *, row: int | None = None) -> Problem:
    """What the reader of a format said of it, in its own English."""
    return Problem.of(field, "cannot be read: %(said)s", row=row, said=said[:300])
