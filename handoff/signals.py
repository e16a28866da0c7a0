"""What a turn told us about the shopper, and how it is kept in the turn's row as JSON."""

from __future__ import annotations

import base64
import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

#: labels that weigh on a person, and how heavily at full intensity
WEIGHTS = {"angry": 1.0, "dissatisfied": 0.7, "anxious": 0.6, "sad": 0.6}

#: turns that say something to the bot but bring no question
SMALL_TALK = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "affirm",
        "deny",
        "chitchat",
        "inform",
        "ask_bot_identity",
        "ask_human",
    }
)


@dataclass(frozen=True, kw_only=True)
class Emotion:
    """How the shopper felt in one turn, and the words that gave it away."""

    #: neutral | anxious | dissatisfied | angry | sad | grateful
    label: str = "neutral"
    intensity: float = 0.0
    evidence: tuple[str, ...] = ()

    @property
    def upset(self) -> float:
        """How much it weighs, 0 to 1, comparable between labels."""
        return WEIGHTS.get(self.label, 0.0) * self.intensity


@dataclass(frozen=True, kw_only=True)
class Entity:
    entity: str
    value: str


@dataclass(frozen=True, kw_only=True)
class TriedArticle:
    """An article that the bot answered or asked back with."""

    article_id: str
    title: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class HandoffRequest:
    """The bot asks for a person; the service decides."""

    reason: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class OrderSeen:
    """The proved order that the turn was about, as far as a rule weighs it."""

    number: str
    total: float
    currency: str
    #: where it stands: late, lost, delivered …
    state: str


@dataclass(frozen=True, kw_only=True)
class TurnSignals:
    """Everything one turn showed. Defaults mean that nothing was noticed."""

    text: str
    language: str = "en"
    intent: str | None = None
    intent_confidence: float = 0.0
    entities: tuple[Entity, ...] = ()
    emotion: Emotion = field(default_factory=Emotion)
    #: answer | clarify | abstain; None if nothing was searched
    search_outcome: str | None = None
    hits: tuple[TriedArticle, ...] = ()
    #: why the bot gave no usable reply
    bot_failure: str | None = None
    requested: tuple[HandoffRequest, ...] = ()
    #: the embedded text, to notice the same question in other words
    vector: Sequence[float] | None = None
    #: the shopper's verdict, if this turn is one
    helpful: bool | None = None
    #: a button of the offer was pressed: accepted | refused
    offer_answer: str | None = None
    active_loop: str | None = None
    order: OrderSeen | None = None
    #: how many pictures came with it
    pictures: int = 0

    @property
    def failed(self) -> bool:
        """Say whether the shopper got nothing useful out of this turn."""
        return self.search_outcome == "abstain" or self.helpful is False

    @property
    def is_question(self) -> bool:
        """Say whether the turn brought a question of its own, outside a form."""
        return self.intent not in SMALL_TALK and self.active_loop is None


@dataclass(frozen=True, kw_only=True)
class PastTurn:
    """What is remembered of an ended turn, and what was decided then."""

    signals: TurnSignals
    #: none | offer | handoff
    decided: str = "none"
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class History:
    """The ended turns of the conversation since the bot last took it, oldest first."""

    turns: tuple[PastTurn, ...] = ()
    #: orders that people have already looked after in this conversation
    settled_orders: frozenset[str] = frozenset()


def to_json(
    signals: TurnSignals, *, decided: str = "none", reasons: Iterable[str] = ()
) -> dict[str, Any]:
    """Return what `turns.finish(signals=…)` keeps; the words stay in the messages."""
    return {
        "language": signals.language,
        "intent": signals.intent,
        "intent_confidence": round(signals.intent_confidence, 4),
        "entities": [
            {"entity": found.entity, "value": found.value} for found in signals.entities
        ],
        "emotion": {
            "label": signals.emotion.label,
            "intensity": round(signals.emotion.intensity, 4),
            "evidence": list(signals.emotion.evidence),
        },
        "search_outcome": signals.search_outcome,
        "hits": [
            {
                "article_id": hit.article_id,
                "title": hit.title,
                "probability": round(hit.probability, 4),
            }
            for hit in signals.hits
        ],
        "bot_failure": signals.bot_failure,
        "requested": [
            {"reason": request.reason, "detail": dict(request.detail)}
            for request in signals.requested
        ],
        "vector": _packed(signals.vector),
        "helpful": signals.helpful,
        "offer_answer": signals.offer_answer,
        "active_loop": signals.active_loop,
        "order": asdict(signals.order) if signals.order is not None else None,
        "pictures": signals.pictures,
        "decided": decided,
        "reasons": list(reasons),
    }


def from_json(kept: Mapping[str, Any], *, text: str = "") -> PastTurn:
    """Read what `to_json` wrote; whatever is missing counts as not noticed."""
    signals = TurnSignals(
        text=text,
        language=str(kept.get("language") or "en"),
        intent=kept.get("intent"),
        intent_confidence=float(kept.get("intent_confidence") or 0.0),
        entities=tuple(
            Entity(entity=str(found["entity"]), value=str(found["value"]))
            for found in kept.get("entities") or ()
        ),
        emotion=_emotion(kept.get("emotion") or {}),
        search_outcome=kept.get("search_outcome"),
        hits=tuple(map(_tried, kept.get("hits") or ())),
        bot_failure=kept.get("bot_failure"),
        requested=tuple(
            HandoffRequest(
                reason=str(request["reason"]), detail=request.get("detail") or {}
            )
            for request in kept.get("requested") or ()
        ),
        vector=_unpacked(kept.get("vector")),
        helpful=kept.get("helpful"),
        offer_answer=kept.get("offer_answer"),
        active_loop=kept.get("active_loop"),
        order=_order(kept.get("order")),
        pictures=int(kept.get("pictures") or 0),
    )
    return PastTurn(
        signals=signals,
        decided=str(kept.get("decided") or "none"),
        reasons=tuple(map(str, kept.get("reasons") or ())),
    )


def _emotion(kept: Mapping[str, Any]) -> Emotion:
    return Emotion(
        label=str(kept.get("label") or "neutral"),
        intensity=float(kept.get("intensity") or 0.0),
        evidence=tuple(map(str, kept.get("evidence") or ())),
    )


def _order(kept: Mapping[str, Any] | None) -> OrderSeen | None:
    if not kept:
        return None
    return OrderSeen(
        number=str(kept["number"]),
        total=float(kept["total"]),
        currency=str(kept["currency"]),
        state=str(kept["state"]),
    )


def _tried(kept: Mapping[str, Any]) -> TriedArticle:
    return TriedArticle(
        article_id=str(kept["article_id"]),
        title=str(kept.get("title") or ""),
        probability=float(kept.get("probability") or 0.0),
    )


def read_history(kept: Iterable[Mapping[str, Any]]) -> History:
    """Build the history out of the rows' `signals`, oldest first.

    Turns before the last handoff belong to a story that people have already settled.
    """
    return since_last_handoff([from_json(signals) for signals in kept])


def since_last_handoff(turns: Sequence[PastTurn]) -> History:
    """The newest story of the bot, and which orders people saw before it."""
    settled = max(
        (place for place, turn in enumerate(turns, 1) if turn.decided == "handoff"),
        default=0,
    )
    orders = (turn.signals.order for turn in turns[:settled])
    return History(
        turns=tuple(turns[settled:]),
        settled_orders=frozenset(order.number for order in orders if order),
    )


def similarity(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the cosine; 0 if the two cannot be compared."""
    if len(one) != len(other) or not one:
        return 0.0
    length = math.sqrt(math.sumprod(one, one) * math.sumprod(other, other))
    return math.sumprod(one, other) / length if length else 0.0


def _packed(vector: Sequence[float] | None) -> str | None:
    if vector is None:
        return None
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _unpacked(packed: str | None) -> tuple[float, ...] | None:
    if not packed:
        return None
    raw = base64.b64decode(packed)
    return struct.unpack(f"<{len(raw) // 4}f", raw)
