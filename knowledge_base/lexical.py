"""Which words a question shares with a text: characters in pairs for Chinese, words and their pieces for English."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain
from sys import getsizeof

import numpy as np
from numpy.typing import NDArray

_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_HAN_STARTS = "\u3400"
#: saturation and length, the usual ones
_K1, _B = 1.5, 0.75
#: comparing letter by letter is slow: nobody reads the shared words of a longer text
_MOST_SHOWN = 200
#: entries of the inverted lists read for one question
_MOST_READ = 30_000
#: with more texts, counting walks over too many that share nothing with the question
_MOST_COUNTED = 200_000

#: in single precision, or in half
Weights = NDArray[np.floating]


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


@lru_cache(maxsize=64)
def _asked(folded: str) -> tuple[tuple[str, int], ...]:
    """The tokens of a question and how often: every shelf and channel is asked the same."""
    return tuple(Counter(tokens(folded)).items())


def tokens_asked(folded: str) -> tuple[str, ...]:
    """Each token of a question once."""
    return tuple(one for one, _ in _asked(folded))


def is_whole(token: str) -> bool:
    """Whether this is a word or a stretch of Chinese, not a piece of a word."""
    return not token.startswith("#")


@dataclass(frozen=True)
class Rarity:
    """How much each token says, from how many texts hold it."""

    place: Mapping[str, int]
    values: Sequence[float]
    #: of a token that no text holds
    unknown: float
    #: the mean length of a text, in tokens
    length: float

    def worth(self, token: str) -> float:
        """How much this one says."""
        at = self.place.get(token)
        return self.unknown if at is None else self.values[at]


class Words:
    """BM25 over folded texts, as the share of what the question could reach at best.

    An inverted list a token; the rarest are read first, and once enough entries were
    read the common ones are left out: at a million texts they cost most and say least.
    """

    def __init__(self, folded: Iterable[str], *, rarity: Rarity | None = None) -> None:
        place: dict[str, int] = {}
        found, self._size = _counted(folded, place)
        token, text, times = found
        lengths = np.bincount(text, weights=times, minlength=self._size)
        held = np.bincount(token, minlength=len(place))
        self._place = place
        self.rarity = rarity or _rarity(place, held, lengths, size=self._size)
        order = np.argsort(token, kind="stable")
        # read one by one: there an array of Python's own is quicker than NumPy's
        self._starts = array("q", np.concatenate(([0], np.cumsum(held))))
        self._texts = text[order]
        usual = max(self.rarity.length, 1e-9)
        room = _K1 * (1 - _B + _B * lengths / usual)
        # lucene's form: the factor k1 + 1 stands on neither side
        weight = (times / (times + room[text])).astype(np.float32)
        # what an entry adds to a score is known now: a question only adds up
        rare = np.asarray([self.rarity.worth(one) for one in place], np.float32)
        # of very many texts half precision: a fifth less memory, the same fourth digit
        kept = np.float32 if self._size <= _MOST_COUNTED else np.float16
        self._weights: Weights = (weight * rare[token])[order].astype(kept)

    @property
    def bytes(self) -> int:
        """What the inverted lists and the table of tokens take in memory."""
        listed = self._texts.nbytes + self._weights.nbytes
        tables = (self._place, self._starts, self.rarity.values)
        tokens_and_places = chain(self._place, self._place.values())
        return listed + sum(map(getsizeof, chain(tables, tokens_and_places)))

    def score(self, folded: str) -> NDArray[np.float32]:
        """One number a text; 1 is about what the question would score on itself."""
        asked = _asked(folded)
        texts, weights = self._read(asked)
        if not texts:
            return np.zeros(self._size, dtype=np.float32)
        scores = _added(texts, weights, size=self._size)
        best = sum([self.rarity.worth(one) * n for one, n in asked])
        scores *= np.float32((_K1 + 1) / best)
        return scores

    def holds(
        self, names: Sequence[str], first: NDArray[np.int32], last: NDArray[np.int32]
    ) -> NDArray[np.bool_]:
        """Which of the tokens stand in the texts from `first` to before `last`: (tokens, ranges)."""
        ends = np.concatenate((first, last))
        before = np.zeros((len(names), len(ends)), dtype=np.intp)
        starts, place, texts = self._starts, self._place, self._texts
        for at, name in enumerate(names):
            token = place.get(name)
            if token is not None:
                # each list rises, so a range that holds one of it has two places in it
                listed = texts[starts[token] : starts[token + 1]]
                before[at] = listed.searchsorted(ends)
        return before[:, : len(first)] < before[:, len(first) :]

    def _read(
        self, asked: Sequence[tuple[str, int]]
    ) -> tuple[list[NDArray[np.int32]], list[Weights]]:
        """The lists to add up, the rarest token first."""
        starts, place = self._starts, self._place
        known = [
            (starts[at + 1] - starts[at], starts[at], n)
            for one, n in asked
            if (at := place.get(one)) is not None
        ]
        known.sort()
        texts, weights, read = [], [], 0
        for held, first, n in known:
            read += held
            if read > _MOST_READ and held < read:
                break
            texts.append(self._texts[first : first + held])
            part = self._weights[first : first + held]
            weights.append(part if n == 1 else part * np.float32(n))
        return texts, weights


def _added(
    texts: Sequence[NDArray[np.int32]],
    weights: Sequence[Weights],
    *,
    size: int,
) -> NDArray[np.float32]:
    if size <= _MOST_COUNTED:
        # one pass over everything is quicker than a pass a token, and these are the
        # types that it counts in: others would be copied once more
        counted = np.bincount(
            np.concatenate(texts, dtype=np.intp),
            np.concatenate(weights, dtype=np.float64),
            minlength=size,
        )
        return counted.astype(np.float32)
    scores = np.zeros(size, dtype=np.float32)
    for text, weight in zip(texts, weights, strict=True):
        scores[text] += weight
    return scores


def _counted(
    folded: Iterable[str], place: dict[str, int]
) -> tuple[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]], int]:
    """Token, text and how often, a row each; fills `place` with the tokens."""
    token, text, times = array("i"), array("i"), array("f")
    size = 0
    for one in folded:
        for name, count in Counter(tokens(one)).items():
            token.append(place.setdefault(name, len(place)))
            text.append(size)
            times.append(count)
        size += 1
    rows = (
        np.frombuffer(token, np.int32) if token else np.empty(0, np.int32),
        np.frombuffer(text, np.int32) if text else np.empty(0, np.int32),
        np.frombuffer(times, np.float32) if times else np.empty(0, np.float32),
    )
    return rows, size


def _rarity(
    place: Mapping[str, int],
    held: NDArray[np.intp],
    lengths: NDArray[np.float64],
    *,
    size: int,
) -> Rarity:
    values = np.log(1 + (size - held + 0.5) / (held + 0.5))
    return Rarity(
        place=place,
        values=array("d", values),
        unknown=float(np.log(1 + (size + 0.5) / 0.5)),
        length=float(lengths.mean()) if size else 1.0,
    )
