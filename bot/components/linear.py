"""Decides the label of a text from its vector and its character n-grams.

Two logistic regressions, one on centred vectors (plus any extra cues) and one on
character tf-idf; their scores are added, and one temperature, found on held-out folds,
turns the sum into honest confidences. Training needs scikit-learn; a trained head is
plain arrays, kept as npz and JSON, and computes with numpy alone.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_LONGEST_GRAM = 4


def grams(folded: str) -> list[str]:
    """Return the character n-grams of a folded text, word borders included."""
    text = f" {folded[:400]} "
    found: list[str] = []
    for size in range(1, _LONGEST_GRAM + 1):
        found.extend(
            gram
            for start in range(len(text) - size + 1)
            if (gram := text[start : start + size]).strip()
        )
    return found


def softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


@dataclass(frozen=True)
class Head:
    """A trained head; arrays only, so that loading one can run nothing."""

    labels: tuple[str, ...]
    centre: np.ndarray  #: subtracted from every vector
    scale: float  #: centred vectors are divided by their mean length
    dense: np.ndarray  #: (labels, dimensions + cues)
    dense_bias: np.ndarray
    vocabulary: dict[str, int]
    idf: np.ndarray
    words: np.ndarray  #: (labels, vocabulary)
    words_bias: np.ndarray
    share: float  #: how much the word scores count beside the dense ones
    temperature: float

    def bag(self, folded: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns of the known n-grams and their unit-length weights."""
        counts = Counter(
            column
            for gram in grams(folded)
            if (column := self.vocabulary.get(gram)) is not None
        )
        if not counts:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        columns = np.fromiter(counts.keys(), dtype=np.int64)
        tf = np.fromiter((1.0 + math.log(n) for n in counts.values()), dtype=float)
        weights = tf * self.idf[columns]
        return columns, (weights / np.linalg.norm(weights)).astype(np.float32)

    def scores(
        self, vector: np.ndarray, folded: str, *, cues: Sequence[float] = ()
    ) -> np.ndarray:
        """Return the added scores, before the temperature."""
        centred = (vector - self.centre) / self.scale
        features = np.concatenate([centred, np.asarray(cues, dtype=np.float32)])
        columns, weights = self.bag(folded)
        by_words = self.words[:, columns] @ weights + self.words_bias
        result: np.ndarray = (
            self.dense @ features + self.dense_bias + self.share * by_words
        )
        return result

    def probabilities(
        self, vector: np.ndarray, folded: str, *, cues: Sequence[float] = ()
    ) -> np.ndarray:
        return softmax(self.scores(vector, folded, cues=cues) / self.temperature)

    def save(self, folder: Path) -> None:
        np.savez(
            folder / "head.npz",
            centre=self.centre,
            dense=self.dense.astype(np.float32),
            dense_bias=self.dense_bias,
            idf=self.idf,
            words=self.words.astype(np.float16),
            words_bias=self.words_bias,
        )
        described = {
            "labels": self.labels,
            "scale": self.scale,
            "share": self.share,
            "temperature": self.temperature,
            "vocabulary": self.vocabulary,
        }
        text = json.dumps(described, ensure_ascii=False)
        (folder / "head.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Head:
        described = json.loads((folder / "head.json").read_text(encoding="utf-8"))
        with np.load(folder / "head.npz", allow_pickle=False) as held:
            return cls(
                labels=tuple(described["labels"]),
                scale=float(described["scale"]),
                share=float(described["share"]),
                temperature=float(described["temperature"]),
                vocabulary=described["vocabulary"],
                centre=held["centre"],
                dense=held["dense"],
                dense_bias=held["dense_bias"],
                idf=held["idf"],
                words=held["words"].astype(np.float32),
                words_bias=held["words_bias"],
            )
