"""Decides the label of a text by its nearness to every example, and by its n-grams.

One regression over a sum of kernels: a Gaussian on centred sentence vectors, and
straight lines on character tf-idf and on any further cues. One temperature, found on
examples left out, turns its scores into honest confidences. Training solves one linear
system (`training.py`); a trained head is plain arrays and computes with numpy alone.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

_LONGEST_GRAM = 4
_MOST_CHARACTERS = 400
#: which order it is says nothing about what is wanted
_LONG_NUMBER = re.compile(r"[a-z]{0,3}\d[\d\-]{5,}")
_DIGIT = re.compile(r"\d")


@lru_cache(maxsize=64)
def grams(folded: str) -> tuple[str, ...]:
    """Return the character n-grams of a folded text, borders included, numbers alike.

    Every head asks for those of the same message, one after the other.
    """
    masked = _DIGIT.sub("0", _LONG_NUMBER.sub("#9", folded[:_MOST_CHARACTERS]))
    text = f" {masked} "
    found: list[str] = []
    for size in range(1, _LONGEST_GRAM + 1):
        found.extend(
            gram
            for start in range(len(text) - size + 1)
            if (gram := text[start : start + size]).strip()
        )
    return tuple(found)


def softmax(scores: np.ndarray) -> np.ndarray:
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


def centred(vectors: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return directions seen from the middle of all examples, each of length one."""
    moved = vectors - centre
    lengths = np.linalg.norm(moved, axis=-1, keepdims=True)
    return moved / np.maximum(lengths, 1e-9)


def nearness(cosines: np.ndarray, *, width: float) -> np.ndarray:
    """Return the Gaussian of the distance between unit vectors."""
    return np.exp(-2.0 * width * (1.0 - cosines))


@dataclass(frozen=True)
class Head:
    """A trained head; arrays only, so that loading one can run nothing."""

    labels: tuple[str, ...]
    centre: np.ndarray  #: subtracted from every vector
    points: np.ndarray  #: (examples, dimensions), centred, of length one
    pulls: np.ndarray  #: (labels, examples): how each example speaks for each label
    width: float  #: how quickly an example stops mattering with distance
    bias: np.ndarray
    vocabulary: dict[str, int]
    idf: np.ndarray
    words: np.ndarray  #: (labels, vocabulary)
    cues: np.ndarray  #: (labels, cues)
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
        cosines = self.points @ centred(vector, self.centre).astype(np.float32)
        columns, weights = self.bag(folded)
        result: np.ndarray = (
            self.pulls @ nearness(cosines, width=self.width)
            + self.words[:, columns] @ weights
            + self.cues @ np.asarray(cues, dtype=np.float32)
            + self.bias
        )
        return result

    def probabilities(
        self, vector: np.ndarray, folded: str, *, cues: Sequence[float] = ()
    ) -> np.ndarray:
        return softmax(self.scores(vector, folded, cues=cues) / self.temperature)

    def save(self, folder: Path) -> None:
        np.savez_compressed(
            folder / "head.npz",
            centre=self.centre,
            points=self.points.astype(np.float16),
            pulls=self.pulls.astype(np.float32),
            bias=self.bias,
            idf=self.idf,
            words=self.words.astype(np.float16),
            cues=self.cues.astype(np.float32),
        )
        described = {
            "labels": self.labels,
            "width": self.width,
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
                width=float(described["width"]),
                temperature=float(described["temperature"]),
                vocabulary=described["vocabulary"],
                centre=held["centre"],
                points=held["points"].astype(np.float32),
                pulls=held["pulls"],
                bias=held["bias"],
                idf=held["idf"],
                words=held["words"].astype(np.float32),
                cues=held["cues"],
            )
