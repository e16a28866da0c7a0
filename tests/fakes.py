"""Twins of what the service talks to: a bot with moods, articles without a model, a clock to wind."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from knowledge_base.conditions import UNKNOWN, Circumstances
from knowledge_base.search import AnswerText, Hit, Outcome, SearchResult

Reply = dict[str, Any]


def bot_reply(*messages: dict[str, Any], **more: Any) -> Reply:
    """The JSON of a turn in which the bot said this."""
    return {
        "messages": list(messages),
        "intent": {"name": "ask_question", "confidence": 0.99},
        "intent_ranking": [],
        "entities": [],
        "emotion": {"label": "neutral", "intensity": 0.0, "evidence": []},
        "slots": {},
        "active_loop": None,
        "dialogue": [{"event": "action", "name": "action_listen"}],
        **more,
    }


def answer(article_id: str = "return-time-limit", probability: float = 0.97) -> Reply:
    return {
        "answer": {
            "article_id": article_id,
            "revision_id": "r1",
            "language": "en",
            "probability": probability,
        }
    }


GREETING = bot_reply({"say": "greet"}, intent={"name": "greet", "confidence": 0.99})
ANSWER = bot_reply(answer())
ABSTAIN = bot_reply({"abstain": {"nearest": []}})


class Clock:
    """A clock that stands still until it is wound."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or datetime(2026, 3, 3, 4, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        # Two readings are never the same instant, as with a real one.
        self.now += timedelta(microseconds=1)
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class FakeBot:
    """The connector's stand-in: answers what it is told to, or misbehaves as it is told to."""

    reply: Reply | Callable[[dict[str, Any]], Reply] = field(
        default_factory=lambda: ANSWER
    )
    #: ok | 500 | not_ready | hang | silent | not_json | html | huge | cut | malformed | refuse
    mode: str = "ok"
    seconds: float = 0.0
    asked: list[dict[str, Any]] = field(default_factory=list)
    running: int = 0
    most_at_once: int = 0
    #: set it to hold every turn until it is released
    gate: asyncio.Event | None = None
    token: str = "bot-token"

    def transport(self) -> httpx.AsyncBaseTransport:
        app = Starlette(
            routes=[
                Route("/webhooks/turn/turn", self._turn, methods=["POST"]),
                Route("/webhooks/turn/health", self._health),
            ]
        )
        return _Refusing(httpx.ASGITransport(app=app), self)

    async def _health(self, _request: Request) -> Response:
        return JSONResponse({"ok": True}, 503 if self.mode == "not_ready" else 200)

    async def _turn(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return JSONResponse({"error": "unauthorised"}, 401)
        body = await request.json()
        self.asked.append(body)
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        try:
            if self.gate is not None:
                await self.gate.wait()
            await asyncio.sleep(self.seconds)
            return await self._respond(body)
        finally:
            self.running -= 1

    async def _respond(self, body: dict[str, Any]) -> Response:
        if self.mode == "hang":
            await asyncio.sleep(3600)
        reply = self.reply(body) if callable(self.reply) else self.reply
        cut = json.dumps(reply)[:40]
        made: dict[str, Callable[[], Response]] = {
            "500": lambda: Response("Internal Server Error", 500),
            "502": lambda: JSONResponse({"error": "bot_failed"}, 502),
            "not_ready": lambda: JSONResponse({"error": "not_ready"}, 503),
            "silent": lambda: JSONResponse(bot_reply()),
            "empty_list": lambda: JSONResponse([]),
            "not_json": lambda: Response("hello"),
            "html": lambda: Response("<html></html>", media_type="text/html"),
            "huge": lambda: Response("x" * 5_000_000),
            "cut": lambda: Response(cut, media_type="application/json"),
            "malformed": lambda: JSONResponse(bot_reply({"say": "greet", "x": 1})),
        }
        return made.get(self.mode, lambda: JSONResponse(reply))()


class _Refusing(httpx.AsyncBaseTransport):
    """Refuses the connection while the bot is told to be down."""

    def __init__(self, inner: httpx.AsyncBaseTransport, bot: FakeBot) -> None:
        self._inner = inner
        self._bot = bot

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._bot.mode == "refuse":
            raise httpx.ConnectError("refused", request=request)
        if self._bot.mode == "reset":
            raise httpx.ReadError("reset", request=request)
        return await self._inner.handle_async_request(request)


class TwinEmbedder:
    """Unit vectors out of characters; counts how often it is asked."""

    model_id = "twin"
    dim = 64

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: list[str], *, kind: str) -> np.ndarray:
        self.texts.extend(texts)
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for position, character in enumerate(text):
                row[(ord(character) * 31 + position % 3) % self.dim] += 1.0
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return (rows / np.maximum(lengths, 1e-9)).astype(np.float32)


class TwinSearcher:
    """Articles by id in both languages; every search finds what it is told to."""

    #: of another model than the twin's, so nothing of it is used
    calibration = SimpleNamespace(model_id="another", means={})

    def __init__(self) -> None:
        self.version: int | None = 1
        self.articles = {
            "return-time-limit": (
                "How long can I return something?",
                "You can return within **7 days**.\n\n1. Ask for a return\n2. Send it",
                "多久之内可以退货？",
                "签收后 **7 天**内可以退货。",
            ),
            "shipping-cost": (
                "What does shipping cost?",
                "Shipping costs **¥8**.",
                "运费多少？",
                "运费 **8 元**。",
            ),
        }
        self.outcome = Outcome.ANSWER
        self.own_bar: float | None = None
        self.conditions_used: frozenset[str] = frozenset()
        #: what is not for anybody of whom something is known
        self.excluded: dict[str, tuple[str, ...]] = {}
        self.searched: list[str] = []
        self.known: list[Circumstances] = []
        self.read_before: list[str] = []

    async def read(self, _session: object) -> None:
        return None

    async def refresh(self, _session: object) -> int:
        return 1

    def read_ahead(self, text: str) -> None:
        self.read_before.append(text)

    def search(
        self,
        text: str,
        *,
        language: str,
        vector: Any = None,
        english: Any = None,
        limit: int = 5,
        known: Circumstances = UNKNOWN,
    ) -> SearchResult:
        self.searched.append(text)
        self.known.append(known)
        hits = tuple(
            Hit(
                article_id=article_id,
                revision_id="r1",
                title=words[0] if language == "en" else words[2],
                language="en",
                score=1.0,
                probability=0.95,
                matched_text=words[0],
                matched_kind="question",
                dense=0.9,
                words=0.5,
                own_bar=self.own_bar,
            )
            for article_id, words in self.articles.items()
            if known == UNKNOWN or article_id not in self.excluded
        )
        return SearchResult(
            outcome=self.outcome,
            hits=hits,
            probability=0.95,
            index_version=1,
            took_ms=0.1,
        )

    def left_out(self, known: Circumstances) -> dict[str, tuple[str, ...]]:
        return {} if known == UNKNOWN else self.excluded

    def answer(self, article_id: str, *, language: str) -> AnswerText | None:
        words = self.articles.get(article_id)
        if words is None:
            return None
        title, text = words[:2] if language == "en" else words[2:]
        return AnswerText(
            article_id=article_id,
            revision_id="r1",
            language=language,
            title=title,
            answer_markdown=text,
            derived=language == "zh-Hant",
        )
