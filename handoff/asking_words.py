"""What one language brings along to notice that a person is asked for."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class AskingWords:
    """Patterns over folded text, tried in this order."""

    #: "are you a person?" is a question about the bot
    identity: re.Pattern[str]
    #: holds the words and means something else
    look_alikes: re.Pattern[str]
    #: says that no person is wanted
    refused: re.Pattern[str]
    #: a wish
    clear: re.Pattern[str]
    #: asks about the service (hours, telephone) rather than for it
    about_the_service: re.Pattern[str]
    #: a person is mentioned
    unclear: re.Pattern[str]
