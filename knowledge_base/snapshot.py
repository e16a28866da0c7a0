"""How every published article is scored for a question; built once, never changed, safe in many threads.

A shelf holds articles; a snapshot is one large shelf and, after a publish, a small one
with what changed since, so that a publish need not build a hundred thousand texts again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np

from knowledge_base.embedding import Vectors
from knowledge_base.languages import Cloud, cloud
from knowledge_base.passages import Passage
from knowledge_base.shelf import Asked, Found, Shelf
from knowledge_base.shelving import Texts, build_shelf, shelf_like

__all__ = ["Candidate", "Snapshot", "build", "with_changes", "without"]

#: below this many passages everything is built again: a second or less
LEAST_FOR_CHANGES = 6_000
#: with more changed passages than this share of all, everything is built again
_MOST_CHANGED = 0.05
#: by how much an article that is left out may answer better and another still take its place:
#: the distance between two rules for one question (`python -m tests.bench.stepping_in`)
SAME_MATTER = 0.5
#: how far above the others an article counts where there is no other
_ALONE = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One article and what speaks for it."""

    article_id: str
    #: the wording (or answer) that fits best
    passage: Passage
    score: float
    #: how far above the best other article; negative for all but the first
    margin: float
    #: the cosine of the nearest wording, by the model of all languages
    dense: float
    #: and by the English one; the same number where that has no say
    second: float
    #: what the head says, in spreads, and how far above its best other article
    head: float
    lead: float
    words: float
    #: the cosine of the nearest answer text
    told: float
    #: the share of the nearest wordings that are this article's
    agreeing: float
    #: how near the question lies to what its language has in common
    common: float
    #: shares of the question's words that its wordings and its texts have (coverage.Coverage)
    worded: float
    mentioned: float
    wordings: int
    exact: bool
    same_language: bool


@dataclass(frozen=True)
class Snapshot:
    """All published articles, ready to be asked."""

    shelves: tuple[Shelf, ...]
    #: articles of the first shelf that were changed or retired since
    hidden: frozenset[str] = frozenset()

    @property
    def article_ids(self) -> tuple[str, ...]:
        """Every article that can be found."""
        first, *others = self.shelves
        kept = [one for one in first.article_ids if one not in self.hidden]
        for other in others:
            kept += other.article_ids
        return tuple(kept)

    def rank(
        self, folded: str, vector: Vectors, *, most: int, english: Vectors | None = None
    ) -> list[Candidate]:
        """The best articles for a folded question, best first."""
        asked = Asked(
            folded=folded, cloud=cloud(folded), vector=vector, english=english
        )
        found = [
            one
            for at, shelf in enumerate(self.shelves)
            for one in shelf.best(
                asked, most=most + 1, hidden=self.hidden if at == 0 else frozenset()
            )
        ]
        # equal scores keep the order of the ids: the same question, the same answer
        found.sort(key=lambda one: (-one.score, one.article_id))
        return [_candidate(one, found[:2], asked) for one in found[:most]]


def without(
    found: Sequence[Candidate], hidden: Set[str], *, most: int
) -> list[Candidate]:
    """The best candidates that are not hidden, each margin against who is left.

    But where a hidden one answers better by far, nobody takes its place: whoever is left
    is about something else, and keeps the margin by which it lost.
    """
    left = [one for one in found if one.article_id not in hidden]
    others = [one.score for one in found if one.article_id in hidden]
    if not others or (left and max(others) - left[0].score > SAME_MATTER):
        return left[:most]
    return [replace(one, margin=_margin(one, left[:2])) for one in left[:most]]


def _margin[Scored: (Found, Candidate)](one: Scored, first: Sequence[Scored]) -> float:
    """How far it stands above the best other article."""
    other = next((each.score for each in first if each is not one), None)
    return _ALONE if other is None else one.score - other


def _candidate(one: Found, first: Sequence[Found], asked: Asked) -> Candidate:
    return Candidate(
        article_id=one.article_id,
        passage=one.passage,
        score=one.score,
        margin=_margin(one, first),
        dense=one.dense,
        second=one.second,
        head=one.head,
        lead=one.lead,
        words=one.words,
        told=one.told,
        agreeing=one.agreeing,
        common=one.common,
        worded=one.worded,
        mentioned=one.mentioned,
        wordings=one.wordings,
        exact=one.passage.kind != "answer" and one.passage.folded == asked.folded,
        same_language=cloud(one.passage.folded) == asked.cloud,
    )


def build(
    passages: Sequence[Passage],
    vectors: Vectors,
    *,
    prior: Mapping[Cloud, Vectors],
    english: Vectors | None = None,
    before: Snapshot | None = None,
) -> Snapshot:
    """Compute everything a question needs; `vectors` has one unit row a passage.

    `english` has a row of the English model for each English question among them, zeros
    elsewhere; `before` saves work where most articles were in it already.
    """
    texts = Texts(passages=passages, vectors=vectors, english=english)
    old = before.shelves[0] if before is not None else None
    return Snapshot((build_shelf(texts, prior=prior, before=old),))


def with_changes(
    base: Snapshot,
    passages: Sequence[Passage],
    vectors: Vectors,
    *,
    gone: Set[str],
    english: Vectors | None = None,
) -> Snapshot | None:
    """The base with these articles changed; None when building anew is the better way.

    `passages` are those of every article that differs from the base shelf, `gone` the
    articles of the base that are retired now.
    """
    large = base.shelves[0]
    if large.size < LEAST_FOR_CHANGES or len(passages) > _MOST_CHANGED * large.size:
        return None
    changed = {one.article_id for one in passages}
    hidden = frozenset((changed | gone) & set(large.article_ids))
    if len(hidden) > _MOST_CHANGED * len(large.article_ids):
        return None
    kept = replace(base, shelves=(large,), hidden=hidden)
    if not passages:
        return kept
    texts = Texts(
        passages=passages,
        vectors=np.asarray(vectors, dtype=np.float32),
        english=english,
    )
    return replace(kept, shelves=(large, shelf_like(large, texts)))
