"""Decides whether a POST may become a turn, and what of its text the bot gets to read.

Nothing typed can name an intent: after normalising, leading slashes and white space go
in a loop. Presses come from the service's own buttons and carry their meaning with them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.components.folding import without_unseen

LONGEST_TEXT = 4000
LONGEST_CONVERSATION_ID = 128
MOST_EVENTS = 400


class NotATurn(Exception):
    """The request is no turn."""

    status = 400

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooLong(NotATurn):
    """The text is longer than any shopper's message may be."""

    status = 413


@dataclass(frozen=True)
class Turn:
    """One turn as the service asked for it."""

    conversation_id: str
    text: str
    parse_data: dict[str, Any] | None  #: ready-made meaning of a press
    metadata: dict[str, Any]
    dialogue: list[dict[str, Any]]


def readable(text: str) -> str:
    """Return the text as the bot may read it: visible, and never a command."""
    clean = without_unseen(text)
    while clean[:1] == "/" or clean[:1].isspace():
        clean = clean[1:]
    return clean.strip()


def _press(press: Any, text: str, known: Collection[str]) -> dict[str, Any]:
    if not isinstance(press, Mapping) or press.get("intent") not in known:
        raise NotATurn("unknown_press")
    entities = press.get("entities") or {}
    if not isinstance(entities, Mapping) or not all(
        isinstance(value, (str, int)) for value in entities.values()
    ):
        raise NotATurn("bad_press")
    intent = {"name": press["intent"], "confidence": 1.0}
    return {
        "text": text,
        "intent": intent,
        "intent_ranking": [intent],
        "entities": [
            {"entity": str(name), "value": str(value)}
            for name, value in entities.items()
        ],
        "emotion": {"label": "neutral", "intensity": 0.0, "evidence": []},
    }


def _conversation_id(body: Mapping[str, Any]) -> str:
    conversation_id = body.get("conversation_id")
    if not isinstance(conversation_id, str) or not conversation_id.strip():
        raise NotATurn("no_conversation")
    if len(conversation_id) > LONGEST_CONVERSATION_ID:
        raise NotATurn("no_conversation")
    return conversation_id


def _dialogue(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    dialogue = body.get("dialogue") or []
    if not isinstance(dialogue, list) or len(dialogue) > MOST_EVENTS:
        raise NotATurn("bad_dialogue")
    if not all(isinstance(event, dict) for event in dialogue):
        raise NotATurn("bad_dialogue")
    return dialogue


def read_turn(body: Any, *, intents: Collection[str]) -> Turn:
    """Parse one request body, or raise NotATurn."""
    if not isinstance(body, Mapping):
        raise NotATurn("not_an_object")
    typed = body.get("text") or ""
    metadata = body.get("metadata") or {}
    if not isinstance(typed, str) or not isinstance(metadata, dict):
        raise NotATurn("wrong_types")
    if len(typed) > LONGEST_TEXT:
        raise TooLong("too_long")
    text = readable(typed)
    press = body.get("press")
    if press is None and not text:
        raise NotATurn("empty_text")
    return Turn(
        conversation_id=_conversation_id(body),
        text=text,
        parse_data=None if press is None else _press(press, text, intents),
        metadata=metadata,
        dialogue=_dialogue(body),
    )
