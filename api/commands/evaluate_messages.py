"""Measures understanding on labelled messages with the shipped bot, triggers and thresholds.

Starts a bot and a Redis of its own on free ports; every labelled message is one conversation
that goes the whole way of a shopper's message.
"""

from __future__ import annotations

import json
import secrets
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support
from sqlalchemy import select

from api.bot.payloads import FEELINGS
from api.commands.own_desk import own_settings, running
from api.desk import Desk
from api.settings import Settings
from api.speaking import Said, answered, take
from handoff import conversations
from handoff.lifecycle import Status
from handoff.models import Turn
from knowledge_base import languages
from knowledge_base.languages import Language


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One labelled conversation; a label that is None is not measured."""

    turns: tuple[str, ...]
    language: Language
    intent: str | None
    emotion: str | None
    handoff: bool | None


@dataclass(frozen=True, kw_only=True)
class Understood:
    """What the desk made of it: of the last turn, and of the whole for the handoff."""

    intent: str | None
    emotion: str
    handoff: bool


def read(path: Path) -> list[Labelled]:
    """Read `{text | turns[], language, intent?, emotion?, handoff?}` lines.

    A feeling may stand under `label`, as in public sets. Raises ValueError naming the line,
    or saying that nothing is labelled.
    """
    found = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(_labelled(json.loads(line)))
        except (ValueError, TypeError, KeyError) as error:
            raise ValueError(f"{path.name}, line {number}: {error}") from error
    if not found:
        raise ValueError(f"{path.name} has no messages.")
    if not any(one.intent or one.emotion or one.handoff is not None for one in found):
        raise ValueError(
            f"{path.name} labels nothing: a line needs intent, emotion or handoff."
        )
    return found


def _labelled(value: dict[str, Any]) -> Labelled:
    given = value["turns"] if "turns" in value else [value["text"]]
    texts = [each if isinstance(each, str) else _shoppers(each) for each in given]
    turns = tuple(text for text in texts if text)
    if not turns:
        raise ValueError("text or turns must hold what the shopper said")
    handoff = value.get("handoff")
    return Labelled(
        turns=turns,
        language=_language(value, turns),
        intent=value.get("intent"),
        emotion=value.get("emotion", value.get("label")),
        handoff=None if handoff is None else bool(handoff),
    )


def _language(value: dict[str, Any], turns: tuple[str, ...]) -> Language:
    """The one that is named (`lang` in many public sets), else the one that shows."""
    code = value.get("language", value.get("lang"))
    if code is None:
        return languages.detect(" ".join(turns), fallback="zh-Hans")
    return languages.named(code)


def _shoppers(turn: dict[str, Any]) -> str:
    """The words of a `{role, text}` turn if they are the shopper's."""
    said = turn.get("role", "user") in {"user", "shopper"}
    return str(turn["text"]) if said else ""


async def measure(
    settings: Settings,
    lines: Sequence[Labelled],
    *,
    advance: Callable[[], None],
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Run every line and return the figures of the public contract."""
    understood = []
    with tempfile.TemporaryDirectory(prefix="warmline-evaluate-") as folder:
        own = own_settings(settings, Path(folder))
        say("Starting a bot of its own …")
        async with running(own) as desk:
            for line in lines:
                understood.append(await _converse(desk, line))
                advance()
    return report(lines, understood)


async def _converse(desk: Desk, line: Labelled) -> Understood:
    conversation_id = UUID(bytes=secrets.token_bytes(16))
    async with desk.database.writing() as session:
        conversation = await conversations.open_conversation(
            session,
            conversation_id=conversation_id,
            token_hash=secrets.token_hex(32),
            language=line.language,
            now=desk.clock(),
        )
    for number, text in enumerate(line.turns):
        taken = await take(desk, conversation, Said(client_id=str(number), text=text))
        await answered(desk, taken)
    async with desk.database.reading() as session:
        kept = await conversations.get(session, conversation_id)
        signals = await session.scalar(
            select(Turn.signals)
            .where(Turn.conversation_id == conversation_id)
            .order_by(Turn.last_seq.desc())
            .limit(1)
        )
    signals = signals or {}
    return Understood(
        intent=signals.get("intent"),
        emotion=signals.get("emotion", {}).get("label", "neutral"),
        handoff=kept.status != Status.BOT,
    )


def report(
    lines: Sequence[Labelled], understood: Sequence[Understood]
) -> dict[str, Any]:
    """Compare labels with what was understood; a figure nobody labelled is None."""
    pairs = list(zip(lines, understood, strict=True))
    return {
        "n": len(pairs),
        "intent": _intent([(a.intent, b.intent or "") for a, b in pairs if a.intent]),
        "emotion": _emotion([(a.emotion, b.emotion) for a, b in pairs if a.emotion]),
        "handoff": _handoff(
            [(a.handoff, b.handoff) for a, b in pairs if a.handoff is not None]
        ),
    }


def _intent(pairs: list[tuple[str, str]]) -> dict[str, float | None]:
    if not pairs:
        return {"accuracy": None, "macro_f1": None}
    wanted, got = zip(*pairs, strict=True)
    labels = sorted(set(wanted))
    return {
        "accuracy": float(accuracy_score(wanted, got)),
        "macro_f1": float(
            f1_score(wanted, got, labels=labels, average="macro", zero_division=0)
        ),
    }


def _emotion(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    if not pairs:
        return {"macro_f1": None, "per_class": {}}
    wanted, got = zip(*pairs, strict=True)
    # a line of another feeling is one where none of ours should be seen
    labels = sorted(FEELINGS.intersection(wanted))
    if not labels:
        return {"macro_f1": None, "per_class": {}}
    scores = precision_recall_fscore_support(
        wanted, got, labels=labels, zero_division=0
    )
    per_class = {
        label: {
            "precision": float(scores[0][i]),
            "recall": float(scores[1][i]),
            "f1": float(scores[2][i]),
            "n": int(scores[3][i]),
        }
        for i, label in enumerate(labels)
    }
    return {"macro_f1": float(scores[2].mean()), "per_class": per_class}


def _handoff(pairs: list[tuple[bool, bool]]) -> dict[str, float | None]:
    if not pairs:
        return {"precision": None, "recall": None, "f1": None}
    wanted, got = zip(*pairs, strict=True)
    precision, recall, f1, _ = precision_recall_fscore_support(
        wanted, got, average="binary", zero_division=0
    )
    return {"precision": float(precision), "recall": float(recall), "f1": float(f1)}
