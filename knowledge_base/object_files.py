"""How articles stand in JSONL and YAML: one object an article."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowledge_base.content import as_json
from knowledge_base.errors import Problem
from knowledge_base.file_articles import (
    EXTRAS,
    FileArticle,
    Line,
    dump_yaml,
    load_yaml,
    unreadable,
)


def _object(article: FileArticle) -> dict[str, Any]:
    return {"id": article.id, "topic": article.topic, **as_json(article.content)}


def _from_object(value: object, *, row: int, problems: list[Problem]) -> Iterator[Line]:
    """The article's languages, each a line; one without any has none."""
    if not isinstance(value, Mapping):
        problems.append(Problem.of("article", "is no object", row=row))
        return
    head = {"id": value.get("id"), "topic": value.get("topic")}
    head |= {name: value[name] for name in EXTRAS if name in value}
    languages = [key for key in value if key not in head]
    for language in languages:
        wording = value[language]
        if isinstance(wording, Mapping) and not {
            *("id", "topic", "language", *EXTRAS)
        } & {*wording}:
            yield Line(row, {**wording, **head, "language": language})
        else:
            problems.append(
                Problem.of(
                    str(language), "must have question, variants and answer", row=row
                )
            )
    if not languages:
        problems.append(
            Problem.of("content", "must be in one language at least", row=row)
        )


def write_jsonl(articles: Sequence[FileArticle]) -> bytes:
    lines = [json.dumps(_object(one), ensure_ascii=False) for one in articles]
    return "".join(f"{line}\n" for line in lines).encode()


def read_jsonl(text: str, problems: list[Problem]) -> Iterator[Line]:
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(unreadable("line", str(error), row=row))
            continue
        yield from _from_object(value, row=row, problems=problems)


def write_json(articles: Sequence[FileArticle]) -> bytes:
    text = json.dumps([_object(one) for one in articles], ensure_ascii=False, indent=2)
    return f"{text}\n".encode()


def read_json(text: str, problems: list[Problem]) -> Iterator[Line]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        problems.append(unreadable("file", str(error)))
        return
    yield from _from_list(values, problems)


def write_yaml(articles: Sequence[FileArticle]) -> bytes:
    return dump_yaml([_object(one) for one in articles]).encode()


def read_yaml(text: str, problems: list[Problem]) -> Iterator[Line]:
    before = len(problems)
    values = load_yaml(text, field="file", row=None, problems=problems)
    if len(problems) == before and values is not None:
        yield from _from_list(values, problems)


def _from_list(values: object, problems: list[Problem]) -> Iterator[Line]:
    if not isinstance(values, list):
        problems.append(Problem.of("file", "must be a list of articles"))
        return
    for row, value in enumerate(values, start=1):
        yield from _from_object(value, row=row, problems=problems)
