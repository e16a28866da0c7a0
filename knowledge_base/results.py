"""What a search says, and when it is sure enough to answer.   (pure)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from knowledge_base.conditions import ALWAYS, Conditions
from knowledge_base.languages import Language
from knowledge_base.lexical import shared_words
from knowledge_base.passages import PassageKind


class Outcome(StrEnum):
    """What the bot should do with a question."""

    ANSWER = "answer"  #: say the first hit
    CLARIFY = "clarify"  #: ask which of the hits was meant
    ABSTAIN = "abstain"  #: say nothing of it; the hits are only the nearest topics


@dataclass(frozen=True, kw_only=True)
class AnswerPolicy:
    """How sure the bot must be (config.yml, `knowledge_base`)."""

    #: answer when the probability is at least this: the precision a shop wants
    answer_precision: float = 0.90
    clarify_precision: float = 0.55
    #: two articles whose probabilities are closer than this are asked back
    clarify_margin: float = 0.15
    max_choices: int = 3


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One article found, and why."""

    article_id: str
    revision_id: str
    #: the question of the article, in the language asked in where there is one
    title: str
    #: the language of the text that matched
    language: Language
    score: float
    #: how likely this article answers the question
    probability: float
    matched_text: str
    matched_kind: PassageKind
    #: the centred cosine of the nearest wording
    dense: float
    #: the share of the question's words in its best wording
    words: float
    #: the probability this article must reach to be said; None: the shop's
    own_bar: float | None = None
    #: the question and the text that matched, folded
    compared: tuple[str, str] = ("", "")

    def bar(self, policy: AnswerPolicy) -> float:
        """The probability from which on this article is said."""
        return policy.answer_precision if self.own_bar is None else self.own_bar

    @cached_property
    def matched_words(self) -> tuple[str, ...]:
        """The words that both share; compared only when somebody looks."""
        return shared_words(*self.compared)


@dataclass(frozen=True, kw_only=True)
class SearchResult:
    """What was found for one question in one version of the index."""

    outcome: Outcome
    #: best first; for CLARIFY and ABSTAIN the choices and the nearest topics
    hits: tuple[Hit, ...]
    #: of the best hit; 0 when there is none
    probability: float
    index_version: int
    took_ms: float


@dataclass(frozen=True, kw_only=True)
class AnswerText:
    """An article's words for one reader."""

    article_id: str
    revision_id: str
    #: the language of these words, which may not be the one asked for
    language: Language
    title: str
    answer_markdown: str
    #: made from Simplified by table, not written by an editor
    derived: bool
    #: for whom they hold
    conditions: Conditions = ALWAYS


def decide(
    hits: Sequence[Hit], policy: AnswerPolicy, *, limit: int
) -> tuple[Outcome, tuple[Hit, ...]]:
    """The outcome, and the hits that go with it."""
    if not hits:
        return Outcome.ABSTAIN, ()
    best = hits[0].probability
    close = [one for one in hits if best - one.probability < policy.clarify_margin]
    if best >= hits[0].bar(policy) and len(close) == 1:
        return Outcome.ANSWER, tuple(hits[:limit])
    # several near ones may each be unlikely while one of them is the likely answer
    together = sum(one.probability for one in close[: policy.max_choices])
    if len(hits) > 1 and max(best, together) >= policy.clarify_precision:
        choices = max(2, min(len(close), policy.max_choices))
        return Outcome.CLARIFY, tuple(hits[:choices])
    if best >= policy.clarify_precision:
        return Outcome.CLARIFY, tuple(hits[:1])
    return Outcome.ABSTAIN, tuple(hits[:limit])
