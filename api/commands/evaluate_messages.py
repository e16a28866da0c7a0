"""
Measures understanding on labelled messages with the shipped bot, triggers and thresholds.

Starts a bot and a Redis of its own on free ports; every labelled message is one conversation
that goes the whole way of a shopper's message.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import uvicorn
from rich.console import Console
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support
from sqlalchemy import select

from api import wiring
from api.bot.actions import create_actions_app
from api.bot.client import HEALTH_PATH
from api.desk import Desk
from api.index import refresh_index
from api.processes import programs, training
from api.processes.prepare import prepare
from api.processes.valkey import server_binary, write_configuration
from api.redis_client import connect
from api.settings import Settings
from api.speaking import Said, answered, take
from handoff import conversations
from handoff.lifecycle import Status
from handoff.models import Turn
from knowledge_base.embedding import load_embedder

BOT_SECONDS = 120
#: no limit may stop a measurement
NO_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """One labelled conversation; a label that is None is not measured."""

    turns: tuple[str, ...]
    language: str
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
    """Read `{text | turns[], language, intent?, emotion?, handoff?}` lines; raises ValueError naming the line."""
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
        language=str(value.get("language", "zh-Hans")).replace("zh-TW", "zh-Hant"),
        intent=value.get("intent"),
        emotion=value.get("emotion"),
        handoff=None if handoff is None else bool(handoff),
    )


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


def own_settings(settings: Settings, folder: Path) -> Settings:
    """The operator's thresholds, on ports, a database and a Redis that nobody else uses."""
    with socket.socket() as a, socket.socket() as b, socket.socket() as c:
        for each in (a, b, c):
            each.bind(("127.0.0.1", 0))
        actions, bot, redis = (each.getsockname()[1] for each in (a, b, c))
    models = folder / "models"
    if training.is_trained(settings):
        shutil.copytree(settings.var / "models", models)
    password = settings.secrets.redis_password
    return settings.model_copy(
        update={
            "var": folder,
            "demo": True,
            "database_url": f"sqlite+aiosqlite:///{folder / 'warmline.db'}",
            "redis_url": f"redis://:{password}@127.0.0.1:{redis}/0",
            "has_own_redis": False,
            "bot_url": f"http://127.0.0.1:{bot}",
            "ports": settings.ports.model_copy(
                update={"actions": actions, "bot": bot, "redis": redis}
            ),
            "limits": settings.limits.model_copy(
                update={"messages_per_minute": NO_LIMIT}
            ),
        }
    )


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Desk]:
    """A desk in this process with a real bot and a real Redis as children."""
    await prepare(settings, Console(quiet=True))
    environment = programs.environment(settings)
    commands = (
        (str(server_binary()), str(write_configuration(settings))),
        programs.bot_command(settings),
    )
    children = [
        subprocess.Popen(  # noqa: S603, ASYNC220 - our own programs, started once
            command,
            cwd=programs.root(),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for command in commands
    ]
    try:
        async with _wired(settings) as desk:
            await _until_bot_answers(settings)
            yield desk
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(20)


@asynccontextmanager
async def _wired(settings: Settings) -> AsyncIterator[Desk]:
    embedder = load_embedder(settings.knowledge_base.models["default"])
    redis = connect(settings.redis_url)
    desk = wiring.build_desk(settings, embedder=embedder, redis=redis)
    server = uvicorn.Server(
        uvicorn.Config(
            create_actions_app(desk),
            host="127.0.0.1",
            port=settings.ports.actions,
            log_level="error",
            lifespan="off",
        )
    )
    async with wiring.open_desk(desk):
        await refresh_index(desk)
        serving = asyncio.create_task(server.serve())
        try:
            yield desk
        finally:
            server.should_exit = True
            await serving


async def _until_bot_answers(settings: Settings) -> None:
    deadline = asyncio.get_running_loop().time() + BOT_SECONDS
    async with httpx.AsyncClient(timeout=3) as client:
        while asyncio.get_running_loop().time() < deadline:
            try:
                answer = await client.get(settings.bot_url + HEALTH_PATH)
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code == httpx.codes.OK:
                return
            await asyncio.sleep(0.3)
    raise TimeoutError("The bot did not start; `warmline doctor` says more.")


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
    labels = sorted(set(wanted))
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
