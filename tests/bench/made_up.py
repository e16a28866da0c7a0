"""Vectors and words of a shop of any size, made up; the same every time.

A vector is a sum of parts: what its topic shares, its article, a pair of like wordings,
the form of the question ("how long does … take") and the wording alone. How much each
part weighs, and how the directions fall off, was chosen once so that 2,800 made-up
wordings lie to one another as the 2,800 Chinese ones of the starter articles do under
the bundled model (docs/knowledge-quality.md, "Speed"), before anything was timed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from knowledge_base.passages import Passage

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

DIM, WORDINGS = 384, 10
TOPIC, ARTICLE, PAIR, FORM = 0.13, 0.12, 0.02, 0.32
#: articles of one topic
TOGETHER = 8
#: the variance of a direction falls like 1 / (its number + this)
_FALLS = 4.0
_AT_ONCE = 20_000
_COMMON, _RARE = 2_000, 40_000
_SIGNS = 3_000
_FIRST = ("b", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v")
_THEN = ("a", "e", "i", "o", "u", "an", "er", "in")
_OWN_WORDS = 5


@dataclass(frozen=True, kw_only=True)
class MadeUp:
    """Unit rows, and questions that are another wording of some of their articles."""

    vectors: Floats
    questions: Floats
    #: the article of each row, and of each question
    owner: Rows
    asked: Rows


def spread(dim: int = DIM) -> Floats:
    """The standard deviation of each direction; the squares add up to one."""
    variance = 1 / (np.arange(dim) + _FALLS)
    return np.sqrt(variance / variance.sum()).astype(np.float32)


class _Parts:
    """What several wordings share; drawn once, before the wordings."""

    def __init__(self, chance: np.random.Generator, articles: int, rows: int) -> None:
        topics, forms = max(2, articles // TOGETHER), max(8, round(rows**0.5))
        self.chance = chance
        self.topic_of = chance.integers(0, topics, articles)
        self.topics, self.articles = self.draw(topics), self.draw(articles)
        self.forms = self.draw(forms)

    def draw(self, count: int) -> Floats:
        found: Floats = self.chance.standard_normal((count, DIM), dtype=np.float32)
        return found * spread()

    def rows(self, owner: Rows, pair: Floats, form: Rows) -> Floats:
        """Wordings of these articles, with these pairs and forms."""
        own = 1 - TOPIC - ARTICLE - PAIR - FORM
        found = np.float32(TOPIC**0.5) * self.topics[self.topic_of[owner]]
        found += np.float32(ARTICLE**0.5) * self.articles[owner]
        found += np.float32(PAIR**0.5) * pair
        found += np.float32(FORM**0.5) * self.forms[form]
        found += np.float32(own**0.5) * self.draw(len(owner))
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        return found


def vectors(count: int, *, questions: int, seed: int = 1) -> MadeUp:
    """So many wordings, ten an article, in the order of the articles."""
    owner = np.arange(count) // WORDINGS
    parts = _Parts(np.random.default_rng(seed), int(owner[-1]) + 1, count)
    found = np.empty((count, DIM), np.float32)
    for start in range(0, count, _AT_ONCE):
        own = owner[start : start + _AT_ONCE]
        pairs = np.arange(len(own)) // 2
        drawn = parts.draw(len(own) // 2 + 1)
        form = parts.chance.integers(0, len(parts.forms), len(drawn))
        found[start : start + len(own)] = parts.rows(own, drawn[pairs], form[pairs])
    asked = parts.chance.integers(0, int(owner[-1]) + 1, questions)
    form = parts.chance.integers(0, len(parts.forms), questions)
    return MadeUp(
        vectors=found,
        questions=parts.rows(asked, parts.draw(questions), form),
        owner=owner,
        asked=asked,
    )


class Writer:
    """Texts of articles: words that everybody uses and a few of the article's own."""

    def __init__(self, *, seed: int = 1) -> None:
        self._seed = seed
        chance = Random(seed)  # noqa: S311  (repeatable on purpose)
        syllables = [a + b for a in _FIRST for b in _THEN]
        signs = [chr(0x4E00 + at) for at in chance.sample(range(20_000), _SIGNS)]
        self._english = _made(lambda: "".join(chance.choices(syllables, k=3)))
        # a few signs stand in many words, as in any Chinese text
        self._chinese = _made(
            lambda: "".join(signs[_often(_SIGNS, chance)] for _ in range(2))
        )

    def text(self, article: int, wording: int) -> str:
        """Wording number so and so; every other article is Chinese."""
        # whole numbers alone: the same text whatever was asked for before
        chance = Random((self._seed * 1_000_003 + article) * 1_009 + wording)  # noqa: S311
        about = Random(self._seed * 7_919 + article)  # noqa: S311
        words, between = (self._chinese, "") if article % 2 else (self._english, " ")
        own = [words[_COMMON + about.randrange(_RARE)] for _ in range(_OWN_WORDS)]
        said = [words[_often(_COMMON, chance)] for _ in range(4)]
        said.append(chance.choice(own))
        chance.shuffle(said)
        return between.join(said)

    def passages(self, count: int) -> Iterator[Passage]:
        """So many wordings, row by row those of `vectors`."""
        for at in range(count):
            article, wording = divmod(at, WORDINGS)
            text = self.text(article, wording)
            yield Passage(
                # ids sort like numbers, so that rows stay where they are
                article_id=f"a-{article:07}",
                revision_id="r",
                language="zh-Hans" if article % 2 else "en",
                kind="variant" if wording else "question",
                text=text,
                folded=text,
            )


def _often(most: int, chance: Random) -> int:
    """A place as people choose words: the n-th one n times less than the first."""
    return int(most ** chance.random()) - 1


def _made(draw: Callable[[], str]) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < _COMMON + _RARE:
        found[draw()] = None
    return list(found)
