"""Decides the weights of a linear head; the only module that needs scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.components.linear import Head, grams, softmax

_SHARES = (0.25, 0.5, 0.75, 1.0)
_TEMPERATURES = tuple(np.geomspace(0.3, 3.0, 24))
_SEED = 7


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
class Strength:
    """How freely the two regressions may follow their examples."""

    dense: float = 20.0
    words: float = 8.0


def _regression(
    features: np.ndarray | csr_matrix, labels: Sequence[str], *, strength: float
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    fitted = LogisticRegression(
        C=strength, max_iter=250, class_weight="balanced", random_state=_SEED, tol=1e-2
    ).fit(features, labels)
    weights, bias = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:  # noqa: PLR2004 - scikit-learn keeps one row for two
        weights, bias = np.vstack([-weights, weights]), np.hstack([-bias, bias])
    return weights, bias, tuple(str(label) for label in fitted.classes_)


def fit(examples: Examples, *, strength: Strength) -> Head:
    """Fit both regressions; the share and the temperature are left at one."""
    centre = examples.vectors.mean(axis=0)
    centred = examples.vectors - centre
    scale = float(np.linalg.norm(centred, axis=1).mean()) or 1.0
    features = np.hstack([centred / scale, examples.cues])
    dense, dense_bias, labels = _regression(
        features, examples.labels, strength=strength.dense
    )
    counter = TfidfVectorizer(
        analyzer=grams, sublinear_tf=True, min_df=2, max_features=30_000
    )
    counted = counter.fit_transform(examples.folded)
    words, words_bias, _ = _regression(
        counted, examples.labels, strength=strength.words
    )
    return Head(
        labels=labels,
        centre=centre.astype(np.float32),
        scale=scale,
        dense=dense,
        dense_bias=dense_bias,
        vocabulary={gram: int(i) for gram, i in counter.vocabulary_.items()},
        idf=counter.idf_.astype(np.float32),
        words=words,
        words_bias=words_bias,
        share=1.0,
        temperature=1.0,
    )


@dataclass(frozen=True)
class HeldOut:
    """Scores for rows that the head had not seen, in two parts, and the truth."""

    labels: tuple[str, ...]
    dense: np.ndarray
    words: np.ndarray
    truth: np.ndarray  #: column of the right label

    def probabilities(self, *, share: float, temperature: float) -> np.ndarray:
        return softmax((self.dense + share * self.words) / temperature)

    def loss(self, *, share: float, temperature: float) -> float:
        found = self.probabilities(share=share, temperature=temperature)
        right = found[np.arange(len(self.truth)), self.truth]
        return float(-np.log(np.maximum(right, 1e-12)).mean())


def held_out(examples: Examples, *, folds: int, strength: Strength) -> HeldOut:
    """Score every row by a head that was trained without it."""
    labels = tuple(sorted(set(examples.labels)))
    dense = np.zeros((len(examples.labels), len(labels)))
    words = np.zeros_like(dense)
    splitter = StratifiedKFold(folds, shuffle=True, random_state=_SEED)
    for seen, unseen in splitter.split(examples.vectors, examples.labels):
        head = fit(examples.rows(seen), strength=strength)
        quiet = replace(head, share=0.0)
        for row in unseen:
            vector, folded = examples.vectors[row], examples.folded[row]
            alone = quiet.scores(vector, folded, cues=examples.cues[row])
            both = head.scores(vector, folded, cues=examples.cues[row])
            dense[row], words[row] = alone, both - alone
    truth = np.array([labels.index(label) for label in examples.labels])
    return HeldOut(labels=labels, dense=dense, words=words, truth=truth)


def calibrated(head: Head, scored: HeldOut) -> Head:
    """Choose the share and the temperature that fit the held-out rows best."""
    share, temperature = min(
        ((s, t) for s in _SHARES for t in _TEMPERATURES),
        key=lambda pair: scored.loss(share=pair[0], temperature=pair[1]),
    )
    return replace(head, share=float(share), temperature=float(temperature))


def train(
    examples: Examples, *, strength: Strength | None = None
) -> tuple[Head, HeldOut | None]:
    """Return a calibrated head, and what it scored on rows it had not seen."""
    strength = strength or Strength()
    head = fit(examples, strength=strength)
    rarest = min(examples.labels.count(label) for label in set(examples.labels))
    folds = min(3, rarest)
    if folds < 2:  # noqa: PLR2004 - nothing to hold out
        return head, None
    scored = held_out(examples, folds=folds, strength=strength)
    return calibrated(head, scored), scored
