"""How sure we are that an article answers a question: scores become a probability, fitted on labelled questions."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge_base.embedding import Vectors
from knowledge_base.errors import BadCalibration, OutdatedCalibration
from knowledge_base.languages import Cloud, cloud
from knowledge_base.snapshot import Candidate

#: the file that comes with the project, fitted on the starter set
SHIPPED = Path(__file__).parent / "starter" / "calibration.json"
#: what is looked at, in the order of the weights
FEATURES = (
    "margin",
    "small_margin",
    "dense",
    "second",
    "head",
    "lead",
    "words",
    "told",
    "agreeing",
    "common",
    "exact",
    "same_language",
    "english",
    "length",
    "worded",
    "mentioned",
    "wordings",
    "worded_by_many",
    "worded_in_own_language",
)
_MOST_APART = 4.0
#: the precisions that a shop may want
WANTED = (0.80, 0.85, 0.90, 0.93, 0.95, 0.96, 0.97, 0.98, 0.99)
_LEAST_ANSWERS = 40
_STEPS = 50
_SETTLED = 1e-8
_FORMAT = 3


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Weights of a logistic regression for one sentence model."""

    model_id: str
    bias: float
    weights: tuple[float, ...]
    #: the model that also read English, "" when none did
    english_id: str = ""
    #: wanted precision -> the probability from which on it was reached
    thresholds: Mapping[str, float] = field(default_factory=dict)
    #: the mean vector of questions a language, for shops with few articles
    means: Mapping[Cloud, Vectors] = field(default_factory=dict)
    #: on how many questions it was fitted, and how well it did on those held out
    report: Mapping[str, Any] = field(default_factory=dict)

    def probability(self, candidate: Candidate, *, question: str) -> float:
        """How likely this article answers the folded question."""
        return self.chance(features(candidate, question=question))

    def threshold(self, wanted: float) -> float:
        """The least probability to answer with, for this precision over all answers.

        Between two measured precisions the stricter one counts; a fit without any
        measured one is taken at its word.
        """
        known = sorted((float(one), at) for one, at in self.thresholds.items())
        reached = [at for precision, at in known if precision >= wanted - 1e-9]
        if reached:
            return reached[0]
        return max(wanted, known[-1][1]) if known else wanted

    def chance(self, seen: Sequence[float]) -> float:
        """The probability that goes with these features."""
        total = self.bias + math.sumprod(self.weights, seen)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def features(candidate: Candidate, *, question: str) -> tuple[float, ...]:
    """The numbers of one candidate, in the order of FEATURES."""
    margin = max(-_MOST_APART, min(_MOST_APART, candidate.margin))
    many = math.log(max(1, candidate.wordings))
    return (
        margin,
        # the first step away from a tie says more than the fifth
        math.tanh(margin),
        candidate.dense,
        candidate.second,
        candidate.head,
        max(-_MOST_APART, min(_MOST_APART, candidate.lead)),
        min(1.0, candidate.words),
        candidate.told,
        candidate.agreeing,
        candidate.common,
        float(candidate.exact),
        float(candidate.same_language),
        float(cloud(question) == "en"),
        math.log1p(len(question)),
        candidate.worded,
        candidate.mentioned,
        many,
        # the more wordings there are, the less it says that one has the word,
        # and in another language only names and numbers can be found
        candidate.worded * many,
        candidate.worded * candidate.same_language,
    )


def fit(
    seen: Sequence[Sequence[float]], right: Sequence[bool], *, ridge: float = 1.0
) -> tuple[float, tuple[float, ...]]:
    """Bias and weights of a logistic regression on feature rows (Newton's method)."""
    rows = np.asarray(seen, dtype=np.float64)
    labels = np.asarray(right, dtype=np.float64)
    mean, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-3)
    scaled = np.hstack([np.ones((len(rows), 1)), (rows - mean) / spread])
    # the bias is free; every weight is pulled towards nothing
    penalty = np.diag([0.0] + [ridge] * rows.shape[1])
    weights = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        guess = 1 / (1 + np.exp(-np.clip(scaled @ weights, -30, 30)))
        slope = scaled.T @ (labels - guess) - penalty @ weights
        bend = (scaled * (guess * (1 - guess))[:, None]).T @ scaled + penalty
        step = np.linalg.solve(bend + 1e-9 * np.eye(len(bend)), slope)
        weights += step
        if np.abs(step).max() < _SETTLED:
            break
    plain = weights[1:] / spread
    return float(weights[0] - plain @ mean), tuple(float(one) for one in plain)


def reliability(
    probabilities: Sequence[float], right: Sequence[bool], *, bins: int = 10
) -> list[dict[str, float]]:
    """For each tenth of said probability, how often it was so."""
    said = np.asarray(probabilities, dtype=np.float64)
    was = np.asarray(right, dtype=np.float64)
    place = np.minimum((said * bins).astype(int), bins - 1)
    return [
        {
            "from": one / bins,
            "to": (one + 1) / bins,
            "n": int((place == one).sum()),
            "said": float(said[place == one].mean()),
            "was": float(was[place == one].mean()),
        }
        for one in range(bins)
        if (place == one).any()
    ]


def expected_error(probabilities: Sequence[float], right: Sequence[bool]) -> float:
    """The mean distance between what was said and what was so (ECE, ten bins)."""
    if not probabilities:
        return 0.0
    table = reliability(probabilities, right)
    return sum(row["n"] * abs(row["said"] - row["was"]) for row in table) / len(
        probabilities
    )


def thresholds(said: Sequence[float], right: Sequence[bool]) -> dict[str, float]:
    """For each wanted precision the probability from which on the answers reach it.

    What was reached counts less its standard error: on a few hundred questions a
    precision is known within a point or two.
    """
    order = np.argsort(-np.asarray(said, dtype=np.float64), kind="stable")
    surest = np.asarray(said, dtype=np.float64)[order]
    count = np.arange(1, len(surest) + 1)
    reached = np.cumsum(np.asarray(right, dtype=np.float64)[order]) / count
    sure = reached - np.sqrt(reached * (1 - reached) / count)
    # a threshold cannot part equal probabilities, nor speak from a handful of answers
    last = np.append(np.diff(surest) != 0, True) & (count >= _LEAST_ANSWERS)
    found: dict[str, float] = {}
    for wanted in WANTED:
        kept = np.flatnonzero((sure >= wanted) & last)
        if len(kept):
            found[f"{wanted:.2f}"] = round(float(surest[kept[-1]]), 4)
    return found


def save(calibration: Calibration, path: Path) -> None:
    """Write the file whole or not at all."""
    text = json.dumps(
        {
            "format": _FORMAT,
            "model_id": calibration.model_id,
            "features": FEATURES,
            "bias": calibration.bias,
            "weights": calibration.weights,
            "english_id": calibration.english_id,
            "thresholds": dict(calibration.thresholds),
            "means": {
                one: [round(float(x), 5) for x in mean]
                for one, mean in calibration.means.items()
            },
            "report": dict(calibration.report),
        },
        indent=1,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".tmp")
    scratch.write_text(text + "\n", encoding="utf-8")
    scratch.replace(path)


def load(path: Path) -> Calibration:
    """Read a file written by `save`, or raise BadCalibration."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != _FORMAT or not set(raw["features"]) <= set(FEATURES):
            raise OutdatedCalibration(
                f"{path} was fitted for another version; run `warmline articles fit`."
            )
        known = dict(zip(raw["features"], map(float, raw["weights"]), strict=True))
        # what an earlier fit did not look at has no say in it
        weights = tuple(known.get(one, 0.0) for one in FEATURES)
        means = {
            key: _mean(raw["means"][key]) for key in ("zh", "en") if key in raw["means"]
        }
        found = Calibration(
            model_id=str(raw["model_id"]),
            bias=float(raw["bias"]),
            weights=weights,
            means=means,  # type: ignore[arg-type]
            english_id=str(raw["english_id"]),
            thresholds={
                str(float(one)): float(at) for one, at in raw["thresholds"].items()
            },
            report=dict(raw["report"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadCalibration(f"{path} cannot be used: {error}") from error
    if not all(map(math.isfinite, (found.bias, *weights, *found.thresholds.values()))):
        raise BadCalibration(f"{path} holds numbers that are not finite.")
    return found


def shipped() -> Calibration:
    """The calibration that comes with the project."""
    return load(SHIPPED)


def _mean(values: Sequence[float]) -> NDArray[np.float32]:
    mean = np.asarray(values, dtype=np.float32)
    if mean.ndim != 1 or not np.isfinite(mean).all():
        raise ValueError("a mean is not a vector")
    return mean
