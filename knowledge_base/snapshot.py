"""How every published article is scored for a question; built once, never changed, safe in many threads.

Three channels add up: a head that learned what tells the articles apart (ridge regression
on centred vectors), the nearest single wording, and shared words. The texts of
answers count weakly. Weights were measured (docs/knowledge-quality.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.centring import Centres, centres_of
from knowledge_base.embedding import Vectors
from knowledge_base.index import DenseIndex
from knowledge_base.languages import Cloud, cloud
from knowledge_base.lexical import Words
from knowledge_base.passages import Passage

_HEAD, _NEAREST, _WORDS = 1.0, 0.3, 0.2
_ANSWER_NEAREST, _ANSWER_WORDS = 0.1, 0.05
#: how strongly the head is held back from fitting single wordings
_RIDGE = 2.0
#: wordings looked at; an article without any of them gets the score of the last one
_LOOKED_AT = 96

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """One article and what speaks for it."""

    article_id: str
    #: the wording (or answer) that fits best
    passage: Passage
    score: float
    #: how far above the best other article; negative for all but the first
    margin: float
    dense: float
    head: float
    words: float
    exact: bool
    same_language: bool


@dataclass(frozen=True)
class _Channel:
    """The texts of one kind, grouped by article."""

    passages: tuple[Passage, ...]
    #: the article of each passage, as a position in `Snapshot.article_ids`, rising
    owner: NDArray[np.intp]
    #: where the passages of each article begin
    starts: NDArray[np.intp]
    index: DenseIndex
    words: Words

    def dense(
        self, vector: Floats, *, articles: int
    ) -> tuple[Floats, NDArray[np.intp]]:
        """For each article its best score and the passage that reached it (-1: none)."""
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
        return best, which

    def lexical(self, folded: str, *, articles: int) -> tuple[Floats, Floats]:
        """For each article its best share of words, and the share of each passage."""
        scores = self.words.score(folded)
        best = np.zeros(articles, np.float32)
        if len(scores):
            best[self.owner[self.starts]] = np.maximum.reduceat(scores, self.starts)
        return best, scores

    def best_worded(self, article: int, scores: Floats) -> int:
        """The passage of the article with the highest score; -1 when none has any."""
        first, last = np.searchsorted(self.owner, (article, article + 1))
        if first == last:
            return -1
        best = int(first + scores[first:last].argmax())
        return best if scores[best] > 0 else -1


@dataclass(frozen=True)
class Snapshot:
    """All published articles, ready to be asked."""

    article_ids: tuple[str, ...]
    centres: Centres
    asked: _Channel
    answers: _Channel
    #: one row an article
    head: Floats

    def rank(self, folded: str, vector: Vectors, *, most: int) -> list[Candidate]:
        """The best articles for a folded question, best first."""
        count = len(self.article_ids)
        if not count:
            return []
        asked_in = cloud(folded)
        centred = self.centres.centred(vector.reshape(1, -1), [asked_in])[0]
        dense, near = self.asked.dense(centred, articles=count)
        words, shared = self.asked.lexical(folded, articles=count)
        said, said_at = self.answers.dense(centred, articles=count)
        told, told_shared = self.answers.lexical(folded, articles=count)
        head: Floats = self.head @ centred
        score = _HEAD * head + _NEAREST * dense + _WORDS * words
        score += _ANSWER_NEAREST * said + _ANSWER_WORDS * told
        first = _best(score, most + 1)
        found = []
        for article in first[:most]:
            passage = (
                _found(self.asked, article, near, shared)
                or _found(self.answers, article, said_at, told_shared)
                # found by the head alone: any wording of it stands for it
                or self.asked.passages[int(np.searchsorted(self.asked.owner, article))]
            )
            found.append(
                Candidate(
                    article_id=self.article_ids[article],
                    passage=passage,
                    score=float(score[article]),
                    margin=_margin(score, first, article),
                    dense=float(dense[article]),
                    head=float(head[article]),
                    words=float(words[article]),
                    exact=passage.kind != "answer" and passage.folded == folded,
                    same_language=cloud(passage.folded) == asked_in,
                )
            )
        return found


def _found(
    channel: _Channel, article: int, near: NDArray[np.intp], shared: Floats
) -> Passage | None:
    """The nearest passage of the article, or the one that shares most words."""
    row = int(near[article])
    if row < 0:
        row = channel.best_worded(article, shared)
    return channel.passages[row] if row >= 0 else None


def _best(score: Floats, most: int) -> list[int]:
    most = min(most, len(score))
    some = np.argpartition(-score, most - 1)[:most]
    # equal scores keep the order of the ids: the same question, the same answer
    return [int(one) for one in some[np.lexsort((some, -score[some]))]]


def _margin(score: Floats, first: Sequence[int], article: int) -> float:
    others = [one for one in first[:2] if one != article]
    return float(score[article] - score[others[0]]) if others else 1.0


def build(
    passages: Sequence[Passage],
    vectors: Vectors,
    *,
    prior: Mapping[Cloud, Vectors],
) -> Snapshot:
    """Compute everything a question needs; `vectors` has one unit row a passage."""
    article_ids = tuple(sorted({one.article_id for one in passages}))
    place = {article_id: at for at, article_id in enumerate(article_ids)}
    owner = np.asarray([place[one.article_id] for one in passages], dtype=np.intp)
    clouds = [cloud(one.folded) for one in passages]
    is_answer = np.asarray([one.kind == "answer" for one in passages], dtype=bool)
    # grouped by article: each channel then takes the best of a group in one step
    grouped = np.argsort(owner, kind="stable")
    asked, answers = grouped[~is_answer[grouped]], grouped[is_answer[grouped]]
    centres = centres_of(vectors[asked], [clouds[at] for at in asked], prior=prior)
    # answers are a cloud of their own: the model reads them with another prefix
    apart = centres_of(vectors[answers], [clouds[at] for at in answers], prior={})
    wordings = centres.centred(vectors[asked], [clouds[at] for at in asked])
    told = apart.centred(vectors[answers], [clouds[at] for at in answers])
    return Snapshot(
        article_ids=article_ids,
        centres=centres,
        asked=_channel(passages, asked, owner, wordings),
        answers=_channel(passages, answers, owner, told),
        head=_head(wordings, owner[asked], articles=len(article_ids)),
    )


def _channel(
    passages: Sequence[Passage],
    rows: NDArray[np.intp],
    owner: NDArray[np.intp],
    vectors: Vectors,
) -> _Channel:
    own = tuple(passages[at] for at in rows)
    return _Channel(
        passages=own,
        owner=owner[rows],
        starts=np.unique(owner[rows], return_index=True)[1],
        index=DenseIndex(vectors),
        words=Words([one.folded for one in own]),
    )


def _head(vectors: Vectors, owner: NDArray[np.intp], *, articles: int) -> Floats:
    """One direction an article: its wordings against everybody's (closed-form ridge)."""
    together = np.zeros((articles, vectors.shape[1]), dtype=np.float64)
    np.add.at(together, owner, vectors)
    spread = vectors.T.astype(np.float64) @ vectors + _RIDGE * np.eye(vectors.shape[1])
    head: Floats = np.linalg.solve(spread, together.T).T.astype(np.float32)
    return np.ascontiguousarray(head)
