"""Decides which signs of feeling stand in a text: words, marks, capitals, repetition.

The lists are short and sure (high precision); the classifier covers the rest. Every
sign is reported as it stands in the text, because it travels to the agent as evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.components.emotion_words import STRONG_ANGER, WORDS
from bot.components.folding import fold_with_offsets

LABELS = ("neutral", "anxious", "dissatisfied", "angry", "sad", "grateful")

#: Praise and laughter that are rarely meant; they make another feeling stronger.
_SARCASM = re.compile(
    r"呵呵|真行啊|好样的|可以啊你们|厉害了|真有你们的|可真(?:行|棒|好|快)|谢谢啊您|真是谢谢|"
    r"\b(?:oh (?:great|wonderful|perfect|sure)|how wonderful|thanks for nothing|great job[,.]|"
    r"nice job[,.]|bravo|slow clap|yeah right|as if|what a joke|good luck with that)\b"
)
_NEGATED = re.compile(
    r"(?:不|没|没有|别|并非|无需|不用|not|never|no|isn'?t|don'?t|won'?t) ?$"
)
_PATTERNS = {label: re.compile(words) for label, words in WORDS.items()}
_EMOJI = {
    "angry": "😠😡🤬👿💢🖕",
    "dissatisfied": "😒🙄😤😑👎😞😣",
    "anxious": "😰😨😱😟😧",
    "sad": "😢😭😿💔😔☹🥺",
    "grateful": "🙏😊😍🥰😘👍❤🎉😁🌹",
}
_EMOJI_LABEL = {sign: label for label, signs in _EMOJI.items() for sign in signs}
_SHOUTED_MARKS = re.compile(r"[!！?？]{2,}")
_REPEATED = re.compile(r"([^\W\d])\1{3,}|([\u4e00-\u9fff]{1,4})\2{2,}")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
#: Capitals that are names, not shouting.
_NAMES = frozenset(
    [
        "SKU",
        "USD",
        "CNY",
        "RMB",
        "HKD",
        "TWD",
        "EUR",
        "VIP",
        "COD",
        "DHL",
        "UPS",
        "EMS",
        "SMS",
        "APP",
        "FAQ",
        "PDF",
    ]
)


@dataclass(frozen=True)
class Sign:
    """One sign of feeling; `label` is None when it only makes another stronger."""

    label: str | None
    text: str
    start: int
    strong: bool = False


def _word_signs(text: str) -> list[Sign]:
    folded, offsets = fold_with_offsets(text)
    signs: list[Sign] = []
    for label, pattern in _PATTERNS.items():
        for match in pattern.finditer(folded):
            if _cut_inside_word(folded, match) or _is_negated(folded, match, label):
                continue
            start, end = offsets[match.start()], offsets[match.end() - 1] + 1
            strong = bool(STRONG_ANGER.search(match.group()))
            signs.append(Sign(label, text[start:end], start, strong))
    return signs


def _cut_inside_word(folded: str, match: re.Match[str]) -> bool:
    if not match.group()[0].isascii():
        return False
    before = folded[match.start() - 1 : match.start()]
    after = folded[match.end() : match.end() + 1]
    return any(c.isascii() and c.isalnum() for c in (before, after) if c)


def _is_negated(folded: str, match: re.Match[str], label: str) -> bool:
    before = folded[max(0, match.start() - 8) : match.start()]
    return label != "dissatisfied" and bool(_NEGATED.search(before))


def _marks(text: str) -> list[Sign]:
    signs = [
        Sign(_EMOJI_LABEL[c], c, position)
        for position, c in enumerate(text)
        if c in _EMOJI_LABEL
    ]
    for pattern in (_SHOUTED_MARKS, _REPEATED, _SARCASM):
        signs += [Sign(None, m.group(), m.start()) for m in pattern.finditer(text)]
    signs += [
        Sign(None, m.group(), m.start())
        for m in _CAPITALS.finditer(text)
        if m.group() not in _NAMES
    ]
    return signs


def signs_in(text: str) -> list[Sign]:
    """Return every sign of feeling in the order in which it stands."""
    return sorted(_word_signs(text) + _marks(text), key=lambda sign: sign.start)


def as_features(signs: list[Sign]) -> list[float]:
    """Return the signs as numbers for the classifier, one per label and five marks."""
    by_label = [
        min(2.0, sum(sign.label == label for sign in signs)) for label in LABELS[1:]
    ]
    shouted = [sign.text for sign in signs if sign.label is None]
    return [
        *by_label,
        float(any(sign.strong for sign in signs)),
        float(any(_SHOUTED_MARKS.fullmatch(text) for text in shouted)),
        float(any(_CAPITALS.fullmatch(text) for text in shouted)),
        float(any(_REPEATED.fullmatch(text) for text in shouted)),
        float(any(_SARCASM.fullmatch(text) for text in shouted)),
    ]
