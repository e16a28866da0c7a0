"""Decides which signs of feeling stand in a text: words, marks, capitals, repetition.

The lists are short and sure (high precision); the classifier covers the rest. Every
sign is reported as it stands in the text, because it travels to the agent as evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.components.folding import fold_with_offsets

LABELS = ("neutral", "anxious", "dissatisfied", "angry", "sad", "grateful")

#: Folded (Simplified, lower case) patterns; a second, stronger list for anger.
_WORDS: dict[str, str] = {
    "angry": (
        r"气死|生气|火大|恼火|愤怒|发火|忍无可忍|骗子|骗人|欺骗|坑人|坑爹|坑钱|黑店|奸商|无良|"
        r"什么破|破店|垃圾|烂透|恶心|无耻|不要脸|投诉|举报|曝光|差评|太过分|过分了|欺人太甚|"
        r"什么态度|耍我|忽悠|敷衍|踢皮球|废物|滚|妈的|他妈|操你|傻逼|煞笔|脑残|"
        r"笨蛋|白痴|弱智|智障|蠢货|蠢猪|神经病|闭嘴|住口|烦死|烦透|窝火|火冒三丈|暴怒|不爽|气炸|恼怒|"
        r"尼玛|你妹|去死|(?<![a-z])(?:tmd|cnm|nmd|nmsl|sb|mlgb)(?![a-z])|草泥马|特么|操蛋|"
        r"furious|outrage\w*|ridiculous|unacceptable|scam\w*|fraud\w*|rip[- ]?off|"
        r"pissed|angry|livid|fed up|sick of|disgust\w*|pathetic|bullshit|wtf|"
        r"liars?|incompetent|garbage|trash|how dare|thieves|crooks?|"
        r"idiots?|morons?|stupid|dumb\w*|shut (?:it|up)|screw (?:you|this)|get lost|enraged|infuriat\w*|irate|"
        r"seething|fuming|mad at|so mad|hate (?:you|this)|assholes?|bastards?|bitch\w*|crap\w*|damn|wth|"
        r"f+[u*@#.v]+c*[*@#.]*k+\w*|f\*+\w*|sh[i1*!@#]+t+\w*|s\*+t|a[*@$#]{2}|b[*!]tch|stfu|bs(?= answer| excuse|!)"
    ),
    "dissatisfied": (
        r"失望|不满|不满意|太差|很差|好差|差劲|糟糕|太慢|好慢|质量差|不值|后悔|无语|服了|"
        r"没用|不靠谱|体验差|不行啊|都多久了|怎么还没|还没解决|"
        r"disappoint\w*|dissatisf\w*|unhappy|poor (?:quality|service)|terrible|awful|"
        r"not (?:good|happy|satisfied|impressed)|let down|waste of|still (?:not|no|hasn)|"
        r"useless|annoy\w*|frustrat\w*"
    ),
    "anxious": (
        r"着急|急死|急用|好急|很急|赶紧|赶快|快点|来不及|担心|焦虑|不安|怎么办|尽快|拜托快|"
        r"worr(?:y|ied|ying)|anxious|urgent\w*|asap|nervous|panic\w*|hurry|running out of time|"
        r"desperate\w*|as soon as possible"
    ),
    "sad": (
        r"难过|伤心|心碎|想哭|哭了|委屈|沮丧|崩溃|绝望|心寒|遗憾|"
        r"heartbroken|so sad|very sad|upset|crying|in tears|devastat\w*|depress\w*|hopeless"
    ),
    "grateful": (
        r"谢谢|感谢|多谢|谢啦|太好了|真好|辛苦了|好评|点赞|满意|感激|"
        r"thank\w*|thx|appreciate\w*|grateful|awesome|you'?re the best|great help|lifesaver"
    ),
}
_STRONG_ANGER = re.compile(
    r"气死|忍无可忍|骗子|黑店|奸商|无耻|不要脸|欺人太甚|垃圾|妈的|他妈|操你|傻逼|煞笔|脑残|滚|"
    r"投诉|举报|曝光|furious|livid|scam\w*|fraud\w*|f+[u*@#.v]+c*[*@#.]*k+\w*|bullshit|wtf|thieves|how dare|"
    r"outrage\w*|disgust\w*|unacceptable|闭嘴|去死|草泥马|cnm|nmsl|shut up|infuriat\w*|enraged"
)
#: Praise and laughter that are rarely meant; they make another feeling stronger.
_SARCASM = re.compile(
    r"呵呵|真行啊|好样的|可以啊你们|厉害了|真有你们的|可真(?:行|棒|好|快)|谢谢啊您|真是谢谢|"
    r"\b(?:oh (?:great|wonderful|perfect|sure)|how wonderful|thanks for nothing|great job[,.]|"
    r"nice job[,.]|bravo|slow clap|yeah right|as if|what a joke|good luck with that)\b"
)
_NEGATED = re.compile(
    r"(?:不|没|没有|别|并非|无需|不用|not|never|no|isn'?t|don'?t|won'?t) ?$"
)
_PATTERNS = {label: re.compile(words) for label, words in _WORDS.items()}
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
            strong = bool(_STRONG_ANGER.search(match.group()))
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
