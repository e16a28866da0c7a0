"""The card that travels with a handoff: everything the agent should not have to ask again.

Pure. Nothing is guessed: what is not known is null or empty, and order facts are there
only if the shopper has proved that the order is theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handoff.decisions import Reason
from handoff.next_steps import next_step
from handoff.signals import SMALL_TALK, PastTurn, TriedArticle, TurnSignals

CARD_VERSION = 1
MOST_OWN_WORDS = 3
LONGEST_QUOTE = 280
#: says how somebody feels about the matter, not which matter it is
VAGUE = frozenset({"complain"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing the shopper said."""

    seq: int
    text: str


@dataclass(frozen=True, kw_only=True)
class CardTurn:
    """A turn of this story and the shopper messages it covered."""

    first_seq: int
    last_seq: int
    turn: PastTurn
    #: the reply never came
    failed: bool = False


def build_card(
    *,
    language: str,
    reasons: Sequence[Reason],
    said: Sequence[Said],
    turns: Sequence[CardTurn],
    order_facts: Mapping[str, Any] | None = None,
    verified_how: str | None = None,
    titles: Mapping[str, str] | None = None,
    verdicts: Mapping[str, bool] | None = None,
    pictures: int = 0,
    now: datetime,
) -> dict[str, Any]:
    """Put the card together; its schema is `tests/contracts/card.schema.json`.

    `turns` end with the one that decided. `titles` are those of the articles that the
    bot's messages cited, `verdicts` the shopper's on articles, both by article id.
    """
    wants = _wants(said, turns)
    order = dict(order_facts) if order_facts and verified_how else None
    return {
        "version": CARD_VERSION,
        "reasons": [reason.as_json() for reason in reasons],
        "wants": wants,
        "order": order,
        "emotion_trace": _emotion_trace(turns),
        "tried": _tried(turns, titles or {}, verdicts or {}),
        "pictures": pictures,
        "language": language,
        "open_question": _open_question(said, turns),
        "next_step": next_step(reasons, wants=wants, order=order),
        "verified": {"how": verified_how if order else None},
        "created_at": now.isoformat(),
    }


def _wants(said: Sequence[Said], turns: Sequence[CardTurn]) -> dict[str, Any]:
    """The last turn that brought a matter of its own says what is wanted."""
    signals = _last_matter(turns)
    return {
        "intent": signals.intent if signals else None,
        "confidence": round(signals.intent_confidence, 3) if signals else None,
        "entities": _entities(turns),
        "own_words": _own_words(said, turns),
    }


def _last_matter(turns: Sequence[CardTurn]) -> TurnSignals | None:
    with_intent = [card.turn.signals for card in turns if card.turn.signals.intent]
    matters = [found for found in with_intent if found.intent not in SMALL_TALK]
    plain = [found for found in matters if found.intent not in VAGUE]
    last = plain or matters
    return last[-1] if last else None


def _entities(turns: Sequence[CardTurn]) -> list[dict[str, str]]:
    """Each kind of entity once, as it was said last."""
    latest = {
        found.entity: found.value
        for card in turns
        for found in card.turn.signals.entities
    }
    return [{"entity": name, "value": value} for name, value in latest.items()]


def _own_words(said: Sequence[Said], turns: Sequence[CardTurn]) -> list[dict[str, Any]]:
    """At most three messages that tell the story, in the order they were said."""
    told = [message for message in said if message.text.strip()]
    best = sorted(told, key=lambda message: -_weight(message, told, turns))
    chosen = sorted(best[:MOST_OWN_WORDS], key=lambda message: message.seq)
    return [{"seq": message.seq, "text": _quote(message.text)} for message in chosen]


def _weight(message: Said, said: Sequence[Said], turns: Sequence[CardTurn]) -> float:
    """Rate how much a message tells: substance, feeling, failure, being the last."""
    length = min(len(message.text), 80) / 80
    weight = length + (0.5 if message.seq == said[-1].seq else 0.0)
    card = _covering(message.seq, turns)
    if card is None:
        return weight
    signals = card.turn.signals
    weight += signals.emotion.upset
    weight += 0.5 if signals.failed or card.failed else 0.0
    weight += 0.3 if signals.entities else 0.0
    return weight - (0.8 if signals.intent in SMALL_TALK else 0.0)


def _covering(seq: int, turns: Sequence[CardTurn]) -> CardTurn | None:
    covers = [card for card in turns if card.first_seq <= seq <= card.last_seq]
    return covers[-1] if covers else None


def _emotion_trace(turns: Sequence[CardTurn]) -> list[dict[str, Any]]:
    return [
        {
            "seq": card.last_seq,
            "label": card.turn.signals.emotion.label,
            "intensity": round(card.turn.signals.emotion.intensity, 3),
            "evidence": list(card.turn.signals.emotion.evidence),
        }
        for card in turns
    ]


def _tried(
    turns: Sequence[CardTurn],
    titles: Mapping[str, str],
    verdicts: Mapping[str, bool],
) -> list[dict[str, Any]]:
    """Each article the shopper was shown, once, with its best probability."""
    best: dict[str, TriedArticle] = {}
    for hit in (hit for card in turns for hit in _shown(card.turn.signals, titles)):
        known = best.get(hit.article_id)
        if known is None or hit.probability > known.probability:
            best[hit.article_id] = hit
    words = {True: "helpful", False: "not_helpful", None: None}
    return [
        {
            "article_id": hit.article_id,
            "title": titles.get(hit.article_id) or hit.title,
            "probability": round(hit.probability, 3),
            "verdict": words[verdicts.get(hit.article_id)],
        }
        for hit in best.values()
    ]


def _shown(signals: TurnSignals, titles: Mapping[str, str]) -> list[TriedArticle]:
    """Leave out what the search found and kept to itself."""
    if signals.search_outcome == "clarify":
        return list(signals.hits)
    return [hit for hit in signals.hits if hit.article_id in titles]


def _open_question(said: Sequence[Said], turns: Sequence[CardTurn]) -> str | None:
    """The last matter that got no good answer; failing that, the last matter at all."""
    matters = [
        (message, card)
        for message in said
        for card in (_covering(message.seq, turns),)
        if message.text.strip() and (card is None or not _is_small_talk(card))
    ]
    unanswered = [
        message
        for message, card in matters
        if card is None or card.failed or card.turn.signals.search_outcome != "answer"
    ]
    candidates = unanswered or [message for message, _ in matters]
    return _quote(candidates[-1].text) if candidates else None


def _is_small_talk(card: CardTurn) -> bool:
    """A verdict button or "hello" is no question, whatever came with it."""
    signals = card.turn.signals
    return signals.intent in SMALL_TALK or signals.helpful is not None


def _quote(text: str) -> str:
    told = " ".join(text.split())
    return told if len(told) <= LONGEST_QUOTE else told[: LONGEST_QUOTE - 1] + "…"
