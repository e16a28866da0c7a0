"""How much of a question an article has words for, all its wordings together: one wording rarely says everything.

A question that nothing answers often comes near an article and speaks of one thing more:
the words of that thing stand nowhere in the article.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base.channel import Channel
from knowledge_base.lexical import is_whole, tokens_asked

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True, slots=True)
class Coverage:
    """Shares of a question's words, rare ones counting more; 0 to 1, a number an article."""

    #: found in some wording, as a word or a piece of one
    worded: Floats
    #: found as a whole word (or stretch of Chinese) in a wording or the answer
    mentioned: Floats
    #: how many wordings the article has
    wordings: Rows


def coverage(
    folded: str, articles: Rows, *, asked: Channel, answers: Channel
) -> Coverage:
    """What these articles (positions on the shelf) cover of a folded question."""
    names = tokens_asked(folded)
    worth = np.asarray([asked.words.rarity.worth(one) for one in names])
    first, last = asked.range_of(articles)
    in_wordings = asked.words.holds(names, first, last)
    whole = [at for at, one in enumerate(names) if is_whole(one)]
    in_answers = answers.words.holds(
        [names[at] for at in whole], *answers.range_of(articles)
    )
    return Coverage(
        worded=_share(worth, in_wordings),
        mentioned=_share(worth[whole], in_wordings[whole] | in_answers),
        wordings=(last - first).astype(np.intp),
    )


def _share(worth: Floats, found: NDArray[np.bool_]) -> Floats:
    total = float(worth.sum())
    # a question of signs alone: nothing of it is missing
    return worth @ found / total if total else np.ones(found.shape[1])
