"""Which words a question shares with a text: characters in pairs for Chinese, words and their pieces for English."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

import bm25s
import numpy as np
from numpy.typing import NDArray

_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_HAN_STARTS = "\u3400"
#: saturation and length, the usual ones
_K1, _B = 1.5, 0.75
#: comparing letter by letter is slow: nobody reads the shared words of a longer text
_MOST_SHOWN = 200


def tokens(folded: str) -> list[str]:
    """Chinese as single characters and pairs; other words whole and in threes, for typos."""
    found: list[str] = []
    for run in _RUN.findall(folded):
        if run[0] >= _HAN_STARTS:
            found += run
            found += [run[at : at + 2] for at in range(len(run) - 1)]
        else:
            edged = f"^{run}$"
            found.append(run)
            found += [f"#{edged[at : at + 3]}" for at in range(len(edged) - 2)]
    return found


def shared_words(question: str, text: str) -> tuple[str, ...]:
    """What a reader sees in both folded texts: whole words, Chinese stretches of two or more."""
    found: dict[str, None] = {}
    theirs = _RUN.findall(text)
    for run in _RUN.findall(question[:_MOST_SHOWN]):
        if run in theirs:
            found[run] = None
        elif run[0] >= _HAN_STARTS:
            for other in theirs:
                match = SequenceMatcher(a=run, b=other, autojunk=False)
                for block in match.get_matching_blocks():
                    if block.size > 1:
                        found[run[block.a : block.a + block.size]] = None
    return tuple(found)


class Words:
    """BM25 over folded texts, as the share of what the question could reach at best."""

    def __init__(self, folded: Sequence[str]) -> None:
        split = [tokens(text) for text in folded]
        self._size = len(split)
        seen = Counter(token for one in split for token in set(one))
        self._idf = {token: self._rarity(count) for token, count in seen.items()}
        self._unknown = self._rarity(0)
        self._bm25 = bm25s.BM25(k1=_K1, b=_B, method="lucene")
        if seen:
            self._bm25.index(split, show_progress=False)

    def _rarity(self, count: int) -> float:
        return float(np.log(1 + (self._size - count + 0.5) / (count + 0.5)))

    def score(self, folded: str) -> NDArray[np.float32]:
        """One number a text; 1 is about what the question would score on itself."""
        asked = tokens(folded)
        known = [token for token in asked if token in self._idf]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        best = sum(self._idf.get(token, self._unknown) for token in asked)
        found = self._bm25.get_scores(known)
        scaled: NDArray[np.float32] = (found * ((_K1 + 1) / best)).astype(np.float32)
        return scaled
