"""What counts as the same text when words are looked for.

The twin of `knowledge_base.folding`: the two rooms share nothing but the examples in
`tests/contracts/fold.json`.
"""

from __future__ import annotations

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


def visible(text: str) -> str:
    """Drop what nobody can see, so that it cannot hide a word from us."""
    return "".join(c for c in text if unicodedata.category(c) != "Cf")
