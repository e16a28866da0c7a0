"""What a publication would do, as found before it happens, and how much each finding weighs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Severity = Literal["block", "warn", "note"]
ChangeKind = Literal["stolen", "wrongly_answered", "lost", "gained"]
FindingKind = Literal[
    "duplicate",
    "confusable",
    "contradiction",
    "languages_disagree",
    "dead_link",
    "banned_word",
    "careful_word",
    "long_answer",
    "few_wordings",
]
_ORDER: dict[Severity, int] = {"block": 0, "warn": 1, "note": 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """What a shopper gets for a question: the outcome and the best article."""

    outcome: str
    article_id: str | None
    title: str
    probability: float
    #: the articles offered, where the bot asks back
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A labelled question whose answer would not be the same."""

    kind: ChangeKind
    severity: Severity
    question: str
    language: str
    #: the articles that answer it, as labelled; empty: nothing does
    right: tuple[str, ...]
    before: Answered
    after: Answered


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something about the article's words, beside or against other words."""

    kind: FindingKind
    severity: Severity
    article_id: str
    language: str = ""
    #: the wording, sentence, address or word it is about
    text: str = ""
    other_article_id: str = ""
    other_title: str = ""
    other_language: str = ""
    other_text: str = ""
    #: a likeness, or a number of seconds or wordings
    value: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything found about one publication."""

    #: the version it was held against: a newer one makes the report old
    index_version: int
    #: {article_id: revision_id}; an empty revision takes the article away
    articles: dict[str, str]
    questions: int
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    took_ms: float = 0.0
    severities: Counter[Severity] = field(init=False)

    def __post_init__(self) -> None:
        every = Counter(each.severity for each in self.changes)
        every += Counter(each.severity for each in self.findings)
        object.__setattr__(self, "severities", Counter(every))

    @property
    def blocks(self) -> bool:
        """Whether it may be published only with a reason."""
        return self.severities["block"] > 0

    def as_json(self) -> dict[str, Any]:
        """The report as the API tells it and as the publication keeps it."""
        return {
            "verdict": next(
                (one for one in _ORDER if self.severities[one]),
                "clear",
            ),
            "counts": {one: self.severities[one] for one in _ORDER},
            "changed": Counter(each.kind for each in self.changes),
            "questions": self.questions,
            "index_version": self.index_version,
            "articles": self.articles,
            "took_ms": round(self.took_ms),
            "changes": [asdict(each) for each in self.changes],
            "findings": [asdict(each) for each in self.findings],
        }


def heaviest_first(found: Iterable[Finding]) -> list[Finding]:
    """The order an editor reads in."""
    return sorted(found, key=lambda each: _ORDER[each.severity])
