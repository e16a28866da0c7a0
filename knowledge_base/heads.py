"""Which article a question's vector speaks for, learned from all wordings at once; what wins over the nearest single wording.

Two ways to the same kind of head, one direction and one bias an article. The closed
form (shared covariance of the wordings around their article's mean) costs a solve and is
there at once for any article; softmax regression is a point better and is fitted while
there is little to fit. Both are told in the spread of their own scores, so that what is
added to them need not know which one spoke.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Owners = NDArray[np.intp]

#: how far the covariance of the wordings is pulled towards a ball
_SHRINK = 0.7
#: strength of softmax regression (1 / its ridge), as measured in docs/knowledge-quality.md
_STRENGTH = 10.0
#: wordings x articles x dimensions: up to here a fit takes about a second
MOST_FITTED = 4e8
_STEPS, _REMEMBERED, _SETTLED = 60, 8, 2e-4
_HALVINGS = 12
#: wordings whose distances are held at once
_AT_ONCE = 50_000


@dataclass(frozen=True)
class Head:
    """One linear score an article."""

    weights: Floats
    bias: Floats
    #: the spread of the scores over wordings and articles
    scale: float
    #: the mean score of a wording for its own article, in spreads
    peak: float = 1.0
    #: softmax regression, not the closed form
    is_fitted: bool = False

    def score(self, vector: Floats) -> Floats:
        """The score of every article, in spreads."""
        found: Floats = (_each(self.weights, vector) + self.bias) / self.scale
        return found

    def some(self, vector: Floats, rows: Owners) -> Floats:
        """The same for these articles alone, in rising order."""
        if len(rows) == len(self.bias):
            # picking every row would copy the whole head
            return self.score(vector)
        found = _each(self.weights[rows], vector) + self.bias[rows]
        return found / self.scale


def _each(weights: Floats, vector: Floats) -> Floats:
    # row by row: `@` hands three thousand articles to a team of threads, and on a busy
    # machine the slowest of them is waited for, 50 times longer than the work takes
    found: Floats = np.vecdot(weights, vector)
    return found


def closed_form(vectors: Floats, owner: Owners, *, articles: int) -> Head:
    """Linear discriminants; with one wording an article this is the nearest wording."""
    dim = vectors.shape[1]
    count = np.bincount(owner, minlength=articles).astype(np.float64)
    total = np.zeros((articles, dim))
    np.add.at(total, owner, vectors)
    means = total / np.maximum(count, 1)[:, None]
    spread = np.zeros((dim, dim))
    for start in range(0, len(vectors), _AT_ONCE):
        # all at once a million wordings would take nine gigabytes
        some = slice(start, start + _AT_ONCE)
        apart = vectors[some] - means[owner[some]]
        spread += apart.T @ apart
    size = np.trace(spread) / dim
    ball = np.eye(dim)
    # nothing is known about how wordings differ before any article has two
    shape = spread / size if size > 0 else ball
    solved = np.linalg.solve((1 - _SHRINK) * shape + _SHRINK * ball, means.T).T
    bias = -0.5 * (solved * means).sum(axis=1)
    return _scaled(solved, bias, vectors, owner)


def like(base: Head, vectors: Floats, owner: Owners, *, articles: int) -> Head:
    """A head for a few articles more, comparable with the base's: their own discriminants in the base's spread."""
    own = closed_form(vectors, owner, articles=articles)
    # among few articles the spread is no measure: what counts is how far a wording of
    # its own article stands out, and that is brought to what it is in the base
    itself = (vectors * own.weights[owner]).sum(axis=1) + own.bias[owner]
    peak = float(itself.mean()) if len(itself) else 1.0
    return Head(
        weights=own.weights,
        bias=own.bias,
        scale=max(peak, 1e-6) / base.peak,
        peak=base.peak,
    )


def fitted(
    vectors: Floats, owner: Owners, *, articles: int, start: Head | None = None
) -> Head:
    """Softmax regression by L-BFGS, from `start` where there is one: few steps then."""
    count, dim = vectors.shape
    place = np.arange(count)
    ridge = 1 / (_STRENGTH * max(count, 1))

    def loss(flat: Floats) -> tuple[float, Floats]:
        known = flat.reshape(articles, dim + 1)
        scores = vectors @ known[:, :-1].T + known[:, -1]
        scores -= scores.max(axis=1, keepdims=True)
        raised = np.exp(scores)
        total = raised.sum(axis=1, keepdims=True)
        value = float((np.log(total[:, 0]) - scores[place, owner]).mean())
        value += 0.5 * ridge * float((known[:, :-1] ** 2).sum())
        raised /= total
        raised[place, owner] -= 1
        slope = np.empty_like(known)
        slope[:, :-1] = raised.T @ vectors / count + ridge * known[:, :-1]
        slope[:, -1] = raised.mean(axis=0)
        return value, slope.ravel()

    first = np.zeros((articles, dim + 1), dtype=np.float32)
    if start is not None:
        first[:, :-1], first[:, -1] = start.weights, start.bias
    known = _lowest(loss, first.ravel()).reshape(articles, dim + 1)
    return _scaled(known[:, :-1], known[:, -1], vectors, owner, is_fitted=True)


def _lowest(loss: Callable[[Floats], tuple[float, Floats]], at: Floats) -> Floats:
    """The lowest point of a smooth bowl (L-BFGS with halved steps)."""
    value, slope = loss(at)
    moves: list[tuple[Floats, Floats]] = []
    for _ in range(_STEPS):
        if np.abs(slope).max() < _SETTLED:
            break
        step = _direction(slope, moves)
        length = 1.0 if moves else min(1.0, 1.0 / float(np.abs(slope).sum()))
        falls = float(slope @ step)
        for _ in range(_HALVINGS):
            there = at + np.float32(length) * step
            next_value, next_slope = loss(there)
            if next_value <= value + 1e-4 * length * falls:
                break
            length /= 2
        else:
            break
        bent = next_slope - slope
        if float((there - at) @ bent) > 0:
            moves = [*moves[-_REMEMBERED + 1 :], (there - at, bent)]
        at, value, slope = there, next_value, next_slope
    return at


def _direction(slope: Floats, moves: list[tuple[Floats, Floats]]) -> Floats:
    """Downhill, bent by what the last moves showed."""
    step = -slope
    parts: list[float] = []
    for moved, bent in reversed(moves):
        parts.append(float(moved @ step) / float(moved @ bent))
        step = step - np.float32(parts[-1]) * bent
    if moves:
        moved, bent = moves[-1]
        step = step * np.float32(float(moved @ bent) / float(bent @ bent))
    for moved, bent in moves:
        part = parts.pop() - float(bent @ step) / float(moved @ bent)
        step = step + np.float32(part) * moved
    return step


def _scaled(
    weights: NDArray[np.floating],
    bias: NDArray[np.floating],
    vectors: Floats,
    owner: Owners,
    *,
    is_fitted: bool = False,
) -> Head:
    rows = np.ascontiguousarray(weights, dtype=np.float32)
    every = slice(None, None, max(1, len(vectors) // 2_000))
    scores = vectors[every] @ rows.T + bias
    spread = float(scores.std()) if scores.size else 0.0
    own = scores[np.arange(len(scores)), owner[every]]
    return Head(
        weights=rows,
        bias=bias.astype(np.float32),
        scale=spread or 1.0,
        peak=float(own.mean()) / spread if spread else 1.0,
        is_fitted=is_fitted,
    )
