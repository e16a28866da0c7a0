"""Decides how one POST becomes one whole turn; Rasa remembers nothing of it afterwards.

401 for strangers, 400 for what is no turn, 503 while there is no model, 502 when an
action failed or nothing was said: never an empty answer that looks like success.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import (
    CollectingOutputChannel,
    InputChannel,
    UserMessage,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.dialogue import last_parsed, recalled, remembered
from bot.graph_runner import run_in_order
from bot.intake import NotATurn, Turn, read_turn
from bot.private_logs import keep_text_out_of_logs
from bot.remote_actions import mend
from bot.trackers import TurnTrackers

log = logging.getLogger(__name__)

SHORTEST_TOKEN = 16
_CALM = {"label": "neutral", "intensity": 0.0, "evidence": []}


class TurnOutput(CollectingOutputChannel):
    """Keeps each bot message whole, and what failed on the way."""

    def __init__(self) -> None:
        super().__init__()
        self.failures: list[str] = []

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        custom = message.get("custom")
        if custom:
            self.messages.append(dict(custom))
        elif message.get("text"):
            self.messages.append({"text": message["text"]})


class Conversations:
    """Lets turns of different conversations run side by side, those of one in line."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def one_turn(self, conversation_id: str) -> AsyncIterator[None]:
        lock, waiting = self._locks.get(conversation_id, (asyncio.Lock(), 0))
        self._locks[conversation_id] = (lock, waiting + 1)
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._locks.pop(conversation_id)
            if waiting > 1:
                self._locks[conversation_id] = (lock, waiting - 1)


def _under_way(agent: Agent) -> dict[str, DialogueStateTracker]:
    """Return what is to be emptied after a turn."""
    store = agent.processor.tracker_store
    while not isinstance(store, TurnTrackers):
        store = store._tracker_store  # noqa: SLF001 - Rasa wraps it once or twice
    return store.under_way


def _answer(tracker: DialogueStateTracker, output: TurnOutput) -> dict[str, Any]:
    parsed = last_parsed(tracker)
    slots = tracker.current_slot_values()
    return {
        "messages": output.messages,
        "intent": parsed.get("intent"),
        "intent_ranking": parsed.get("intent_ranking", [])[:5],
        "entities": [
            {key: each.get(key) for key in ("entity", "value", "start", "end")}
            for each in parsed.get("entities", [])
        ],
        "emotion": parsed.get("emotion") or _CALM,
        "slots": {name: value for name, value in slots.items() if value is not None},
        "active_loop": tracker.active_loop_name,
        "dialogue": remembered(tracker),
    }


async def run_turn(agent: Agent, turn: Turn) -> tuple[int, dict[str, Any]]:
    """Load the dialogue, run the turn, return the new one, and forget it either way."""
    store, under_way = agent.processor.tracker_store, _under_way(agent)
    output = TurnOutput()
    try:
        prior = recalled(turn.conversation_id, turn.dialogue, agent.domain.slots)
        await store.save(prior)
        message = UserMessage(
            turn.text,
            output,
            turn.conversation_id,
            input_channel=TurnChannel.name(),
            metadata=turn.metadata,
            parse_data=turn.parse_data,
        )
        await agent.handle_message(message)
        tracker = await store.retrieve(turn.conversation_id)
        if tracker is not None and not output.failures and output.messages:
            return 200, _answer(tracker, output)
        detail = "; ".join(output.failures) or "nothing was said"
    except Exception as error:  # noqa: BLE001 - any failure is the same to the service
        detail = type(error).__name__
    finally:
        under_way.pop(turn.conversation_id, None)
    log.warning("turn failed: %s", detail)
    return 502, {"error": "bot_failed", "detail": detail}


class TurnChannel(InputChannel):
    """The only way in: `POST /webhooks/turn/turn` with the service's bearer token."""

    def __init__(self, token: str) -> None:
        if len(token) < SHORTEST_TOKEN or "$" in token:
            raise RasaException("WARMLINE_BOT_TOKEN must be at least 16 characters.")
        self._expected = f"Bearer {token}".encode()
        self._conversations = Conversations()
        keep_text_out_of_logs()
        mend()
        run_in_order()

    @classmethod
    def name(cls) -> str:
        return "turn"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TurnChannel:
        return cls(token=str((credentials or {}).get("token") or ""))

    def _is_known(self, request: Request) -> bool:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode("utf-8", "replace"), self._expected)

    def blueprint(
        self, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> Blueprint:
        routes = Blueprint("turn_channel", __name__)

        # Sanic writes on its handlers, which methods do not allow.
        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            ready = _is_ready(request)
            return response.json({"ready": ready}, status=200 if ready else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            return await self._turn(request)

        return routes

    async def _turn(self, request: Request) -> HTTPResponse:
        if not self._is_known(request):
            return response.json({"error": "unauthorised"}, status=401)
        if not _is_ready(request):
            return response.json({"error": "not_ready"}, status=503)
        agent: Agent = request.app.ctx.agent
        try:
            turn = read_turn(request.json, intents=agent.domain.intents)
        except NotATurn as refused:
            return response.json({"error": refused.code}, status=refused.status)
        except (SanicException, RecursionError, ValueError):
            return response.json({"error": "not_json"}, status=400)
        async with self._conversations.one_turn(turn.conversation_id):
            status, body = await run_turn(agent, turn)
        return response.json(body, status=status)


def _is_ready(request: Request) -> bool:
    agent: Agent | None = getattr(request.app.ctx, "agent", None)
    return agent is not None and agent.is_ready()
