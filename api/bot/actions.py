"""Answers Rasa's action calls: who may call, what an action is given, and what it may return.

Actions read and check; they change nothing (DESIGN 2.6). This app listens on loopback
alone, on its own port, and is no part of the public one.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api.bot.payloads import VectorPayload
from api.desk import Desk

log = structlog.get_logger(__name__)

MAX_CALL_BYTES = 2_097_152
TOKEN_HEADER = "X-Warmline-Token"  # noqa: S105 - the name, not the token


@dataclass(frozen=True, kw_only=True)
class ActionCall:
    """One question of the bot: which action, in which conversation, after what was said."""

    name: str
    conversation_id: str
    tracker: dict[str, Any]

    def slot(self, name: str) -> Any:
        """The slot's value; None when it was never set."""
        return (self.tracker.get("slots") or {}).get(name)

    @property
    def latest_message(self) -> dict[str, Any]:
        return self.tracker.get("latest_message") or {}

    @property
    def latest_text(self) -> str:
        return str(self.latest_message.get("text") or "")

    @property
    def latest_intent(self) -> str:
        return str((self.latest_message.get("intent") or {}).get("name") or "")

    @property
    def latest_entities(self) -> list[dict[str, Any]]:
        return list(self.latest_message.get("entities") or [])

    @property
    def metadata(self) -> dict[str, Any]:
        """What the service sent along with the turn: language, turn_id, vector."""
        found = self.latest_message.get("metadata")
        return found if isinstance(found, dict) else {}

    @property
    def vector(self) -> VectorPayload | None:
        found = self.metadata.get("vector")
        return VectorPayload.model_validate(found) if isinstance(found, dict) else None

    def entity(self, name: str) -> Any:
        """The value of the first entity of that name in the latest message."""
        for found in self.latest_entities:
            if found.get("entity") == name:
                return found.get("value")
        return None


@dataclass(frozen=True, kw_only=True)
class ActionResult:
    """Slots to set (forms are told what to ask by None) and messages of the seam."""

    slots: dict[str, Any] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    #: further Rasa events, such as {"event": "active_loop", "name": None}
    events: list[dict[str, Any]] = field(default_factory=list)

    def as_rasa(self) -> dict[str, Any]:
        """The answer in Rasa's action protocol."""
        slots = [
            {"event": "slot", "name": name, "value": value, "timestamp": None}
            for name, value in self.slots.items()
        ]
        said = [{"custom": message} for message in self.messages]
        return {"events": [*slots, *self.events], "responses": said}


Handler = Callable[[ActionCall, Desk], Awaitable[ActionResult]]


class Registry:
    """The actions by name; filled by decorators when their modules are imported."""

    def __init__(self) -> None:
        self._handlers: dict[str, Handler] = {}

    def action(self, name: str) -> Callable[[Handler], Handler]:
        def keep(handler: Handler) -> Handler:
            if self._handlers.get(name, handler) is not handler:
                raise ValueError(f"Two actions are called {name}.")
            self._handlers[name] = handler
            return handler

        return keep

    def find(self, name: str) -> Handler | None:
        return self._handlers.get(name)

    def names(self) -> list[str]:
        return sorted(self._handlers)


registry = Registry()
action = registry.action


def create_actions_app(desk: Desk, *, actions: Registry = registry) -> Starlette:
    """The second app: one route, for the bot alone."""

    async def answer(request: Request) -> Response:
        given = request.headers.get(TOKEN_HEADER, "")
        wanted = desk.settings.secrets.action_token
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            return JSONResponse({"error": "unauthorised"}, status_code=401)
        body = await _read(request)
        if body is None:
            return JSONResponse({"error": "too_large"}, status_code=413)
        call = _parse(body)
        if call is None:
            return JSONResponse({"error": "bad_call"}, status_code=400)
        handler = actions.find(call.name)
        if handler is None:
            error = {"error": "no_such_action", "action_name": call.name}
            return JSONResponse(error, status_code=404)
        return await _run(handler, call, desk)

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return Starlette(
        routes=[
            Route("/actions", answer, methods=["POST"]),
            Route("/healthz", alive, methods=["GET"]),
        ]
    )


async def _run(handler: Handler, call: ActionCall, desk: Desk) -> Response:
    try:
        result = await handler(call, desk)
    except Exception as error:
        # Rasa must learn that its action failed, whatever it was; the words stay here.
        log.exception("action failed", action="bot_action", name=call.name)
        told = {"error": type(error).__name__, "action_name": call.name}
        return JSONResponse(told, status_code=500)
    return JSONResponse(result.as_rasa())


async def _read(request: Request) -> bytes | None:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_CALL_BYTES:
            return None
    return bytes(body)


def _parse(body: bytes) -> ActionCall | None:
    try:
        content = json.loads(body)
        return ActionCall(
            name=str(content["next_action"]),
            conversation_id=str(content["sender_id"]),
            tracker=dict(content.get("tracker") or {}),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
