"""Which of our three languages a text is written in, and how Traditional is derived."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Literal, TypeGuard, get_args

import hanzidentifier
import opencc

Language = Literal["zh-Hans", "zh-Hant", "en"]
#: what a text shares with others of its kind: the vectors of both scripts are one cloud
Cloud = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
TABLES = ("s2twp", "s2hk", "s2tw", "s2t")

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
#: what holds an English sentence together; product names and borrowed words do not
_ENGLISH_FRAME = re.compile(
    r"\b(?:a|an|and|are|at|can|do|does|for|from|have|how|i|if|in|is|it|me|my|of|on|or"
    r"|please|that|the|this|to|was|what|when|where|which|why|will|with|you|your)\b",
    re.IGNORECASE,
)
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
#: an address must stay clickable: its path is not prose
_ADDRESS = re.compile(r"(https?://[^\s)>\]]+)")
#: which other wording serves a reader whose own is missing, nearest first
_NEAREST: dict[Language, tuple[Language, ...]] = {
    "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
    "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    "en": ("en", "zh-Hans", "zh-Hant"),
}


def is_language(value: object) -> TypeGuard[Language]:
    """Whether this is one of the three codes used everywhere."""
    return value in LANGUAGES


def named(code: object) -> Language:
    """Which of the three a code such as zh, zh-TW or en-GB means; raises ValueError.

    Regions that write Traditional are Taiwan, Hong Kong and Macau (CLDR likely subtags).
    """
    if is_language(code):
        return code
    main, *rest = str(code).replace("_", "-").casefold().split("-")
    if main == "en":
        return "en"
    if main == "zh":
        return "zh-Hant" if {"hant", "tw", "hk", "mo"} & set(rest) else "zh-Hans"
    raise ValueError(f"language {code!r} is none of zh, zh-Hans, zh-Hant, en")


def preference(language: Language) -> tuple[Language, ...]:
    """The languages a reader of `language` is served from, best first."""
    return _NEAREST[language]


@lru_cache(maxsize=8_192)
def cloud(text: str) -> Cloud:
    """Chinese or English, by what the text consists of; never by what anybody chose."""
    # remembered: a question is asked about a dozen times, its wordings are found again
    return "en" if detect(text, fallback="en") == "en" else "zh"


def has_han(text: str) -> bool:
    """Whether any character is a Chinese one."""
    return _HAN.search(text) is not None


def detect(text: str, *, fallback: Language) -> Language:
    """The language of a text, or `fallback` where it does not show (emoji, 你好)."""
    han = len(_HAN.findall(text))
    words = len(_LATIN_WORD.findall(text))
    if not han:
        return "en" if words and not _foreign(text) else fallback
    if words > han and len(_ENGLISH_FRAME.findall(text)) > 1:
        return "en"
    return _script(text, fallback=fallback)


def _foreign(text: str) -> bool:
    """Kana, Hangul, Cyrillic and the like outweigh the Latin letters."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(character < "\u0250" for character in letters)
    return latin * 2 < len(letters)


def _script(text: str, *, fallback: Language) -> Language:
    found = hanzidentifier.identify(text)
    if found == hanzidentifier.TRADITIONAL:
        return "zh-Hant"
    if found == hanzidentifier.SIMPLIFIED or fallback == "en":
        return "zh-Hans"
    return fallback


@cache
def _table(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def to_traditional(
    text: str, *, table: str, terms: Mapping[str, str] | None = None
) -> str:
    """Simplified text in the Traditional of `table`; addresses stay as they are.

    `terms` are the words a shop has looked through and wants otherwise.
    """
    parts = _ADDRESS.split(text)
    parts[::2] = [_converted(part, table, terms or {}) for part in parts[::2]]
    return "".join(parts)


def _converted(text: str, table: str, terms: Mapping[str, str]) -> str:
    if not terms:
        return str(_table(table).convert(text))
    longest_first = sorted(terms, key=len, reverse=True)
    parts = re.split(f"({'|'.join(map(re.escape, longest_first))})", text)
    parts[::2] = [_table(table).convert(part) for part in parts[::2]]
    parts[1::2] = [terms[part] for part in parts[1::2]]
    return "".join(parts)


def to_simplified(text: str) -> str:
    """Traditional text in Simplified; addresses stay as they are."""
    parts = _ADDRESS.split(text)
    parts[::2] = [_table("t2s").convert(part) for part in parts[::2]]
    return "".join(parts)
