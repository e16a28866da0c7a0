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
_LOWEST_BAR, _HIGHEST_BAR = 0.34, 0.9
#: How certain a word of the lists is where no classifier is.
_SURE_WORD = 0.5
#: A word already counted as a cue in training; this much it counts once more.
_WORD_SHARE = 0.25
_UPSET = frozenset({"anxious", "dissatisfied", "angry", "sad"})


@dataclass(frozen=True)
class Bars:
    """How much must speak for a feeling before it counts."""

    upset: float = 0.5  #: all feelings that weigh on a person, together
    grateful: float = 0.5

    def as_dict(self) -> dict[str, float]:
        return asdict(self)


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
    found: np.ndarray,
    *,
    labels: Sequence[str],
    truth: Sequence[str],
    votes: Sequence[Mapping[str, float]],
    flags: float,
) -> Bars:
    """Choose both bars so that at most `flags` of the calm lines reach each of them."""
    calm = [row for row, label in enumerate(truth) if label == "neutral"]
    if not calm:
        return Bars()
    certain = [dict(zip(labels, found[row], strict=True)) for row in calm]
    upset = [
        upset_of(each, votes[row]) for each, row in zip(certain, calm, strict=True)
    ]
    grateful = [each.get("grateful", 0.0) for each in certain]
    return Bars(upset=_bar(upset, flags), grateful=_bar(grateful, flags))


def _bar(scores: Sequence[float], flags: float) -> float:
    return min(_HIGHEST_BAR, max(_LOWEST_BAR, float(np.quantile(scores, 1 - flags))))


def upset_of(certain: Mapping[str, float], votes: Mapping[str, float]) -> float:
    """Add up what speaks for any feeling that weighs on a person, words included."""
    sure = sum(certain.get(label, 0.0) for label in _UPSET)
    word = max((votes.get(label, 0.0) for label in _UPSET), default=0.0)
    return float(sure) + _WORD_SHARE * word


def votes_of(signs: Sequence[Sign]) -> dict[str, float]:
    """Return how loudly the words of the lists speak for each feeling."""
    votes: dict[str, float] = {}
    for sign in signs:
        if sign.label is not None:
            more = 0.35 if sign.strong else 0.2
            votes[sign.label] = min(1.0, votes.get(sign.label, 0.0) + more)
    return votes


def _choose(
    certain: Mapping[str, float], votes: Mapping[str, float], bars: Bars
) -> str:
    """Return the strongest feeling of the kind that is over its bar."""
    if not certain:  # no classifier: the lists alone
        return max(votes, key=lambda label: votes[label]) if votes else "neutral"
    if upset_of(certain, votes) >= bars.upset:
        return max(
            (label for label in LABELS if label in _UPSET),
            key=lambda label: certain.get(label, 0.0) + votes.get(label, 0.0),
        )
    return "grateful" if certain.get("grateful", 0.0) >= bars.grateful else "neutral"


def _strength(label: str, sure: float, signs: Sequence[Sign]) -> float:
    """Grow from 0.35 with certainty, and with every sign that makes it louder."""
    own = [sign for sign in signs if sign.label == label]
    loud = [sign for sign in signs if sign.label is None]
    strong = any(sign.strong for sign in own)
    grown = 0.35 + 0.35 * sure + 0.08 * min(3, len(own)) + 0.08 * min(3, len(loud))
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
    label = _choose(certain, votes_of(signs), bars)
    if label == "neutral":
        return Feeling()
    sure = certain.get(label, _SURE_WORD)
    return Feeling(
        label=label,
        intensity=_strength(label, sure, signs),
        evidence=_evidence(text, label, signs, head),
    )
