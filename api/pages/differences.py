"""Decides what changed between two revisions of an article, word by word. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, get_args

from api.settings import LANGUAGES, Language
from knowledge_base.conditions import as_fields
from knowledge_base.content import Content, Wording

#: a Latin word, a run of spaces, or any single character: Chinese is compared by character
_TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)

Kind = Literal["same", "added", "removed"]
#: what holds in every language, beside the certainty
Condition = Literal["regions", "channels", "ordered_from", "ordered_until"]
Field = Literal["question", "variants", "answer", "answer_precision"] | Condition
Words = Literal["question", "variants", "answer"]
_WORDS: tuple[Words, ...] = get_args(Words)
_CONDITIONS: tuple[Condition, ...] = get_args(Condition)


@dataclass(frozen=True, kw_only=True)
class Piece:
    kind: Kind
    text: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field that is not what it was."""

    #: None for what holds in every language
    language: Language | None
    field: Field
    pieces: tuple[Piece, ...]


def compare(before: Content, after: Content) -> list[Change]:
    """Every field that differs, in the order of the page; nothing when all is the same."""
    changes = []
    for language in LANGUAGES:
        old, new = _texts(before.get(language)), _texts(after.get(language))
        for field in _WORDS:
            if old[field] != new[field]:
                pieces = tuple(pieces_of(old[field], new[field]))
                changes.append(Change(language=language, field=field, pieces=pieces))
    was, now = _percent(before.answer_precision), _percent(after.answer_precision)
    if was != now:
        pieces = tuple(pieces_of(was, now))
        changes.append(Change(language=None, field="answer_precision", pieces=pieces))
    return changes + list(_conditions(before, after))


def _conditions(before: Content, after: Content) -> Iterator[Change]:
    old, new = as_fields(before.conditions), as_fields(after.conditions)
    for field in _CONDITIONS:
        was, now = _said(old.get(field)), _said(new.get(field))
        if was != now:
            pieces = tuple(pieces_of(was, now))
            yield Change(language=None, field=field, pieces=pieces)


def _said(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value or "")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.10g} %"


def pieces_of(old: str, new: str) -> Iterator[Piece]:
    """What stayed, what went and what came, so that same + removed is the old text."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, start, end, begin, finish in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(kind="same", text="".join(before[start:end]))
            continue
        if end > start:
            yield Piece(kind="removed", text="".join(before[start:end]))
        if finish > begin:
            yield Piece(kind="added", text="".join(after[begin:finish]))


def _texts(wording: Wording | None) -> dict[Words, str]:
    if wording is None:
        return {"question": "", "variants": "", "answer": ""}
    return {
        "question": wording.question,
        "variants": "\n".join(wording.variants),
        "answer": wording.answer,
    }
