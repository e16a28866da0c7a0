"""What an article may say: its languages, its wordings, how long each may be, for whom it holds."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge_base.conditions import (
    ALWAYS,
    CONDITIONS,
    Conditions,
    as_fields,
    from_fields,
    read_conditions,
)
from knowledge_base.errors import InvalidArticle, Problem
from knowledge_base.languages import LANGUAGES, Language, is_language

MOST_QUESTION = 300
MOST_VARIANTS = 200
MOST_ANSWER = 8_000
#: where the precision that an article wants stands beside its languages
PRECISION = "answer_precision"
LEAST_PRECISION, MOST_PRECISION = 0.5, 0.99
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WORDING_KEYS = {"question", "variants", "answer"}
#: characters that turn the reading direction: a text must not look like another one
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, kw_only=True)
class Wording:
    """One article in one language."""

    question: str
    answer: str
    variants: tuple[str, ...] = ()


class Content(dict[Language, Wording]):
    """The languages of an article, the precision it wants, and for whom it holds."""

    __hash__ = None

    def __init__(
        self,
        wordings: Mapping[Language, Wording] | None = None,
        *,
        answer_precision: float | None = None,
        conditions: Conditions = ALWAYS,
    ) -> None:
        super().__init__(wordings or {})
        self.conditions = conditions
        #: of the answers given with this article, the share that is to be right
        self.answer_precision = answer_precision

    def __eq__(self, other: object) -> bool:
        wanted = getattr(other, PRECISION, None)
        conditions = getattr(other, "conditions", ALWAYS)
        return (
            super().__eq__(other)
            and wanted == self.answer_precision
            and conditions == self.conditions
        )

    def __ne__(self, other: object) -> bool:
        return not self == other


@dataclass
class _Check:
    """Collects everything wrong, so that an editor sees it at once."""

    problems: list[Problem] = field(default_factory=list)

    def refuse(self, where: str, sentence: str, **values: str | int) -> None:
        self.problems.append(Problem.of(where, sentence, row=None, **values))

    def text(self, value: object, where: str, *, most: int, lines: bool) -> str:
        if not isinstance(value, str):
            self.refuse(where, "must be text")
            return ""
        text = value.replace("\r\n", "\n").strip()
        if not text:
            self.refuse(where, "must not be empty")
        if len(text) > most:
            self.refuse(
                where,
                "is %(length)s characters long, at most %(most)s fit",
                length=len(text),
                most=most,
            )
        bad = next(_unprintable(text, lines=lines), None)
        if bad is not None:
            self.refuse(
                where,
                "holds the character U+%(code)s, which is not text",
                code=f"{ord(bad):04X}",
            )
        return text

    def slug(self, value: object, where: str, *, most: int) -> str:
        if not isinstance(value, str) or not _SLUG.fullmatch(value):
            self.refuse(where, "must be small letters, digits and single hyphens")
            return ""
        if len(value) > most:
            self.refuse(where, "is longer than %(most)s characters", most=most)
        return value

    def wording(self, value: object, language: str) -> Wording:
        if not isinstance(value, Mapping):
            self.refuse(language, "must have question, variants and answer")
            return Wording(question="", answer="")
        for key in sorted(map(str, set(value) - _WORDING_KEYS)):
            self.refuse(f"{language}.{key}", "is not a field of an article")
        return Wording(
            question=self.text(
                value.get("question"),
                f"{language}.question",
                most=MOST_QUESTION,
                lines=False,
            ),
            variants=self.variants(value.get("variants", ()), f"{language}.variants"),
            answer=self.text(
                value.get("answer"), f"{language}.answer", most=MOST_ANSWER, lines=True
            ),
        )

    def variants(self, value: object, where: str) -> tuple[str, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str | bytes):
            self.refuse(where, "must be a list of questions")
            return ()
        if len(value) > MOST_VARIANTS:
            self.refuse(
                where,
                "has %(length)s entries, at most %(most)s fit",
                length=len(value),
                most=MOST_VARIANTS,
            )
            return ()
        return tuple(
            self.text(one, f"{where}[{place}]", most=MOST_QUESTION, lines=False)
            for place, one in enumerate(value)
        )

    def precision(self, value: object) -> float | None:
        """A share, as a number or as the text of one; nothing is the shop's own."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            wanted = math.nan if isinstance(value, bool) else float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            wanted = math.nan
        if LEAST_PRECISION <= wanted <= MOST_PRECISION:
            return wanted
        self.refuse(
            PRECISION,
            "must be a share between %(least)s and %(most)s",
            least=str(LEAST_PRECISION),
            most=str(MOST_PRECISION),
        )
        return None

    def content(self, value: object) -> Content:
        said = dict(value) if isinstance(value, Mapping) else {}
        own = {name: said.pop(name) for name in CONDITIONS if name in said}
        found = Content(
            answer_precision=self.precision(said.pop(PRECISION, None)),
            conditions=read_conditions(own, self.refuse),
        )
        if not said:
            self.refuse("content", "must be in one language at least")
        for language, wording in said.items():
            if is_language(language):
                found[language] = self.wording(wording, language)
            else:
                self.refuse(
                    str(language),
                    "is not one of the languages %(allowed)s",
                    allowed=", ".join(LANGUAGES),
                )
                if isinstance(wording, Mapping):
                    # everything at once, not the rest after the language is right
                    self.wording(wording, str(language))
        return found

    def finish(self) -> None:
        if self.problems:
            raise InvalidArticle(self.problems)


def _unprintable(text: str, *, lines: bool) -> Iterator[str]:
    allowed = "\n\t" if lines else ""
    for character in text:
        kind = unicodedata.category(character)
        control = kind in {"Cc", "Cs"} and character not in allowed
        if control or character in _TURNING:
            yield character


def read_content(value: object) -> Content:
    """Parse what an editor wrote, or raise InvalidArticle with every problem."""
    check = _Check()
    found = check.content(value)
    check.finish()
    return found


def check_article(article_id: object, topic: object, value: object) -> Content:
    """Parse a whole article, its id and topic included."""
    check = _Check()
    check.slug(article_id, "id", most=80)
    check.slug(topic, "topic", most=40)
    found = check.content(value)
    check.finish()
    return found


def is_slug(value: object) -> bool:
    """Whether this could be the id of an article."""
    return isinstance(value, str) and _SLUG.fullmatch(value) is not None


def check_topic(topic: object) -> str:
    """Parse a topic alone."""
    check = _Check()
    found = check.slug(topic, "topic", most=40)
    check.finish()
    return found


def as_json(content: Content) -> dict[str, Any]:
    """The shape kept in the row: the languages in their fixed order, then the rest."""
    shape: dict[str, Any] = {
        language: {
            "question": content[language].question,
            "variants": list(content[language].variants),
            "answer": content[language].answer,
        }
        for language in LANGUAGES
        if language in content
    }
    if content.answer_precision is not None:
        shape[PRECISION] = content.answer_precision
    return shape | as_fields(content.conditions)


def from_row(value: Mapping[str, Any]) -> Content:
    """The content of a stored revision, which was checked when it was written."""
    return Content(
        {
            language: Wording(
                question=value[language]["question"],
                variants=tuple(value[language]["variants"]),
                answer=value[language]["answer"],
            )
            for language in LANGUAGES
            if language in value
        },
        answer_precision=value.get(PRECISION),
        conditions=from_fields(value),
    )
