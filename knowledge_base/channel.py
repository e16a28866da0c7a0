"""What one channel says of every article: its nearest passage, and the words it shares with the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.centring import Centres
from knowledge_base.embedding import Vectors
from knowledge_base.index import DenseIndex
from knowledge_base.lexical import Rarity, Words
from knowledge_base.passages import Passage

#: wordings looked at; an article without any of them gets the score of the last one
_LOOKED_AT = 96
#: up to so many texts one pass over all of them is quicker than finding those that count
_MOST_GROUPED = 50_000

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Channel:
    """The texts of one kind, grouped by article."""

    passages: tuple[Passage, ...]
    #: the article of each passage, as a position among the shelf's, rising
    owner: Rows
    #: where the passages of each article begin
    starts: Rows
    #: which articles those are
    present: Rows
    centres: Centres
    index: DenseIndex
    words: Words

    def dense(self, vector: Floats, *, articles: int) -> tuple[Floats, Rows, Rows]:
        """For each article its best score and the passage that reached it (-1: none); the nearest passages' articles."""
        nearest = self.index.nearest(vector, most=_LOOKED_AT)
        floor = float(nearest.scores[-1]) if len(nearest.scores) else 0.0
        # an unseen article can be no better than the last one seen
        everything_seen = len(nearest.rows) == len(self.passages)
        best = np.full(
            articles, min(floor, 0.0) if everything_seen else floor, np.float32
        )
        which = np.full(articles, -1, dtype=np.intp)
        worst_first = nearest.rows[::-1]
        best[self.owner[worst_first]] = nearest.scores[::-1]
        which[self.owner[worst_first]] = worst_first
        return best, which, self.owner[nearest.rows]

    def lexical(self, folded: str, *, articles: int) -> tuple[Floats, Floats]:
        """For each article its best share of words, and the share of each passage."""
        scores = self.words.score(folded)
        best = np.zeros(articles, np.float32)
        if len(scores) > _MOST_GROUPED:
            # few of very many texts share a word: only those are looked at
            seen = np.flatnonzero(scores)
            np.maximum.at(best, self.owner[seen], scores[seen])
        elif len(scores):
            best[self.present] = np.maximum.reduceat(scores, self.starts)
        return best, scores

    def range_of(self, articles: Rows) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """From which passage to before which each of these articles reaches."""
        ends = np.searchsorted(self.owner, np.concatenate((articles, articles + 1)))
        first, last = np.split(ends.astype(np.int32), 2)
        return first, last

    def best_worded(self, article: int, scores: Floats) -> int:
        """The passage of the article with the highest score; -1 when none has any."""
        first, last = np.searchsorted(self.owner, (article, article + 1))
        if first == last:
            return -1
        best = int(first + scores[first:last].argmax())
        return best if scores[best] > 0 else -1

    def any_of(self, article: int) -> Passage:
        """The first passage of the article."""
        return self.passages[int(np.searchsorted(self.owner, article))]


def channel_of(
    passages: Sequence[Passage],
    rows: Rows,
    owner: Rows,
    vectors: Vectors,
    *,
    centres: Centres,
    rarity: Rarity | None,
    with_words: bool = True,
) -> Channel:
    """The channel of these rows; `rarity` where another shelf knows how rare words are."""
    own = tuple(passages[at] for at in rows)
    present, starts = np.unique(owner[rows], return_index=True)
    return Channel(
        passages=own,
        owner=owner[rows],
        starts=starts,
        present=present,
        centres=centres,
        index=DenseIndex(vectors),
        words=Words([one.folded for one in own] if with_words else [], rarity=rarity),
    )
