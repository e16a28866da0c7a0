"""Decides how Rasa's calls to the action server fail: loudly, and without anyone's text.

Rasa swallows the errors of actions, prepares its response schema anew on every call (15 ms)
and looks through all classes for the kind of every event (a fifth of a turn); all three are
mended here, once, when the channel is built.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any

import jsonschema
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.events import Event
from rasa.shared.exceptions import RasaException

_MENDED = "_warmline_mended"


def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return jsonschema.validators.validator_for(schema)(schema)


def _validate_once() -> Callable[[RemoteAction, Any], bool]:
    validator = _validator()

    def validate(_: RemoteAction, result: Any) -> bool:
        validator.validate(result)
        return True

    return validate


def describe(name: str, error: Exception) -> str:
    """Say which action failed and how, without a word of what was sent or answered."""
    status = getattr(error, "status", None)
    return f"{name}: {type(error).__name__}" + (f" {status}" if status else "")


def _noting(
    run: Callable[..., Awaitable[list[Event]]],
) -> Callable[..., Awaitable[list[Event]]]:
    async def run_and_note(
        self: RemoteAction, output_channel: OutputChannel, *args: Any, **kwargs: Any
    ) -> list[Event]:
        try:
            return await run(self, output_channel, *args, **kwargs)
        except Exception as error:  # noqa: BLE001 - whatever it was, the turn failed
            failure = describe(self.name(), error)
            getattr(output_channel, "failures", []).append(failure)
            # The cause is cut off: Rasa logs it, and it may hold the shopper's words.
            raise RasaException(failure) from None

    return run_and_note


def mend() -> None:
    """Patch Rasa's remote actions; doing it again changes nothing."""
    if getattr(RemoteAction, _MENDED, False):
        return
    RemoteAction._validate_action_result = _validate_once()  # noqa: SLF001
    RemoteAction.run = _noting(RemoteAction.run)
    Event.resolve_by_type = staticmethod(cache(Event.resolve_by_type))
    setattr(RemoteAction, _MENDED, True)
