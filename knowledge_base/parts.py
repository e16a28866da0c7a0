"""Whether a message asks two things at once, and what each of them is.   (pure)

Splitting is by form only and cautious: every part must look like a question of its own.
Whether the parts are worth answering apart is for `worth_parting` to say, from what was found.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge_base.results import Outcome, SearchResult

#: more than this is a story, not two questions
MOST_PARTS = 3
_LONGEST, _SHORTEST_ENGLISH, _SHORTEST_CHINESE = 300, 3, 4

_MARKS = " \t\r\n，,。；;、.!！?？~"
#: where one sentence ends and another begins
_SENTENCE = re.compile(r"[。！!？?；;\n]+\s*|\.\s+")

_ASKS = (
    r"(?:how|what|when|where|which|who|why|can|could|do|does|did|is|are|will|would|"
    r"may|should)"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_BOUNDARY = re.compile(
    # the end of one question before the next
    r"[?？]+\s*(?:and\s+|also[,\s]+|plus[,\s]+|(?:还有|還有|另外|顺便|順便)[，,]\s*)?"
    # a Chinese connective that begins a clause
    r"|[，,。；;、\s]+(?:还有|還有|另外|顺便|順便|以及|同时|同時)(?:再)?"
    r"(?:问一下|問一下|问下|問下|请问|請問|想问|想問)?[，,\s]*"
    # two clauses joined without a pause
    r"|(?:以及|还有就是|還有就是)"
    # an English connective before a question word
    rf"|[,;\s]+(?:and|plus)\s+(?:also[,\s]+)?(?={_ASKS}\b)"
    rf"|[,;.]\s*also[,\s]+(?={_ASKS}\b)",
    re.IGNORECASE,
)
_ENGLISH_QUESTION = re.compile(
    rf"^(?:(?:hi|hello|hey|please|so|ok|and)\b[,\s]*)*{_ASKS}\b", re.IGNORECASE
)
_CHINESE_QUESTION = re.compile(
    r"什么|什麼|怎么|怎麼|怎样|怎樣|如何|多少|多久|多长|多長|几|幾|哪|吗|嗎|呢|"
    r"能不能|可不可以|可以|是不是|有没有|有沒有|何时|何時|为什么|為什麼|谁|誰|要不要"
)
#: a part that leans on what was said before is nothing to look up by itself
_LEANS = re.compile(
    r"\b(?:it|them|they|that|this|these|those|one)\b|[它其]|这个|這個|那个|那個",
    re.IGNORECASE,
)


def parts_of(text: str) -> tuple[str, ...]:
    """The questions in a message, in order; empty when it is one question or none."""
    if len(text) > _LONGEST:
        return ()
    pieces = [one.strip(_MARKS) for one in _BOUNDARY.split(text)]
    parts = tuple(one for one in pieces if one)
    if len(parts) == 1 or len(parts) > MOST_PARTS or not all(map(is_question, parts)):
        return ()
    return parts


def two_of(text: str) -> tuple[str, str] | None:
    """The two halves of a message of which at least one is a question; None when it has none.

    Bolder than `parts_of`: the other half may be a plain sentence, and a comma before a
    question is enough. What the halves are must be seen before they are believed.
    """
    if len(text) > _LONGEST:
        return None
    for cut in (_BOUNDARY, _SENTENCE):
        pieces = [one.strip(_MARKS) for one in cut.split(text)]
        match [one for one in pieces if _is_long_enough(one)]:
            case [first, second]:
                asks = is_question(first) or is_question(second)
                return (first, second) if asks else None
    head, _, tail = text.replace("，", ",").rpartition(",")
    halves = head.strip(_MARKS), tail.strip(_MARKS)
    if _is_long_enough(halves[0]) and is_question(halves[1]):
        return halves
    return None


def leans(part: str) -> bool:
    """Whether a part says "it" or "that" of what another part named."""
    return _LEANS.search(part) is not None


def worth_parting(
    whole: SearchResult, parts: Sequence[str], found: Sequence[SearchResult]
) -> bool:
    """Whether the parts' own answers beat one answer to the whole message.

    Parts that are answered name different articles, and the whole names none beside
    them. A part that nothing answers is told as such only when it stands by itself.
    """
    told = [one.hits[0].article_id for one in found if one.outcome is Outcome.ANSWER]
    if not told or len(set(told)) < len(told):
        return False
    if whole.outcome is Outcome.ANSWER and whole.hits[0].article_id not in told:
        return False
    return all(
        one.outcome is Outcome.ANSWER or _stands_alone(part, one, told)
        for part, one in zip(parts, found, strict=True)
    )


def _stands_alone(part: str, missed: SearchResult, told: Sequence[str]) -> bool:
    """An answer that is told covers a part that repeats it; only a strange one is told."""
    if leans(part):
        return False
    return not missed.hits or missed.hits[0].article_id not in told


def is_question(part: str) -> bool:
    """Whether it has the form of a question."""
    asks = _CHINESE_QUESTION.search if _HAN.search(part) else _ENGLISH_QUESTION.match
    return _is_long_enough(part) and asks(part) is not None


def _is_long_enough(part: str) -> bool:
    if _HAN.search(part):
        return len(part) >= _SHORTEST_CHINESE
    return len(part.split()) >= _SHORTEST_ENGLISH
