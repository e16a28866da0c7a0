"""How articles stand in JSONL and YAML: one object an article."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from knowledge_base.content import as_json
from knowledge_base.errors import Problem
from knowledge_base.file_articles import FileArticle, RawArticle, dump_yaml, load_yaml


def _object(article: FileArticle) -> dict[str, Any]:
    return {"id": article.id, "topic": article.topic, **as_json(article.content)}


def _from_object(
    value: object, *, row: int, problems: list[Problem]
) -> Iterator[RawArticle]:
    if not isinstance(value, Mapping):
        problems.append(Problem(field="article", reason="is no object", row=row))
        return
    content = {key: value[key] for key in value if key not in {"id", "topic"}}
    yield RawArticle(row, value.get("id"), value.get("topic"), content)


def write_jsonl(articles: Sequence[FileArticle]) -> bytes:
    lines = [json.dumps(_object(one), ensure_ascii=False) for one in articles]
    return "".join(f"{line}\n" for line in lines).encode()


def read_jsonl(text: str, problems: list[Problem]) -> Iterator[RawArticle]:
    for row, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            problems.append(Problem(field="line", reason=str(error), row=row))
            continue
        yield from _from_object(value, row=row, problems=problems)


def write_yaml(articles: Sequence[FileArticle]) -> bytes:
    return dump_yaml([_object(one) for one in articles]).encode()


def read_yaml(text: str, problems: list[Problem]) -> Iterator[RawArticle]:
    before = len(problems)
    values = load_yaml(text, field="file", row=None, problems=problems)
    if len(problems) > before or values is None:
        return
    if not isinstance(values, list):
        problems.append(Problem(field="file", reason="must be a list of articles"))
        return
    for row, value in enumerate(values, start=1):
        yield from _from_object(value, row=row, problems=problems)
