"""Which of an agent's sentences tell what was done: chosen, never made up.   (pure)"""

from __future__ import annotations

import re
from collections.abc import Sequence

from handoff.promise_words import DEED_EN, DEED_ZH, SENTENCE

MOST_SENTENCES = 3
LONGEST_SENTENCE = 200
SHORTEST_SENTENCE = 6
_FACT = re.compile(
    r"\d|[¥￥$€]|[元块塊]|订单|訂單|运单|運單|\border\b|\btracking\b", re.IGNORECASE
)
_DONE = re.compile(
    r"已[经經]?|好了|完成|成功|\b(?:have|has|been|done|did|sent|refunded|replaced|changed"
    r"|cancelled|arranged|reshipped)\b",
    re.IGNORECASE,
)
_MANNERS = re.compile(
    r"^(?:[^，。！,.!]{0,12})?(?:您好|你好|稍等|请稍|請稍|不客气|不客氣|谢谢|謝謝|感谢|感謝|抱歉|祝您|还有什么|還有什麼|请问还有|請問還有"
    r"|hello|hi\b|thank|sorry|you're welcome|is there anything|have a (?:good|nice|lovely)|one moment|let me)",
    re.IGNORECASE,
)


def telling_sentences(said: Sequence[str], *, most: int = MOST_SENTENCES) -> list[str]:
    """Return the sentences that name a deed, a number or a result, in their order."""
    sentences = [
        " ".join(one.split())[:LONGEST_SENTENCE]
        for text in said
        for one in SENTENCE.split(text)
        if len(one.strip()) >= SHORTEST_SENTENCE
    ]
    unique = list(dict.fromkeys(sentences))
    weighed = [(weigh(one), place) for place, one in enumerate(unique)]
    best = sorted(weighed, key=lambda pair: (-pair[0], -pair[1]))[:most]
    chosen = sorted(place for weight, place in best if weight > 0)
    return [unique[place] for place in chosen]


def weigh(sentence: str) -> float:
    """How much a sentence tells: a result most, then a deed, then a fact; manners little."""
    folded = sentence.lower()
    weight = 1.5 * bool(_DONE.search(sentence))
    weight += bool(DEED_ZH.search(folded) or DEED_EN.search(folded))
    weight += bool(_FACT.search(sentence))
    return weight - 2.0 * bool(_MANNERS.search(sentence))
