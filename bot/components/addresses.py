"""Decides which piece of a text is an address to deliver to.

Chinese ones are told by their parts (province, street, number), others by a number and a
street. What stands before it ("改成", "to") shows where it begins.
"""

from __future__ import annotations

import re

LONGEST = 300
SHORTEST = 6
_LEADS = re.compile(
    r"(?:(?:改成|改為|改为|改到|改去|换成|換成|换到|換到|寄到|送到|搬到)(?:了)?|"
    r"(?:新)?(?:的)?(?:收货|收貨|收件)?地址(?:是|为|為|：|:))\s*|"
    r"\b(?:to|address is|address[:：]|it'?s)\s+",
    re.IGNORECASE,
)
_PARTS = ("省市区區县縣镇鎮乡鄉村", "路街巷弄道里", "号號栋棟楼樓层層室座")
_STREET = re.compile(
    r"\b[0-9][0-9A-Za-z\-/]*,? (?:[\w.'\-]+ ){0,4}"
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|way|court|ct|"
    r"square|sq|place|pl|terrace|crescent|close|park)\b",
    re.IGNORECASE,
)
_CHINESE_START = re.compile(
    r"[\u4e00-\u9fff]{2,8}?[省市区區县縣]|(?:香港|澳門|澳门|台灣|台湾|北京|上海)"
)
_ASKS = re.compile(r"[?？吗嗎么麼呢]")


def is_address(text: str) -> bool:
    """Whether the text could be where somebody lives."""
    if not SHORTEST <= len(text) <= LONGEST:
        return False
    parts = sum(any(part in text for part in group) for group in _PARTS)
    return parts > 1 or bool(_STREET.search(text))


def find_address(plain: str) -> tuple[int, int] | None:
    """Where the address stands in a text whose digits are of half width."""
    if _ASKS.search(plain):
        return None
    for lead in _LEADS.finditer(plain):
        if is_address(plain[lead.end() :].strip()):
            return _trimmed(plain, lead.end())
    start = len(plain) - len(plain.lstrip())
    begins = _CHINESE_START.match(plain, start) or _STREET.match(plain, start)
    if begins and is_address(plain.strip()):
        return _trimmed(plain, start)
    return None


def _trimmed(text: str, start: int) -> tuple[int, int]:
    """Without blanks and full stops at either end."""
    end = len(text.rstrip(" \n.,。，!！"))
    while start < end and text[start] in " \n:：,，":
        start += 1
    return start, end
