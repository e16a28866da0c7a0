"""Which texts of an article a question is compared with: its wordings first, its answer weakly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from knowledge_base.content import Content, Wording
from knowledge_base.folding import fold
from knowledge_base.languages import Language

PassageKind = Literal["question", "variant", "answer"]

#: a sentence model reads about this much; the key facts stand first (R5)
MOST_ANSWER_TEXT = 400
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_`#>|~]+|^\s*(?:[-+]|\d+[.)])\s+", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """One text under which an article can be found."""

    article_id: str
    revision_id: str
    language: Language
    kind: PassageKind
    text: str
    folded: str

    @property
    def embedded_as(self) -> Literal["question", "answer"]:
        """Variants are questions; only answers are told apart by the model."""
        return "answer" if self.kind == "answer" else "question"


def without_marks(markdown: str) -> str:
    """The lines of an answer without their marks, links reduced to their label."""
    return _MARKS.sub(" ", _LINK.sub(r"\1", markdown))


def plain(markdown: str) -> str:
    """The words of an answer without its marks, in one line."""
    return " ".join(without_marks(markdown).split())


def passages_of(
    article_id: str, *, revision_id: str, content: Content
) -> tuple[Passage, ...]:
    """Every text of one article once: a spelling that folds to another is dropped."""
    found: dict[tuple[str, bool], Passage] = {}
    for language, wording in content.items():
        for kind, text in _texts(wording):
            folded = fold(text)
            passage = Passage(
                article_id=article_id,
                revision_id=revision_id,
                language=language,
                kind=kind,
                text=text,
                folded=folded,
            )
            found.setdefault((folded, kind == "answer"), passage)
    return tuple(found.values())


def _texts(wording: Wording) -> list[tuple[PassageKind, str]]:
    answer = plain(wording.answer)[:MOST_ANSWER_TEXT]
    texts: list[tuple[PassageKind, str]] = [("question", wording.question)]
    texts += [("variant", variant) for variant in wording.variants]
    return texts + ([("answer", answer)] if answer else [])
