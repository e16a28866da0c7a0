"""Which sentences of two articles name different figures for the same thing.   (pure)

Only sentences that say almost the same apart from the figure are held against each
other, and a single figure in common is enough to let them be: a warning nobody believes
is worse than one that was missed.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge_base.content import Content
from knowledge_base.figures_in_text import (
    Figure,
    Sentence,
    figures_of,
    sentences_with_figures,
)
from knowledge_base.folding import fold
from knowledge_base.languages import Cloud, Language
from knowledge_base.passages import without_marks

#: measured on the starter articles, which hold no contradiction (docs/editing.md)
_SAME_SUBJECT = 0.40
#: what the article is about says less than the sentence itself
_TITLE = 0.35
_COMMA = re.compile(r"[,，、:：]\s*(?!\d)")
_RUN = re.compile(r"[a-z]+|[\u3400-\u4dbf\u4e00-\u9fff]+")
_SHORT = 3
_EMPTY_WORDS = frozenset(
    [
        "the",
        "and",
        "are",
        "for",
        "you",
        "your",
        "our",
        "can",
        "has",
        "have",
        "with",
        "from",
        "this",
        "that",
        "will",
        "within",
        "after",
        "before",
        "not",
        "its",
        "may",
        "one",
        "all",
        "any",
        "was",
        "were",
        "they",
        "them",
        "who",
        "how",
        "what",
        "when",
        "which",
        "into",
        "per",
        "please",
        "does",
        "only",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A sentence with figures, where it stands, and what it is about."""

    article_id: str
    language: Language
    sentence: Sentence
    #: one for the whole sentence, and one for each part of it that names a figure
    subjects: tuple[Mapping[str, float], ...]

    @property
    def cloud(self) -> Cloud:
        return "en" if self.language == "en" else "zh"


@dataclass(frozen=True, kw_only=True)
class Contradiction:
    """Two sentences about one thing with figures that cannot both be true."""

    mine: Statement
    other: Statement
    likeness: float


def statements_of(article_id: str, content: Content) -> list[Statement]:
    """Every sentence of an article's answers that names a figure."""
    found = []
    for language, wording in content.items():
        title = _words(fold(wording.question))
        for sentence in sentences_with_figures(without_marks(wording.answer)):
            parts = [sentence.rest, *_parts(sentence.text)]
            subjects = (
                dict.fromkeys(title, _TITLE) | dict.fromkeys(_words(part), 1.0)
                for part in parts
            )
            found.append(
                Statement(
                    article_id=article_id,
                    language=language,
                    sentence=sentence,
                    subjects=tuple(subjects),
                )
            )
    return found


def _parts(sentence: str) -> list[str]:
    """What stands between the commas and names a figure, without the figure."""
    parts = _COMMA.split(sentence)
    if len(parts) == 1:
        return []
    read = (figures_of(part) for part in parts)
    return [rest for figures, rest in read if figures]


def find(mine: Sequence[Statement], others: Sequence[Statement]) -> list[Contradiction]:
    """The contradictions between an article and the others, the likest first."""
    rarity = _rarity([*mine, *others])
    found: list[Contradiction] = []
    for one in mine:
        for other in others:
            if one.cloud != other.cloud or not disagree(one.sentence, other.sentence):
                continue
            likeness = max(
                _likeness(mine_is, theirs_is, rarity)
                for mine_is in one.subjects
                for theirs_is in other.subjects
            )
            if likeness >= _SAME_SUBJECT:
                found.append(Contradiction(mine=one, other=other, likeness=likeness))
    return sorted(found, key=lambda each: -each.likeness)


def disagree(one: Sentence, other: Sentence) -> bool:
    """Whether they name the same kind of quantity and share no value of any kind."""
    shared = [
        (mine, theirs)
        for mine in one.figures
        for theirs in other.figures
        if mine.kind == theirs.kind
    ]
    return bool(shared) and not any(mine.agrees(theirs) for mine, theirs in shared)


def languages_apart(
    content: Content,
) -> list[tuple[Language, Sentence, Language, Sentence]]:
    """Figures that one language of an article has and another has not, with a sentence each."""
    said = {
        language: sentences_with_figures(without_marks(wording.answer))
        for language, wording in content.items()
    }
    found = []
    languages = list(said)
    for at, one in enumerate(languages):
        for other in languages[at + 1 :]:
            pair = _apart(said[one], said[other])
            if pair is not None:
                found.append((one, pair[0], other, pair[1]))
    return found


def _apart(
    one: Sequence[Sentence], other: Sequence[Sentence]
) -> tuple[Sentence, Sentence] | None:
    """The first sentences of each whose figure the other language lacks, both ways."""
    for sentence in one:
        for figure in sentence.figures:
            if _has(other, figure):
                continue
            for theirs in other:
                if any(
                    each.kind == figure.kind and not _has(one, each)
                    for each in theirs.figures
                ):
                    return sentence, theirs
    return None


def _has(said: Iterable[Sentence], figure: Figure) -> bool:
    return any(
        each.kind == figure.kind and each.agrees(figure)
        for sentence in said
        for each in sentence.figures
    )


def _words(folded: str) -> list[str]:
    """English words that say something, and pairs of Chinese characters."""
    found: list[str] = []
    for run in _RUN.findall(folded):
        if run[0].isascii():
            if len(run) >= _SHORT and run not in _EMPTY_WORDS:
                found.append(run.removesuffix("s"))
        else:
            found += [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    return found


def _rarity(statements: Sequence[Statement]) -> dict[str, float]:
    seen = Counter(word for each in statements for word in each.subjects[0])
    total = len(statements)
    return {word: math.log(1 + total / count) for word, count in seen.items()}


def _likeness(
    one: Mapping[str, float], other: Mapping[str, float], rarity: Mapping[str, float]
) -> float:
    """The shared weight of two subjects over all of it (weighted Jaccard)."""
    both = set(one) | set(other)
    if not both:
        return 0.0
    shared = sum(
        min(one.get(word, 0), other.get(word, 0)) * rarity.get(word, 0) for word in both
    )
    every = sum(
        max(one.get(word, 0), other.get(word, 0)) * rarity.get(word, 0) for word in both
    )
    return shared / every if every else 0.0
