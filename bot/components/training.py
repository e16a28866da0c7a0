"""Decides the weights of a head; the only module that needs scikit-learn.

One symmetric system is solved for all labels at once. Its inverse also says what every
example would score had it been left out, so that the temperature and every bar is found
on text that the head has not seen, without training again.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import blas, lapack
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.kernel import Head, centred, grams, nearness, softmax

log = logging.getLogger(__name__)

_TEMPERATURES = tuple(np.geomspace(0.03, 1.0, 36))
_SEED = 7
#: time grows with the cube and memory with the square of the examples
MOST_EXAMPLES = 14_000
#: of the matrix of all pairs, so that no second one of its size is needed
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Examples:
    """What a head is trained from, row by row."""

    vectors: np.ndarray
    folded: tuple[str, ...]
    labels: tuple[str, ...]
    cues: np.ndarray  #: (rows, 0) when there are none

    def rows(self, chosen: np.ndarray) -> Examples:
        return Examples(
            vectors=self.vectors[chosen],
            folded=tuple(self.folded[i] for i in chosen),
            labels=tuple(self.labels[i] for i in chosen),
            cues=self.cues[chosen],
        )


@dataclass(frozen=True)
class Shape:
    """What counts as near, and how freely the examples are followed (chosen by folds)."""

    width: float = 0.6  #: of the Gaussian on centred vectors
    words: float = 0.15  #: share of the character n-grams
    cues: float = 0.1  #: share of each further cue
    ridge: float = 0.07  #: higher is smoother
    balance: float = 1.0  #: 0 lets large labels outweigh small ones, 1 does not


@dataclass(frozen=True)
class LeftOut:
    """What every example scored by the others alone, and the truth."""

    labels: tuple[str, ...]
    scores: np.ndarray
    truth: np.ndarray  #: column of the right label
    kept: np.ndarray  #: which of the given rows these are

    def probabilities(self, *, temperature: float) -> np.ndarray:
        return softmax(self.scores / temperature)

    def loss(self, *, temperature: float) -> float:
        found = self.probabilities(temperature=temperature)
        right = found[np.arange(len(self.truth)), self.truth]
        return float(-np.log(np.maximum(right, 1e-12)).mean())

    @property
    def accuracy(self) -> float:
        return float((self.scores.argmax(axis=1) == self.truth).mean())


def thinned(labels: tuple[str, ...], *, most: int) -> np.ndarray:
    """Return the rows to keep: the largest labels give up rows until all fit."""
    if len(labels) <= most:
        return np.arange(len(labels))
    log.warning("%d examples are too many, %d are used", len(labels), most)
    sizes = sorted(Counter(labels).values())
    cap = max(cap for cap in range(1, sizes[-1] + 1) if _sum_up_to(sizes, cap) <= most)
    order = np.random.default_rng(_SEED).permutation(len(labels))
    seen: Counter[str] = Counter()
    kept = []
    for row in order:
        if seen[labels[row]] < cap:
            seen[labels[row]] += 1
            kept.append(row)
    return np.sort(np.array(kept))


def _sum_up_to(sizes: list[int], cap: int) -> int:
    return sum(min(size, cap) for size in sizes)


def _solve(kernel: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights, and what every row scores without itself; spoils `kernel`.

    Single precision is enough: the ridge keeps the smallest eigenvalue far from zero.
    The transpose of a symmetric matrix is the same matrix in the order LAPACK works on.
    """
    factor, failed = lapack.spotrf(kernel.T, lower=1, overwrite_a=1, clean=0)
    inverse, singular = lapack.spotri(factor, lower=1, overwrite_c=1)
    if failed or singular:
        raise np.linalg.LinAlgError("The examples cannot be told apart; raise `ridge`.")
    pulls = blas.ssymm(1.0, inverse, wanted, lower=1)
    return pulls, wanted - pulls / np.diag(inverse)[:, None]


def _kernel(
    points: np.ndarray, counted: csr_matrix, cues: np.ndarray, *, shape: Shape
) -> np.ndarray:
    """Return how near each row is to each, (rows, rows) float32; nothing else is as large."""
    kernel = np.empty((len(points), len(points)), dtype=np.float32)
    for start in range(0, len(points), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        kernel[some] = nearness(points[some] @ points.T, width=shape.width)
        kernel[some] += shape.words * (counted[some] @ counted.T).toarray()
        kernel[some] += shape.cues * cues[some] @ cues.T
    return kernel


def _slack(truth: np.ndarray, shape: Shape) -> np.ndarray:
    """Return how loosely each row is followed: rows of large labels more loosely."""
    sizes = np.bincount(truth)[truth]
    slack: np.ndarray = (sizes / np.exp(np.log(sizes).mean())) ** shape.balance
    return slack


def train(
    examples: Examples, *, shape: Shape | None = None, most: int = MOST_EXAMPLES
) -> tuple[Head, LeftOut]:
    """Return a calibrated head, and what it scored on rows it had not seen."""
    shape = shape or Shape()
    kept = thinned(examples.labels, most=most)
    chosen = examples.rows(kept)
    labels = tuple(sorted(set(chosen.labels)))
    truth = np.array([labels.index(label) for label in chosen.labels])
    centre = chosen.vectors.mean(axis=0)
    points = centred(chosen.vectors, centre).astype(np.float32)
    counter = TfidfVectorizer(analyzer=grams, sublinear_tf=True, dtype=np.float32)
    counted = counter.fit_transform(chosen.folded)

    cues = chosen.cues.astype(np.float32)
    kernel = _kernel(points, counted, cues, shape=shape)
    kernel[np.diag_indices_from(kernel)] += shape.ridge * _slack(truth, shape)
    wanted = np.eye(len(labels), dtype=np.float32)[truth]
    bias = wanted.mean(axis=0)
    pulls, scores = _solve(kernel, wanted - bias)
    left_out = LeftOut(labels=labels, scores=scores + bias, truth=truth, kept=kept)

    head = Head(
        labels=labels,
        centre=centre.astype(np.float32),
        points=points,
        pulls=pulls.T.astype(np.float32),
        width=shape.width,
        bias=bias.astype(np.float32),
        vocabulary={gram: int(i) for gram, i in counter.vocabulary_.items()},
        idf=counter.idf_.astype(np.float32),
        words=np.asarray(shape.words * (counted.T @ pulls).T, dtype=np.float32),
        cues=np.asarray(shape.cues * (cues.T @ pulls).T, dtype=np.float32),
        temperature=1.0,
    )
    return calibrated(head, left_out), left_out


def calibrated(head: Head, left_out: LeftOut) -> Head:
    """Choose the temperature under which left-out confidences come true best."""
    best = min(_TEMPERATURES, key=lambda each: left_out.loss(temperature=each))
    return replace(head, temperature=float(best))
