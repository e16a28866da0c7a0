"""Decides what Rasa may write to its log: never what a shopper wrote."""

from __future__ import annotations

import logging
import warnings
from typing import Any

import structlog

#: The only fields of a structured record that are passed on.
_HARMLESS = frozenset(
    [
        "event",
        "level",
        "event_info",
        "event_key",
        "logger",
        "timestamp",
        "action",
        "action_name",
        "model_file",
        "policy_name",
        "url",
        "base",
        "filename",
        "error_type",
    ]
)
_QUIET = ("rasa.core.actions.action", "rasa.core.processor", "rasa.core.actions.forms")


def drop_personal(_: Any, __: str, record: dict[str, Any]) -> dict[str, Any]:
    """Keep only fields that cannot hold a shopper's words."""
    return {key: value for key, value in record.items() if key in _HARMLESS}


class _WithoutTraceback(logging.Filter):
    """Tracebacks of these loggers may quote messages; their first line may not."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            record.msg = f"{record.getMessage()} ({record.exc_info[0].__name__})"
            record.args, record.exc_info, record.exc_text = None, None, None
        return True


def keep_text_out_of_logs() -> None:
    """Filter Rasa's structured records and tracebacks; doing it again changes nothing."""
    processors = structlog.get_config()["processors"]
    if drop_personal not in processors:
        # In place: loggers that were already used hold on to this very list.
        processors.insert(0, drop_personal)
    for name in _QUIET:
        logger = logging.getLogger(name)
        if not any(isinstance(each, _WithoutTraceback) for each in logger.filters):
            logger.addFilter(_WithoutTraceback())
    # Rasa's warnings quote what they are about.
    warnings.filterwarnings("ignore", category=UserWarning, module="rasa")
