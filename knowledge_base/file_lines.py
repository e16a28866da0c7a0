"""How the lines of a file become articles, and which lines keep theirs from becoming one.

An article is whole or not taken: its good languages would otherwise push out the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge_base.content import check_article, is_slug
from knowledge_base.errors import InvalidArticle, Problem
from knowledge_base.file_articles import COLUMNS, EXTRAS, FileArticle, Line, NotWords

#: new words for cells of a file: line → column → text
Fixes = Mapping[int, Mapping[str, str]]
_ENTRY = re.compile(r"\[(\d+)\]$")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Something that cannot be accepted, and the cell in which it stands if it has one."""

    problem: Problem
    line: int | None = None
    #: one of COLUMNS; None when the whole row or file is meant
    column: str | None = None
    #: which entry of the variants, counted from 1
    entry: int | None = None
    value: str = ""


@dataclass(kw_only=True)
class Gathered:
    """The articles of a file, and everything that is wrong with the rest."""

    articles: list[FileArticle] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def faulty_lines(self) -> int:
        """How many rows of the file cannot be taken as they are."""
        cells = {one.line for one in self.faults if one.line is not None}
        rows = {one.problem.row for one in self.faults if one.line is None}
        return len(cells) + len(rows)


def fixed(lines: Iterable[Line], fixes: Fixes) -> list[Line]:
    """The lines with these cells replaced."""
    return [
        _fixed(line, fixes[place]) if place in fixes else line
        for place, line in enumerate(lines)
    ]


def _fixed(line: Line, cells: Mapping[str, str]) -> Line:
    new: dict[str, Any] = {**line.cells}
    for column, text in cells.items():
        if column == "variants":
            new[column] = [one for one in text.splitlines() if one.strip()]
        elif column in {*COLUMNS, *EXTRAS}:
            new[column] = text.strip()
    return Line(line.row, new)


def gather(lines: Sequence[Line]) -> Gathered:
    """Bring the languages of each article together and check it."""
    found = Gathered(lines=list(lines))
    groups: dict[Any, list[int]] = {}
    for place, line in enumerate(lines):
        article_id = line.cells.get("id")
        # rows that nobody named rightly have nothing to do with each other
        groups.setdefault(article_id if is_slug(article_id) else place, []).append(
            place
        )
    for places in groups.values():
        faults = list(_beside_each_other(lines, places))
        article, wrong = _checked(lines, places)
        found.faults += faults + wrong
        if article is not None and not faults:
            found.articles.append(article)
    found.faults.sort(key=lambda one: one.line or 0)
    return found


def _beside_each_other(lines: Sequence[Line], places: Sequence[int]) -> Iterable[Fault]:
    """What is wrong with lines of one article that each alone might be right."""
    first = lines[places[0]]
    seen: set[str] = set()
    for place in places:
        line = lines[place]
        language = str(line.cells.get("language"))
        if language in seen:
            name = f"{line.cells.get('id')} · {language}"
            yield _fault(lines, place, said_twice(name, line.row), "id")
        seen.add(language)
        if line.cells.get("topic") != first.cells.get("topic"):
            problem = Problem.of(
                "topic",
                "is not the topic %(topic)s of row %(first)s",
                row=line.row,
                topic=str(first.cells.get("topic")),
                first=first.row,
            )
            yield _fault(lines, place, problem, "topic")
        for name in EXTRAS:
            if _said(line, name) != _said(first, name):
                problem = Problem.of(
                    name,
                    "is not what row %(first)s of the article says",
                    row=line.row,
                    first=first.row,
                )
                yield _fault(lines, place, problem, name)
        for column, value in line.cells.items():
            if isinstance(value, NotWords):
                problem = Problem.of(
                    column,
                    "holds a formula or an error; write what it should say",
                    row=line.row,
                )
                yield _fault(lines, place, problem, column)


def _said(line: Line, name: str) -> str:
    """What a row says for the whole article; empty and left out are the same."""
    return cell_text(line.cells.get(name)).strip()


def _checked(
    lines: Sequence[Line], places: Sequence[int]
) -> tuple[FileArticle | None, list[Fault]]:
    head = lines[places[0]].cells
    content: dict[str, Any] = {
        str(lines[place].cells.get("language")): _wording(lines[place])
        for place in places
    }
    content |= {name: head[name] for name in EXTRAS if name in head}
    try:
        checked = check_article(head.get("id"), head.get("topic"), content)
    except InvalidArticle as error:
        return None, [
            fault
            for problem in error.problems
            for fault in _placed(lines, places, problem)
        ]
    return FileArticle(
        id=str(head["id"]), topic=str(head["topic"]), content=checked
    ), []


def _wording(line: Line) -> dict[str, Any]:
    return {
        key: value
        for key, value in line.cells.items()
        if key not in {"id", "topic", "language", *EXTRAS}
    }


def _placed(
    lines: Sequence[Line], places: Sequence[int], problem: Problem
) -> Iterable[Fault]:
    """The problem at the cells that would have to change."""
    if problem.field in {"id", "topic", *EXTRAS}:
        # every row of the article says these
        return [_fault(lines, place, problem, problem.field) for place in places]
    language, _, where = problem.field.partition(".")
    there = [
        place for place in places if str(lines[place].cells.get("language")) == language
    ]
    entry = _ENTRY.search(where)
    column = _ENTRY.sub("", where) or "language"
    return [
        _fault(
            lines,
            place,
            problem,
            column if column in COLUMNS else None,
            entry=int(entry[1]) + 1 if entry else None,
        )
        for place in there
    ]


def _fault(
    lines: Sequence[Line],
    place: int,
    problem: Problem,
    column: str | None,
    *,
    entry: int | None = None,
) -> Fault:
    line = lines[place]
    return Fault(
        problem=replace(problem, row=line.row),
        line=place,
        column=column,
        entry=entry,
        value=cell_text(line.cells.get(column)) if column else "",
    )


def cell_text(value: object) -> str:
    """A cell as somebody can edit it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(str(one) for one in value)
    return str(value)


def said_twice(name: str, row: int) -> Problem:
    """The same thing stands in the file a second time."""
    return Problem.of("id", "%(name)s stands here twice", row=row, name=name)
