"""How labelled questions and their articles are read from lines, every bad one named.

An article is `{id, language, question, variants[], answer}`, a question is
`{text, language, article_ids[]}` with an empty list for one that nobody can answer.
The names that public sets use for the same are read as well (`ALSO`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from knowledge_base import starter
from knowledge_base.content import Content, Wording
from knowledge_base.errors import BadImport, Problem
from knowledge_base.languages import Language, named
from knowledge_base.publish import Published

#: what public sets of questions call the same
ALSO: Mapping[str, tuple[str, ...]] = {
    "id": ("faq_id",),
    "language": ("lang",),
    "variants": ("similar",),
    "text": ("query",),
}


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question and the articles that answer it; none: nobody can."""

    text: str
    language: Language
    article_ids: frozenset[str]


@cache
def shipped() -> tuple[Question, ...]:
    """The questions that come with the starter articles."""
    return read_questions(read_lines(starter.SHIPPED / "questions.jsonl"))


def read_lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file, or BadImport naming every bad line."""
    found: list[dict[str, Any]] = []
    problems: list[Problem] = []
    text = path.read_text(encoding="utf-8-sig")
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            problems.append(Problem(field="line", reason=str(error), row=number))
            continue
        if isinstance(value, dict):
            found.append(value)
        else:
            problems.append(Problem(field="line", reason="is no object", row=number))
    if problems:
        raise BadImport(problems)
    return found


def read_articles(lines: Iterable[Mapping[str, Any]]) -> tuple[Published, ...]:
    """`{id, language, question, variants[], answer}` lines; one id in two languages is one article."""
    contents: dict[str, Content] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        try:
            article_id, language = str(_of(line, "id")), named(_of(line, "language"))
            wording = Wording(
                question=_text(line["question"]),
                variants=tuple(_text(one) for one in _of(line, "variants", ()) or ()),
                answer=_text(line.get("answer") or ""),
            )
        except (KeyError, ValueError, TypeError) as error:
            problems.append(_problem(error, number))
            continue
        content = contents.setdefault(article_id, Content())
        content[language] = _merged(content.get(language), wording)
    if problems:
        raise BadImport(problems)
    return tuple(
        Published(article_id=article_id, revision_id=article_id, content=content)
        for article_id, content in contents.items()
    )


def _of(line: Mapping[str, Any], name: str, *otherwise: object) -> Any:
    """The value under our name or another that is in use; KeyError where a needed one is missing."""
    found = next((each for each in (name, *ALSO[name]) if each in line), None)
    if found is not None:
        return line[found]
    if otherwise:
        return otherwise[0]
    raise KeyError(name)


def _merged(earlier: Wording | None, later: Wording) -> Wording:
    if earlier is None:
        return later
    return Wording(
        question=earlier.question,
        variants=(*earlier.variants, later.question, *later.variants),
        answer=earlier.answer or later.answer,
    )


def read_questions(lines: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """`{text, language, article_ids[]}` lines, or BadImport naming every bad one."""
    found: list[Question] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        try:
            question = Question(
                text=_text(_of(line, "text")),
                language=named(_of(line, "language")),
                article_ids=_ids(line),
            )
        except (KeyError, ValueError, TypeError) as error:
            problems.append(_problem(error, number))
            continue
        found.append(question)
    if problems:
        raise BadImport(problems)
    return tuple(found)


def _ids(line: Mapping[str, Any]) -> frozenset[str]:
    """Public sets name one article or none, ours a list."""
    if "article_ids" not in line and line.get("faq_id") is not None:
        return frozenset([str(line["faq_id"])])
    value = line.get("article_ids")
    if value is None:
        return frozenset()
    if not isinstance(value, list | tuple):
        raise TypeError("article_ids must be a list")
    return frozenset(str(one) for one in value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is missing")
    return value


def _problem(error: Exception, number: int) -> Problem:
    reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
    return Problem(field="line", reason=reason, row=number)
