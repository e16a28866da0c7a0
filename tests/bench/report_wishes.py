"""What of the report card is about wishes: the best intent of a line, and whether it asks for a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from handoff.triggers import History, Kind, TriggerPolicy, TurnSignals, decide
from tests.bench.refined import REFINES, as_frozen
from tests.held_out import collapse, read

Found = dict[str, dict[str, Any]]


def intents(found: Found) -> dict[str, Any]:
    """Compare the best guess; of two wishes at once either counts, as `refined` says."""
    lines = read("intents")
    weights = collapse(
        [line["text"] for line in lines], [line["intent"] for line in lines]
    ).weights
    right, plainly_right = [], []
    newer: Counter[str] = Counter()
    mistaken: Counter[tuple[str, str]] = Counter()
    for line in lines:
        wanted = {line["intent"], *_also(line)}
        plain = best_guess(found[line["text"]])
        guess = as_frozen(plain, wanted)
        newer[plain] += plain in REFINES
        right.append(guess in wanted)
        plainly_right.append(plain in wanted)
        mistaken[line["intent"], line["intent"] if right[-1] else guess] += 1
    by_intent = defaultdict(list)
    by_language = defaultdict(list)
    for line, is_right in zip(lines, right, strict=True):
        by_intent[line["intent"]].append(is_right)
        by_language[line["language"]].append(is_right)
    routed = []
    for line in lines:
        wanted = {line["intent"], *_also(line)}
        routed.append(as_frozen(found[line["text"]]["intent"], wanted) in wanted)
    weighed = sum(w for w, is_right in zip(weights, right, strict=True) if is_right)
    return {
        "lines": len(lines),
        "accuracy": _share(right),
        "accuracy_collapsed": weighed / sum(weights),
        "accuracy_unrefined": _share(plainly_right),
        "newer": {name: newer[name] for name in REFINES},
        "accuracy_routed": _share(routed),
        "by_language": {name: _share(each) for name, each in by_language.items()},
        "by_intent": {name: _share(each) for name, each in sorted(by_intent.items())},
        "confusion": mistaken,
    }


def best_guess(told: dict[str, Any]) -> str:
    """Return the likeliest intent, also where the router was too unsure to act on it."""
    named = [name for name, _ in told["ranking"] if name != "nlu_fallback"]
    return str(named[0] if named else told["intent"])


def again(found: Found) -> dict[str, Any]:
    """Compare the best guess on the later set, whose labels are the intents of today."""
    lines = read("intents_again")
    by_intent = defaultdict(list)
    for line in lines:
        guess = best_guess(found[line["text"]])
        by_intent[line["intent"]].append(guess == line["intent"])
    shares = {name: sum(each) / len(each) for name, each in by_intent.items()}
    weakest = min(sorted(shares), key=shares.__getitem__)
    return {
        "lines": len(lines),
        "accuracy": sum(map(sum, by_intent.values())) / len(lines),
        "weakest": (weakest, shares[weakest]),
    }


def people(
    found: Found, policy: TriggerPolicy, *, name: str = "people"
) -> dict[str, Any]:
    """Decide as the desk does, the line being all that was ever said."""
    counts: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for line in read(name):
        is_asked = _is_moved_on_request(line["text"], found[line["text"]], policy)
        counts[f"{line['wants_person']}-{is_asked}"] += 1
        if line["wants_person"] != is_asked:
            kind = "missed" if line["wants_person"] else "needless"
            wrong[f"{kind} {line['language']}"] += 1
    right = counts["True-True"]
    return {
        "precision": right / max(1, right + counts["False-True"]),
        "recall": right / max(1, right + counts["True-False"]),
        "mistakes": dict(wrong),
    }


def _is_moved_on_request(
    text: str, told: dict[str, Any], policy: TriggerPolicy
) -> bool:
    signals = TurnSignals(
        text=text, intent=told["intent"], intent_confidence=told["confidence"]
    )
    decision = decide(signals, History(), policy)
    return decision.kind is Kind.HANDOFF and "asked_for_human" in decision.codes


def _also(line: dict[str, Any]) -> list[str]:
    also = line.get("also") or []
    return [also] if isinstance(also, str) else list(also)


def _share(right: Sequence[bool]) -> float:
    return sum(right) / max(1, len(right))
