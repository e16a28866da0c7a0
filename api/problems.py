"""Decides how an error is told over HTTP: RFC 9457, in the reader's language, without internals."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from api.errors import ApiError, InvalidFields, Unavailable, status_of
from api.settings import Language
from api.words import Words
from handoff.errors import HandoffError
from knowledge_base.errors import KnowledgeError

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/docs/problems#"
_BY_STATUS = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    422: "invalid_fields",
    429: "rate_limited",
    503: "unavailable",
}
_SERVER_ERROR = 500


class Problems:
    """Renders errors; holds the localised titles."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def response(self, error: Exception, *, headers: Mapping[str, str]) -> JSONResponse:
        """The answer for an error that has a status, or a plain 500 for one that has none."""
        status = status_of(error)
        if status is None:
            return self.problem(_SERVER_ERROR, "internal", headers=headers)
        code = str(getattr(error, "code", "") or _BY_STATUS.get(status, "conflict"))
        extra: dict[str, Any] = {}
        if isinstance(error, InvalidFields):
            extra["errors"] = error.errors
        problems = getattr(error, "problems", None)
        if problems:
            extra["errors"] = [
                {"pointer": f"/{each.field}", "detail": str(each)} for each in problems
            ]
        extra |= getattr(error, "extra", {})
        retry_after = getattr(error, "retry_after", None)
        if retry_after is not None:
            extra["retry_after"] = retry_after
        detail = str(error)
        if status == HTTPStatus.NOT_FOUND:
            # One body for everything that is not there or is not yours.
            code, detail = "not_found", ""
        return self.problem(status, code, headers=headers, detail=detail, **extra)

    def problem(
        self,
        status: int,
        code: str,
        *,
        headers: Mapping[str, str],
        detail: str = "",
        **extra: Any,
    ) -> JSONResponse:
        key = code if self._words.has(code) else _BY_STATUS.get(status, "internal")
        language = preferred_language(headers.get("accept-language", ""))
        body: dict[str, Any] = {
            "type": f"{TYPE_BASE}{code}",
            "title": self._words.say(key, language),
            "status": status,
            "code": code,
        }
        if detail:
            body["detail"] = detail
        body |= extra
        sent = {"Content-Language": language, "Vary": "Accept-Language"}
        if "retry_after" in extra:
            sent["Retry-After"] = str(extra["retry_after"])
        return JSONResponse(body, status, headers=sent, media_type=MEDIA_TYPE)


def preferred_language(accept: str, *, fallback: Language = "en") -> Language:
    """The first of our languages that Accept-Language names."""
    for part in accept.lower().split(",")[:10]:
        tag = part.partition(";")[0].strip()
        if tag.startswith("zh"):
            traditional = ("hant", "-tw", "-hk", "-mo")
            return "zh-Hant" if any(each in tag for each in traditional) else "zh-Hans"
        if tag.startswith("en"):
            return "en"
    return fallback


def install(app: FastAPI, problems: Problems) -> None:
    """Let every error of the app leave as a problem."""

    async def expected(request: Request, error: Exception) -> JSONResponse:
        return problems.response(error, headers=request.headers)

    async def invalid(request: Request, error: Exception) -> JSONResponse:
        # FastAPI's own answer would echo the input, a password included.
        found = error.errors() if isinstance(error, RequestValidationError) else []
        return problems.response(
            InvalidFields([_pointer(each) for each in found[:20]]),
            headers=request.headers,
        )

    async def http(request: Request, error: Exception) -> JSONResponse:
        status = error.status_code if isinstance(error, HTTPException) else 500
        code = _BY_STATUS.get(status, "bad_request")
        return problems.problem(status, code, headers=request.headers)

    async def database(request: Request, error: Exception) -> JSONResponse:
        log.error("the database failed", action="database", error=type(error).__name__)
        return problems.response(Unavailable(retry_after=2), headers=request.headers)

    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        status = status_of(error)
        if status is None:
            log.error("unexpected error", action="request", exc_info=error)
        return problems.response(error, headers=request.headers)

    app.add_exception_handler(ApiError, expected)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(DBAPIError, database)
    for kind in domain_roots():
        app.add_exception_handler(kind, expected)
    app.add_exception_handler(Exception, unexpected)


def domain_roots() -> tuple[type[Exception], ...]:
    """The root errors of the other rooms."""
    return HandoffError, KnowledgeError


def _pointer(found: Mapping[str, Any]) -> dict[str, str]:
    """Where and why, never what was sent."""
    steps = [str(step) for step in found.get("loc", ())]
    if steps[:1] == ["body"]:
        steps = steps[1:]
    path = "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
    return {"pointer": path[:200], "detail": str(found.get("msg", ""))[:200]}
