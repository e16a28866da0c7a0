"""What shows only over several turns: rising emotion, repeated failure, going in circles."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from handoff.decisions import Reason, TriggerPolicy
from handoff.signals import Emotion, History, TurnSignals, similarity

#: upset below this is noise, however it grew
RISING_FLOOR = 0.3
RISING_STEP = 0.05
#: failures further back than this many turns are forgotten
FAILURE_WINDOW = 6
SHORTEST_QUESTION = 4


def rising(
    signals: TurnSignals, history: History, policy: TriggerPolicy
) -> list[Reason]:
    """Look for `rising_steps` turns in a row, each clearly more upset than the last."""
    emotions = [turn.signals.emotion for turn in history.turns] + [signals.emotion]
    tail = emotions[-(policy.rising_steps + 1) :]
    levels = [emotion.upset for emotion in tail]
    rises = all(later - earlier >= RISING_STEP for earlier, later in pairwise(levels))
    if len(levels) <= policy.rising_steps or not rises or levels[-1] < RISING_FLOOR:
        return []
    evidence = {
        "trace": [felt(emotion) for emotion in tail],
        "levels": [round(level, 3) for level in levels],
        "steps": policy.rising_steps,
    }
    return [Reason(code="rising_emotion", evidence=evidence)]


def failing(
    signals: TurnSignals, history: History, policy: TriggerPolicy
) -> list[Reason]:
    """Count what brought the shopper nothing since something last helped."""
    if not signals.failed:
        return []
    failures = [signals]
    for turn in reversed(history.turns[-FAILURE_WINDOW:]):
        if turn.signals.helpful is True or turn.signals.emotion.label == "grateful":
            break  # something helped: the count starts anew
        if turn.signals.failed:
            failures.append(turn.signals)
    if len(failures) < policy.failed_turns:
        return []
    code = "not_helpful" if signals.helpful is False else "not_understood"
    evidence = {
        "failed_turns": len(failures),
        "threshold": policy.failed_turns,
        "abstained": sum(turn.search_outcome == "abstain" for turn in failures),
        "not_helpful": sum(turn.helpful is False for turn in failures),
    }
    return [Reason(code=code, evidence=evidence)]


def repeating(
    signals: TurnSignals, history: History, policy: TriggerPolicy
) -> list[Reason]:
    """Notice the question that comes back, in whatever words."""
    if not signals.is_question or signals.vector is None:
        return []
    if len(signals.text.strip()) < SHORTEST_QUESTION:
        return []
    alike = [
        cosine
        for turn in history.turns
        if turn.signals.is_question and turn.signals.vector is not None
        for cosine in (similarity(signals.vector, turn.signals.vector),)
        if cosine >= policy.repeated_similarity
    ]
    if len(alike) < policy.repeated_questions:
        return []
    evidence = {
        "times": len(alike) + 1,
        "similarity": [round(cosine, 3) for cosine in alike],
        "threshold": policy.repeated_similarity,
    }
    return [Reason(code="repeated_question", evidence=evidence)]


def felt(emotion: Emotion) -> dict[str, Any]:
    """Return the emotion as evidence."""
    return {
        "label": emotion.label,
        "intensity": round(emotion.intensity, 3),
        "words": list(emotion.evidence),
    }
