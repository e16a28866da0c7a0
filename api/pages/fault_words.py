"""Decides how a fault of an imported file is told: which cell, what is wrong, what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api.pages.translate import translate
from api.settings import Language
from knowledge_base.errors import Problem
from knowledge_base.file_articles import Line
from knowledge_base.file_lines import Fault, cell_text

#: every sentence with which a file can be refused; the catalogues have them all
SENTENCES = (
    "%(code)s is no code: letters a-z, digits, - and _, at most %(most)s",
    "begins as Unicode but is damaged",
    "cannot be read: %(said)s",
    "has %(found)s cells, not %(wanted)s",
    "has %(length)s entries, at most %(most)s fit",
    "has more than %(most)s rows",
    "has no column %(missing)s",
    "has no fields",
    "holds a formula or an error; write what it should say",
    "holds the character U+%(code)s, which is not text",
    "is %(length)s characters long, at most %(most)s fit",
    "is larger than %(most)s MB",
    "is longer than %(most)s characters",
    "is neither UTF-8, UTF-16, GB 18030 nor Big5; save it as UTF-8 and choose it again",
    "is no XLSX workbook",
    "is no object",
    "is no text; if it is UTF-16, its first two bytes are missing",
    "is not a field of an article",
    "is not what row %(first)s of the article says",
    "is not one of the languages %(allowed)s",
    "is not the topic %(topic)s of row %(first)s",
    "%(name)s stands here twice",
    "must be a day such as 2026-06-30",
    "must be a list of articles",
    "must be a list of codes",
    "must be a list of questions",
    "must be a share between %(least)s and %(most)s",
    "must be in one language at least",
    "must be small letters, digits and single hyphens",
    "must be text",
    "must begin with --- and the fields of the article",
    "must have question, variants and answer",
    "must not be before %(first)s",
    "must not be empty",
    "unpacks to more than %(most)s MB",
)
MOST_VALUE = 70_000


def problem_words(problem: Problem, language: Language) -> str:
    """The reason in the reader's language."""
    if problem.sentence not in SENTENCES:
        return problem.reason
    return translate(language, problem.sentence, **problem.values)


def fault_json(
    fault: Fault, lines: Sequence[Line], language: Language
) -> dict[str, Any]:
    """The fault as the page shows it, with the cell to be corrected."""
    words = problem_words(fault.problem, language)
    if fault.entry is not None:
        number = translate(language, "entry %(number)s", number=fault.entry)
        words = f"{number}: {words}"
    cells = lines[fault.line].cells if fault.line is not None else {}
    return {
        "line": fault.line,
        "row": fault.problem.row,
        "column": fault.column,
        "field": fault.problem.field,
        "value": fault.value[:MOST_VALUE],
        "words": words,
        "id": cell_text(cells.get("id"))[:80],
        "language": cell_text(cells.get("language"))[:20],
    }
