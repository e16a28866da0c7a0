"""Decides when two spellings count as the same text.

The service folds with the same rule (`tests/contracts/fold.json` holds both to it):
NFKC, Traditional to Simplified, lower case, white space collapsed and stripped.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import opencc

#: Invisible and control characters; a typed text never keeps them.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@lru_cache(maxsize=1)
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=64)
def fold(text: str) -> str:
    """Return the form of `text` in which it is compared, embedded and counted."""
    simplified: str = _to_simplified().convert(unicodedata.normalize("NFKC", text))
    return " ".join(simplified.lower().split())


@lru_cache(maxsize=16384)
def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    normal = unicodedata.normalize("NFKC", character)
    simplified: str = _to_simplified().convert(normal)
    return simplified.lower()


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold character by character; the list says where each character stood.

    White space is kept, so that a match found in the folded text can be shown as it
    stands in the text.
    """
    folded: list[str] = []
    offsets: list[int] = []
    for position, character in enumerate(text):
        for piece in _fold_character(character):
            folded.append(piece)
            offsets.append(position)
    return "".join(folded), offsets


def without_unseen(text: str) -> str:
    """Normalise and drop what nobody can see; line breaks and tabs become spaces."""
    spaced = "".join(" " if c in "\t\n\r\x0b\x0c\x85" else c for c in text)
    normal = unicodedata.normalize("NFKC", spaced.encode("utf-8", "ignore").decode())
    return "".join(c for c in normal if unicodedata.category(c) not in UNSEEN)
