"""How the articles of one shelf are scored: a learned head, the nearest single wording and shared words add up.

The texts of answers count weakly. The first few are looked at once more: whose wordings, all
together, have words for most of the question. Every weight was measured (docs/knowledge-quality.md).
A question in English is also read by an English model where there is one: both have one say.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.centring import Centres
from knowledge_base.channel import Channel
from knowledge_base.coverage import Coverage, coverage
from knowledge_base.embedding import Vectors, unit
from knowledge_base.heads import Head
from knowledge_base.languages import Cloud
from knowledge_base.passages import Passage

#: what a unit of each channel is worth beside one spread of the head
NEAREST, WORDS, ANSWER_NEAREST, ANSWER_WORDS = 3.0, 3.0, 0.5, 0.5
#: and what it is worth that all wordings together have words for the whole question
WORDED = 0.5
#: shared words help where one model reads alone; beside the English one they hardly do
WORDS_BESIDE_ENGLISH = 0.5
#: with more articles than this only those that some channel brings up are scored
_MOST_SCORED = 4_000
_BROUGHT_UP = 64
#: among so many nearest wordings it is counted whose they are
_COUNTED = 8
#: so many of the best are looked at once more
_ONCE_MORE = 8

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question, read by the models."""

    folded: str
    cloud: Cloud
    vector: Vectors
    english: Vectors | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One article of a shelf and what speaks for it (see snapshot.Candidate)."""

    article_id: str
    passage: Passage
    score: float
    dense: float
    second: float
    head: float
    lead: float
    words: float
    told: float
    agreeing: float
    common: float
    worded: float
    mentioned: float
    wordings: int


@dataclass(frozen=True, kw_only=True)
class English:
    """The wordings as the English model reads them."""

    mean: Vectors
    channel: Channel
    head: Head
    #: articles with an English wording: of the others this model knows nothing
    known: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """Articles that were built together."""

    article_ids: tuple[str, ...]
    centres: Centres
    asked: Channel
    answers: Channel
    head: Head
    english: English | None

    @property
    def size(self) -> int:
        """How many passages stand on it."""
        return len(self.asked.passages) + len(self.answers.passages)

    def best(self, asked: Asked, *, most: int, hidden: Set[str]) -> list[Found]:
        """The best articles that are not hidden, best first."""
        count = len(self.article_ids)
        if not count:
            return []
        centred = self.centres.centred(asked.vector.reshape(1, -1), [asked.cloud])[0]
        seen = _Seen(self, asked, centred)
        rows = seen.rows
        wanted = max(most, _ONCE_MORE)
        order = _best(seen.score, rows, most=wanted + len(hidden))
        shown = [one for one in order if self.article_ids[rows[one]] not in hidden]
        return seen.once_more(shown[:wanted], most=most)


class _Seen:
    """One question put to one shelf: a number an article in every channel."""

    def __init__(self, shelf: Shelf, asked: Asked, centred: Floats) -> None:
        self.shelf, self.asked = shelf, asked
        count = len(shelf.article_ids)
        dense, self.near, whose = shelf.asked.dense(centred, articles=count)
        self.counted = whose[:_COUNTED].tolist()
        words, self.shared = shelf.asked.lexical(asked.folded, articles=count)
        told, self.told_at, _ = shelf.answers.dense(centred, articles=count)
        told_words, self.told_shared = shelf.answers.lexical(
            asked.folded, articles=count
        )
        self.rows: Rows = np.arange(count)
        if count > _MOST_SCORED:
            self.rows = _brought_up(dense, words, told, told_words)
        rows = self.rows
        self.dense, self.words, self.told = dense[rows], words[rows], told[rows]
        self.second, self.head = self.dense, shelf.head.some(centred, rows)
        self._read_english(count)
        nearest = (self.dense + self.second) / 2
        both = shelf.english is not None and asked.english is not None
        shared = WORDS_BESIDE_ENGLISH if both else WORDS
        self.score = self.head + NEAREST * nearest + shared * self.words
        self.score += ANSWER_NEAREST * self.told + ANSWER_WORDS * told_words[rows]
        # centring took away how usual the question is for its language
        mean = shelf.centres.means[asked.cloud]
        length = float(np.linalg.norm(mean)) or 1.0
        self.common = float(asked.vector @ mean) / length
        first = np.sort(self.head)[-2:]
        self.leaders = float(first[-1]), float(first[0])

    def _read_english(self, count: int) -> None:
        """Where the English model knows the article, both models have one say."""
        english, vector = self.shelf.english, self.asked.english
        if english is None or vector is None:
            return
        centred = unit((vector - english.mean).reshape(1, -1))[0]
        near, _, _ = english.channel.dense(centred, articles=count)
        known = english.known[self.rows]
        self.second = np.where(known, near[self.rows], self.dense)
        says = english.head.some(centred, self.rows)
        self.head = np.where(known, (self.head + says) / 2, self.head)

    def once_more(self, order: list[int], *, most: int) -> list[Found]:
        """The best, the first few of them ordered anew by how much of the question they word."""
        rows = self.rows[order]
        seen = coverage(
            self.asked.folded,
            rows,
            asked=self.shelf.asked,
            answers=self.shelf.answers,
        )
        # nobody is overtaken from behind: only the first gain by it
        first = order[:_ONCE_MORE]
        self.score[first] += WORDED * seen.worded[: len(first)].astype(np.float32)
        return [
            self._found(order[at], seen, at)
            for at in np.lexsort((rows, -self.score[order]))[:most]
        ]

    def _found(self, at: int, seen: Coverage, place: int) -> Found:
        article = int(self.rows[at])
        top, second = self.leaders
        head = float(self.head[at])
        passage = (
            _passage(self.shelf.asked, article, self.near, self.shared)
            or _passage(self.shelf.answers, article, self.told_at, self.told_shared)
            # found by the head alone: any wording of it stands for it
            or self.shelf.asked.any_of(article)
        )
        return Found(
            article_id=self.shelf.article_ids[article],
            passage=passage,
            score=float(self.score[at]),
            dense=float(self.dense[at]),
            second=float(self.second[at]),
            head=head,
            lead=head - (second if head >= top else top),
            words=float(self.words[at]),
            told=float(self.told[at]),
            agreeing=self.counted.count(article) / max(1, len(self.counted)),
            common=self.common,
            worded=float(seen.worded[place]),
            mentioned=float(seen.mentioned[place]),
            wordings=int(seen.wordings[place]),
        )


def _passage(
    channel: Channel, article: int, near: Rows, shared: Floats
) -> Passage | None:
    """The nearest passage of the article, or the one that shares most words."""
    row = int(near[article])
    if row < 0:
        row = channel.best_worded(article, shared)
    return channel.passages[row] if row >= 0 else None


def _brought_up(*channels: Floats) -> Rows:
    found = [
        np.argpartition(-one, _BROUGHT_UP)[:_BROUGHT_UP]
        for one in channels
        if one.any()
    ]
    return np.unique(np.concatenate(found)) if found else np.arange(1)


def _best(score: Floats, rows: Rows, *, most: int) -> list[int]:
    most = min(most, len(score))
    some = np.argpartition(-score, most - 1)[:most]
    return [int(one) for one in some[np.lexsort((rows[some], -score[some]))]]
