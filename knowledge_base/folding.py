"""What counts as the same text: width, script, case and white space never matter.

`bot/components/folding.py` does the same; `tests/contracts/fold.json` holds both.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache

import opencc


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def fold(text: str) -> str:
    """NFKC, Traditional to Simplified, lower case, single spaces, none at the ends."""
    wide = unicodedata.normalize("NFKC", text)
    return " ".join(_to_simplified().convert(wide).lower().split())


def digest(text: str, *, kind: str = "") -> str:
    """The sha256 under which a text is remembered: one for all its spellings."""
    return hashlib.sha256(f"{kind}\0{fold(text)}".encode()).hexdigest()
