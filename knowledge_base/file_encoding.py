"""Decides in which encoding a file was written, and refuses it rather than read gibberish.

UTF-8 and UTF-16 with its mark are known by their bytes. GB 18030 and Big5 share most of
theirs, so the one wins whose characters people really use.
"""

from __future__ import annotations

import codecs

from knowledge_base.errors import BadImport, Problem

#: of the Chinese characters of a text, so many are common ones when it was read rightly
_LEAST_COMMON = 0.9
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHINESE = ("gb18030", "big5hkscs")
_HAN = range(0x3400, 0xA000)
_SIGNS = (
    range(0xA0, 0xC0),
    range(0x2010, 0x2500),
    range(0x25A0, 0x3040),
    range(0xFE30, 0xFFF0),
    range(0x1F000, 0x20000),
)
#: the first byte of the characters of the first level, the ones in daily use
_GB_COMMON = range(0xB0, 0xD8)
_BIG5_COMMON = range(0xA4, 0xC7)


def decoded(data: bytes) -> str:
    """The text of a file with plain line ends; raises BadImport."""
    text = _marked(data)
    if text is None:
        text = _read(data, "utf-8")
    if text is None:
        text = _chinese(data)
    if "\x00" in text[:10_000]:
        raise _refused("is no text; if it is UTF-16, its first two bytes are missing")
    return text.replace("\r\n", "\n")


def _marked(data: bytes) -> str | None:
    """The text of a file that says what it is in its first bytes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _read(data, encoding)
            if text is None:
                raise _refused("begins as Unicode but is damaged")
            return text
    return None


def _chinese(data: bytes) -> str:
    found = [text for one in _CHINESE if (text := _read(data, one)) is not None]
    rated = sorted(
        ((_commonness(text), text) for text in found), key=lambda one: one[0]
    )
    if not rated or rated[-1][0] < _LEAST_COMMON:
        raise _refused(
            "is neither UTF-8, UTF-16, GB 18030 nor Big5; save it as UTF-8 and choose it again"
        )
    return rated[-1][1]


def _read(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _commonness(text: str) -> float:
    """How many of the characters beyond ASCII are common Chinese ones, or its punctuation."""
    beyond = [character for character in text[:200_000] if not character.isascii()]
    if not beyond:
        return 0.0
    known = {character: _is_common(character) for character in set(beyond)}
    return sum(known[character] for character in beyond) / len(beyond)


def _is_common(character: str) -> bool:
    if ord(character) not in _HAN:
        # punctuation, arrows and pictures; kana would be Japanese or an accident
        return any(ord(character) in span for span in _SIGNS)
    gb, big5 = _first_byte(character, "gb2312"), _first_byte(character, "big5")
    return gb in _GB_COMMON or big5 in _BIG5_COMMON


def _first_byte(character: str, encoding: str) -> int:
    try:
        return character.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0


def _refused(sentence: str) -> BadImport:
    return BadImport([Problem.of("file", sentence)])
