"""Decides which request bodies are read at all: not too large, not too slow, and if JSON, strictly JSON."""

from __future__ import annotations

import asyncio
import json
import math
import re
from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import (
    ApiError,
    BadRequest,
    BodyTooLarge,
    UnsupportedMediaType,
)
from api.picture_errors import VideoTooLarge
from api.problems import Problems

MAX_BODY = 262_144
#: an import of articles is the one thing that may be larger
MAX_IMPORT = 8_388_608
IMPORT_PATH = "/api/v1/articles/import"
#: the editor's page sends the file together with what was corrected in it
IMPORT_PATHS = frozenset({IMPORT_PATH, "/editor/import/check", "/editor/import/write"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IMPORT_KINDS = frozenset(
    {
        "text/plain",
        "text/csv",
        "text/markdown",
        "application/yaml",
        "application/jsonl",
        XLSX,
    }
)
#: one picture or video comes as it is, under a conversation
PICTURES_PATH = re.compile(r"/api/v1/conversations/[^/]{1,64}/pictures")
READ_SECONDS = 15
#: a video over a bad connection in a train
PICTURE_SECONDS = 300
LONGEST_NUMBER = 400


class BodyGuard:
    """Reads the whole body before the app sees any of it."""

    def __init__(
        self, app: ASGIApp, *, problems: Problems, most_picture: int = MAX_BODY
    ) -> None:
        self._app = app
        self._problems = problems
        self._most_picture = most_picture

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            body = await self._read(scope["path"], receive)
            _check(scope["path"], headers, body)
        except ApiError as error:
            response = self._problems.response(error, headers=headers)
            await response(scope, receive, send)
            return
        if body is None:
            return  # the client has left
        await self._app(scope, _replay(body, receive), send)

    async def _read(self, path: str, receive: Receive) -> bytes | None:
        if not PICTURES_PATH.fullmatch(path):
            return await _read(receive, limit=_limit(path), seconds=READ_SECONDS)
        try:
            return await _read(
                receive, limit=self._most_picture, seconds=PICTURE_SECONDS
            )
        except BodyTooLarge:
            raise VideoTooLarge from None


def loads(body: bytes) -> Any:
    """Strict JSON; BadRequest for what Python's own reader lets through."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_short_int,
            object_pairs_hook=_no_duplicates,
        )
        # A lone surrogate is no text: no database and no answer could carry it.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise BadRequest("This is not valid JSON.") from error
    return value


def _limit(path: str) -> int:
    return MAX_IMPORT if path in IMPORT_PATHS else MAX_BODY


async def _read(receive: Receive, *, limit: int, seconds: float) -> bytes | None:
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body += message.get("body", b"")
                if len(body) > limit:
                    raise BodyTooLarge
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise BadRequest("The request came too slowly.") from None


def _check(path: str, headers: Headers, body: bytes | None) -> None:
    if not body:
        return
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if path.startswith("/api/") and kind != "application/json":
        if path == IMPORT_PATH and kind in IMPORT_KINDS:
            return
        if PICTURES_PATH.fullmatch(path):
            return  # what it is, its content says
        raise UnsupportedMediaType
    if kind == "application/json":
        loads(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON.")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("This number is too large.")
    return value


def _short_int(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("This number is too long.")
    return int(text)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("A key stands here twice.")
    return value
