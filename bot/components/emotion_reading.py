"""Decides what signs and probabilities amount to: a feeling, its strength, its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from bot.components.emotion_cues import LABELS, Sign
from bot.components.folding import fold
from bot.components.kernel import Head
from bot.components.tokenizer import words

_MOST_EVIDENCE = 5
_LOWEST_BAR = 0.34
#: A sure word without the classifier's support still counts this much.
_SURE_WORD = 0.5
_UPSET = frozenset({"anxious", "dissatisfied", "angry", "sad"})


@dataclass(frozen=True)
class Bars:
    """How probable a feeling must be before it counts."""

    anxious: float = 0.5
    dissatisfied: float = 0.5
    angry: float = 0.5
    sad: float = 0.5
    grateful: float = 0.5

    def as_dict(self) -> dict[str, float]:
        return asdict(self)

    def of(self, label: str) -> float:
        return float(getattr(self, label))


@dataclass(frozen=True)
class Feeling:
    """What is known about one message."""

    label: str = "neutral"
    intensity: float = 0.0
    evidence: tuple[str, ...] = field(default=())

    def as_dict(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "intensity": round(self.intensity, 3),
            "evidence": list(self.evidence),
        }


def find_bars(
    found: np.ndarray, *, labels: Sequence[str], truth: Sequence[str], flags: float
) -> Bars:
    """Choose each bar so that at most `flags` of the calm lines reach any of them."""
    calm = np.array([label == "neutral" for label in truth])
    if not calm.any():
        return Bars()
    feelings = [label for label in labels if label != "neutral"]
    allowed = flags / len(feelings)
    chosen = {}
    for label in feelings:
        on_calm = found[calm, list(labels).index(label)]
        bar = float(np.quantile(on_calm, 1.0 - allowed))
        chosen[label] = min(0.9, max(_LOWEST_BAR, bar))
    return Bars(**chosen)


def _votes(signs: Sequence[Sign]) -> dict[str, float]:
    votes: dict[str, float] = {}
    for sign in signs:
        if sign.label is not None:
            more = 0.35 if sign.strong else 0.2
            votes[sign.label] = min(1.0, votes.get(sign.label, 0.0) + more)
    return votes


def _choose(
    certain: Mapping[str, float], votes: Mapping[str, float], bars: Bars
) -> str:
    """Return the feeling that is over its bar, or named by a sure word."""
    reached = {
        label: certain[label]
        for label in LABELS[1:]
        if certain.get(label, 0.0) >= bars.of(label)
    }
    for label, vote in votes.items():
        supported = not certain or certain.get(label, 0.0) >= bars.of(label) / 3
        if supported:
            reached[label] = max(reached.get(label, 0.0), _SURE_WORD) + vote
    return max(reached, key=lambda label: reached[label]) if reached else "neutral"


def _strength(label: str, sure: float, signs: Sequence[Sign]) -> float:
    """Grow from 0.3 with certainty, and with every sign that makes it louder."""
    own = [sign for sign in signs if sign.label == label]
    loud = [sign for sign in signs if sign.label is None]
    strong = any(sign.strong for sign in own)
    grown = 0.3 + 0.35 * sure + 0.08 * min(3, len(own)) + 0.08 * min(3, len(loud))
    return min(1.0, grown + (0.2 if strong else 0.0))


def _telling_words(text: str, label: str, head: Head) -> list[str]:
    """Return the words whose n-grams spoke most for the label against calm."""
    row, calm = head.labels.index(label), head.labels.index("neutral")
    difference = head.words[row] - head.words[calm]
    weighed = []
    for word, _ in words(text):
        columns, weights = head.bag(fold(word))
        if len(columns) and any(c.isalpha() for c in word):
            weighed.append((float(difference[columns] @ weights), word))
    best = sorted(weighed, reverse=True)[:2]
    return [word for weight, word in best if weight > 0]


def _evidence(
    text: str, label: str, signs: Sequence[Sign], head: Head | None
) -> tuple[str, ...]:
    alike = _UPSET if label in _UPSET else {label}
    telling = [sign for sign in signs if sign.label is None or sign.label in alike]
    own = [sign.text for sign in telling]
    if head is not None and all(sign.label is None for sign in telling):
        own = _telling_words(text, label, head) + own
    return tuple(dict.fromkeys(own))[:_MOST_EVIDENCE]


def read_feeling(
    text: str,
    signs: Sequence[Sign],
    certain: Mapping[str, float],
    *,
    bars: Bars,
    head: Head | None,
) -> Feeling:
    """Weigh the list and the classifier, and say what they amount to."""
    label = _choose(certain, _votes(signs), bars)
    if label == "neutral":
        return Feeling()
    sure = certain.get(label, _SURE_WORD)
    return Feeling(
        label=label,
        intensity=_strength(label, sure, signs),
        evidence=_evidence(text, label, signs, head),
    )
