"""Decides what counts as an answer from the bot: everything else becomes a BotFailure with a reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import anyio
import httpx
from pydantic import ValidationError

from api.bot.payloads import BotReply, TurnRequest
from api.errors import BotFailure

MAX_ANSWER_BYTES = 1_048_576
PATH = "/webhooks/turn/turn"
HEALTH_PATH = "/webhooks/turn/health"

#: what each refusal of the connector means
_REASONS = {401: "unauthorised", 502: "bot_error", 503: "not_ready"}


@dataclass
class Breaker:
    """Stops asking a bot that failed several times in a row, for a short while.

    After the pause one call at a time is let through; the first success closes it.
    """

    failures: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _in_a_row: int = 0
    _shut_until: float = 0.0

    def is_open(self) -> bool:
        """Whether calls are refused now; letting one try through counts as a try."""
        if self._in_a_row < self.failures:
            return False
        if self.clock() < self._shut_until:
            return True
        self._shut_until = self.clock() + self.seconds
        return False

    def succeeded(self) -> None:
        self._in_a_row = 0

    def failed(self) -> None:
        self._in_a_row += 1
        if self._in_a_row >= self.failures:
            self._shut_until = self.clock() + self.seconds


class BotClient:
    """One POST is one whole turn, and it is never sent twice: the bot is not idempotent."""

    def __init__(
        self,
        url: str,
        *,
        token: str,
        timeout_seconds: float,
        breaker: Breaker,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._timeout = timeout_seconds
        self._breaker = breaker
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout_seconds,
            transport=transport or httpx.AsyncHTTPTransport(retries=0),
            follow_redirects=False,
            trust_env=False,
        )

    async def turn(self, request: TurnRequest) -> BotReply:
        """The bot's answer within the deadline, or BotFailure."""
        if self._breaker.is_open():
            raise BotFailure("breaker_open")
        try:
            reply = await self._ask(request)
        except BotFailure:
            self._breaker.failed()
            raise
        self._breaker.succeeded()
        return reply

    async def is_ready(self) -> bool:
        """Whether a bot with a model answers; asks outside the breaker."""
        try:
            with anyio.fail_after(2):
                response = await self._client.get(HEALTH_PATH)
        except (httpx.HTTPError, TimeoutError):
            return False
        return response.status_code == httpx.codes.OK

    async def close(self) -> None:
        await self._client.aclose()

    async def _ask(self, request: TurnRequest) -> BotReply:
        try:
            # The whole exchange has one deadline; httpx's own is for each read.
            with anyio.fail_after(self._timeout):
                status, body = await self._post(request)
        except TimeoutError:
            raise BotFailure("timeout") from None
        except httpx.TimeoutException as error:
            raise BotFailure("timeout") from error
        except httpx.ConnectError as error:
            raise BotFailure("unreachable") from error
        except httpx.HTTPError as error:
            raise BotFailure("connection_lost") from error
        if status != httpx.codes.OK:
            raise BotFailure(_REASONS.get(status, f"status_{status}"))
        return _believe(body)

    async def _post(self, request: TurnRequest) -> tuple[int, bytes]:
        body = request.model_dump_json().encode()
        headers = {"Content-Type": "application/json"}
        async with self._client.stream(
            "POST", PATH, content=body, headers=headers
        ) as response:
            got = bytearray()
            async for part in response.aiter_bytes():
                got += part
                if len(got) > MAX_ANSWER_BYTES:
                    raise BotFailure("answer_too_large")
            return response.status_code, bytes(got)


def _believe(body: bytes) -> BotReply:
    try:
        return BotReply.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "json_invalid":
            raise BotFailure("not_json") from None
        if first["loc"] == ("messages",) and first["type"] == "too_short":
            raise BotFailure("silent") from None
        raise BotFailure("malformed") from error
