"""Decides what of a shopper's text is kept, and what of it the bot gets to read."""

from __future__ import annotations

import re
import unicodedata

from api.errors import EmptyMessage, MessageTooLong

#: invisible characters that carry no meaning here, and those that turn text around;
#: the joiners (U+200C, U+200D) stay, emoji and some scripts need them
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c"
    "\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n\s*\n\s*\n+")
#: characters that are blank or invisible at the start of a text, though not to `strip`
_LEADING = re.compile(
    "^[\\s/\u2044\u2215\u29f8\uff0f\u200c\u200d\u3164\u2800\ufe00-\ufe0f]+"
)
MARKS_IN_A_ROW = 6
#: what one turn of several messages may bring to the bot, in messages
LONGEST_TURN = 2


def clean(text: str, *, limit: int) -> str:
    """The text as it is kept and shown, or EmptyMessage / MessageTooLong."""
    if len(text) > limit * 8:
        raise MessageTooLong
    plain = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    plain = _without_mark_towers(_INVISIBLE.sub("", plain))
    plain = _BLANK_LINES.sub("\n\n", plain).strip()
    if not plain.strip("\u200c\u200d\ufe0e\ufe0f \n\t\u3164\u2800"):
        raise EmptyMessage
    if len(plain) > limit:
        raise MessageTooLong
    return plain


def for_bot(texts: list[str], *, limit: int) -> str:
    """What the bot reads: all messages of the turn, and nothing that looks like a command.

    Rasa takes a text that begins with `/` for an intent somebody pressed. The loop runs
    after all normalising, and once more on every line, so nothing can turn into a slash.
    May be empty: then there is nothing to understand.
    """
    lines = [line for text in texts for line in text.split("\n")]
    bare = [_without_commands(line) for line in lines]
    return _without_commands(
        "\n".join(line for line in bare if line)[-limit * LONGEST_TURN :]
    )


def _without_commands(line: str) -> str:
    while (shorter := _LEADING.sub("", line)) != line:
        line = shorter
    return line.rstrip()


def _without_mark_towers(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)
