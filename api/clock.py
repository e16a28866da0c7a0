"""The one place that reads the time; rules get it as an argument."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)
