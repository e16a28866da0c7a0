"""Whether people are called at the right moment: labelled conversations through the shipped rules.

Each turn is weighed by `handoff.triggers` under the shop's policy, once with the feelings and
intents that a person labelled, once with those that the trained bot finds. The outcome of a
turn is always the labelled one. Two things that no label of feeling or outcome tells are given:
that a form gives up after two useless answers, and that the shop cannot make a change itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handoff.triggers import (
    Decision,
    Emotion,
    HandoffRequest,
    History,
    Kind,
    PastTurn,
    TriedArticle,
    TriggerPolicy,
    TurnSignals,
    decide,
)

Talk = Mapping[str, Any]
#: what the bot understood of a text: intent, confidence, emotion
Understand = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Known:
    """What the desk knows of a text besides its labels."""

    vectors: Mapping[str, tuple[float, ...]]
    #: the articles that the search finds for it, best first
    hits: Mapping[str, Sequence[tuple[str, float]]]


UPSET = frozenset({"angry"})
#: an angry shopper must have been offered a person by this many messages
MOST_ANGRY = 3


@dataclass(frozen=True)
class Moment:
    """What happened in one conversation."""

    id: str
    language: str
    wanted: tuple[int, int] | None
    reason: str
    moved: int | None
    codes: tuple[str, ...]
    offers: tuple[int, ...]

    @property
    def kind(self) -> str:
        """Right | none | early | late | needless | missed"""
        if self.wanted is None:
            return "none" if self.moved is None else "needless"
        first, last = self.wanted
        # The rule for a question that comes back is an offer first (`triggers.rules`).
        if self.reason == "repeated_question" and any(
            first <= place <= last for place in self.offers
        ):
            return "right"
        if self.moved is None:
            return "missed"
        if self.moved < first:
            return "early"
        return "right" if self.moved <= last else "late"


@dataclass
class Timing:
    """The figures over all conversations."""

    moments: list[Moment] = field(default_factory=list)
    moved_before_a_try: list[str] = field(default_factory=list)
    angry_without_offer: list[str] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        return Counter(moment.kind for moment in self.moments)

    @property
    def f1(self) -> float:
        """A handoff at another moment than the labelled one is both wrong and missing."""
        found = self.counts
        right = found["right"]
        wrong_time = found["early"] + found["late"]
        called = right + wrong_time + found["needless"]
        needed = right + wrong_time + found["missed"]
        return 2 * right / (called + needed) if called + needed else 0.0


def replay(
    talks: Sequence[Talk],
    policy: TriggerPolicy,
    *,
    known: Known,
    understand: Understand | None = None,
) -> Timing:
    """Weigh every conversation turn by turn until a person is called."""
    timing = Timing()
    for talk in talks:
        _play(talk, policy, known, understand, timing)
    return timing


def _play(
    talk: Talk,
    policy: TriggerPolicy,
    known: Known,
    understand: Understand | None,
    timing: Timing,
) -> None:
    past: list[PastTurn] = []
    decision = Decision()
    moved = None
    for place in range(len(talk["turns"])):
        signals = _signals(talk, place, known, understand)
        decision = decide(signals, History(turns=tuple(past)), policy)
        past.append(
            PastTurn(signals=signals, decided=decision.kind, reasons=decision.codes)
        )
        if decision.kind is Kind.HANDOFF:
            moved = place
            break
    told = talk["handoff"]
    moment = Moment(
        id=talk["id"],
        language=talk["language"],
        wanted=None if told["at"] is None else (told["at"], told["latest"]),
        reason=told["reason"],
        moved=moved,
        codes=decision.codes if moved is not None else (),
        offers=tuple(i for i, turn in enumerate(past) if turn.decided == Kind.OFFER),
    )
    timing.moments.append(moment)
    if moved is not None and not _tried(talk, moved) and not _at_once(moment):
        timing.moved_before_a_try.append(moment.id)
    if _angry_in_vain(talk, moment):
        timing.angry_without_offer.append(moment.id)


def _signals(
    talk: Talk,
    place: int,
    known: Known,
    understand: Understand | None,
) -> TurnSignals:
    turn = talk["turns"][place]
    found = understand(turn["text"]) if understand else None
    emotion = found["emotion"] if found else turn["emotion"]
    outcome = turn["outcome"]
    return TurnSignals(
        text=turn["text"],
        language=talk["language"],
        intent=found["intent"] if found else turn["intent"],
        intent_confidence=found["confidence"] if found else 0.95,
        emotion=Emotion(
            label=emotion["label"],
            intensity=float(emotion["intensity"]),
            evidence=tuple(emotion.get("evidence", ())),
        ),
        search_outcome=outcome if outcome in {"answer", "clarify", "abstain"} else None,
        bot_failure="timeout" if outcome == "failed" else None,
        requested=_requested(talk, place),
        vector=known.vectors.get(turn["text"]),
        hits=tuple(
            TriedArticle(article_id=name, title=name, probability=sure)
            for name, sure in known.hits.get(turn["text"], ())
            if outcome in {"answer", "clarify"}
        ),
        helpful=turn["helpful"],
        active_loop="order_form" if turn["intent"] == "inform" else None,
    )


def _requested(talk: Talk, place: int) -> tuple[HandoffRequest, ...]:
    """What the bot's own flow would ask for at this turn."""
    told = talk["handoff"]
    if told["reason"] == "change_needs_person" and told["at"] == place:
        return (HandoffRequest(reason="change_needs_person"),)
    lately = talk["turns"][max(0, place - 1) : place + 1]
    stuck = [
        turn["outcome"] == "clarify" and turn["intent"] in {"inform", "deny"}
        for turn in lately
    ]
    if len(stuck) > 1 and all(stuck):
        return (HandoffRequest(reason="form_given_up"),)
    return ()


def _tried(talk: Talk, moved: int) -> bool:
    """Say whether the bot did something useful before the turn that called a person."""
    useful = {"answer", "order", "clarify"}
    return any(turn["outcome"] in useful for turn in talk["turns"][: moved + 1])


def _at_once(moment: Moment) -> bool:
    """Asked for, urgent or the bot's own fault: nobody has to be tried first."""
    urgent = {"asked_for_human", "shopper_accepted_offer", "sensitive", "bot_failure"}
    return bool(urgent & set(moment.codes)) or "angry" in moment.codes


def _angry_in_vain(talk: Talk, moment: Moment) -> bool:
    """Three messages labelled angry, and by the third neither an offer nor a person."""
    angry = [
        place
        for place, turn in enumerate(talk["turns"])
        if turn["emotion"]["label"] in UPSET
    ]
    if len(angry) < MOST_ANGRY:
        return False
    third = angry[MOST_ANGRY - 1]
    offered = any(place <= third for place in moment.offers)
    moved = moment.moved is not None and moment.moved <= third
    return not (offered or moved)
