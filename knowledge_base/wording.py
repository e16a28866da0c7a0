"""Which words of an article a shop would rather not have said, and how long it takes to read.   (pure)"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge_base.content import Wording
from knowledge_base.figures_in_text import sentences
from knowledge_base.folding import fold
from knowledge_base.languages import Language
from knowledge_base.passages import without_marks

#: superlatives that advertising law forbids, and promises that no shop can keep
BANNED: tuple[str, ...] = (
    "国家级",
    "最高级",
    "最佳",
    "全网最低",
    "史上最低",
    "世界第一",
    "全国第一",
    "包治",
    "根治",
    "零风险",
    "百分之百有效",
    "risk-free",
    "world's best",
    "lowest price guaranteed",
    "100% effective",
    "cures",
)
#: words to think about: they are true less often than they are written
CAREFUL: tuple[str, ...] = (
    "保证",
    "我们承诺",
    "绝对",
    "一定会",
    "百分之百",
    "100%",
    "永久",
    "永远",
    "终身",
    "无条件",
    "立即到账",
    "马上到账",
    "guarantee",
    "guaranteed",
    "we promise",
    "never fails",
    "forever",
    "lifetime",
    "unconditional",
    "instantly",
    "no questions asked",
)
#: "we cannot guarantee" and 不保证 promise nothing
_DENIED = re.compile(
    r"(?:\b(?:not|never|no|cannot|can't|don't|doesn't|won't|isn't|aren't|nor|without)\b"
    r"[^.,;:]{0,24}|[不没无未非勿][^，。；,;]{0,4}|避免|不要|并非)$"
)
_LOOK_BACK = 32
#: what people read in a minute: characters of Chinese, words of English
_CHARACTERS_A_MINUTE, _WORDS_A_MINUTE = 300, 200
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9']+")


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """A word of a list, and the sentence it was found in."""

    word: str
    sentence: str
    language: Language


def spoken_words(
    wording: Wording, language: Language, listed: Sequence[str]
) -> Iterator[Spoken]:
    """The listed words the answer or the question says, each once, unless it denies them."""
    if not listed:
        return
    pattern = _pattern(tuple(listed))
    seen: set[str] = set()
    for sentence in (wording.question, *sentences(without_marks(wording.answer))):
        folded = fold(sentence)
        for match in pattern.finditer(folded):
            before = folded[max(0, match.start() - _LOOK_BACK) : match.start()]
            if match.group() in seen or _DENIED.search(before):
                continue
            seen.add(match.group())
            yield Spoken(word=match.group(), sentence=sentence, language=language)


def reading_seconds(text: str) -> int:
    """How long somebody reads this, in seconds."""
    plain = without_marks(text)
    han, words = len(_HAN.findall(plain)), len(_WORD.findall(plain))
    return round(60 * (han / _CHARACTERS_A_MINUTE + words / _WORDS_A_MINUTE))


@lru_cache(maxsize=16)
def _pattern(listed: tuple[str, ...]) -> re.Pattern[str]:
    """Latin words whole, Chinese ones anywhere; the longest of several first."""
    parts = []
    for word in sorted({fold(one) for one in listed if one.strip()}, key=len)[::-1]:
        first = r"(?<![a-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
        last = r"(?![a-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
        parts.append(f"{first}{re.escape(word)}{last}")
    return re.compile("|".join(parts) or r"(?!)")
