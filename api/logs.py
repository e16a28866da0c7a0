"""Decides how the service logs: one JSON line a record, without anything a shopper wrote."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import structlog

#: keys that could carry personal data; their values are never written
_PRIVATE = frozenset({"text", "token", "password", "email", "phone", "address"})

#: without the values of local variables: they are what shoppers wrote
_TRACEBACKS = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure_logs(level: int = logging.INFO) -> None:
    """One line a record, on standard output; libraries only when they warn."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            without_private,
            _TRACEBACKS,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(OneLine())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class OneLine(logging.Formatter):
    """A library's record as one JSON line, so that nothing in it can forge a second one."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
        return json.dumps(told, ensure_ascii=False)


def without_private(_logger: Any, _method: str, event: Any) -> Any:
    """Drop what must not stand in a log, whoever passed it."""
    for key in _PRIVATE & set(event):
        event[key] = "[removed]"
    return event
