"""Whether these words say that the question was put before and is still open."""

from __future__ import annotations

import re

from handoff.folding import fold, visible

_CHINESE = re.compile(
    "|".join(
        (
            # "what I am asking is": not before, and still not answered
            r"我(?:问的|说的|要问的|想问的)(?:就?是|不是这)",
            r"我(?:是|就是)(?:问|在问|想问)(?!题)",
            r"(?:问|说|讲)(?:过|了)(?:你)?(?:好几|几|很多|多少|无数|[两二三四五六七八九十\d]+|八百)(?:次|遍|回)",
            r"(?:已经|刚才|刚刚|上面|前面|之前|都)(?:就)?(?:问|说|讲)过(?!会|要|可以)",
            r"(?:再|重复)(?:问|说|讲)(?:一|最后一)?(?:次|遍)",
            r"(?:没有?|冇|还没|并没有|都没)(?:真正|正面)?(?:回答|答|解答|解决)(?:到)?(?:我|到|问题|啊|吧|呀)",
            r"答非所问|所答非所问|鸡同鸭讲|跳针|文不对题",
            r"(?:又|还)是(?:这|那|同样|一样|同)(?:个|句|段|篇|一|的)",
            r"(?:一样|同样|重复)的?(?:回答|答案|回复|回覆|问题|话|文章|链接|连结)",
            r"不是(?:问|说)(?:这|那)个?|问东答西",
        )
    )
)
_ENGLISH = re.compile(
    r"\bi(?:'m| am| was)? (?:just |already |only )*(?:ask(?:ed|ing)|told you|said)"
    r"\b[^.?!]{0,30}(?:\b(?:already|before|again|twice|\w+ times|whether|if|when|where|how|what|why|who)\b)"
    r"|\bi (?:have |'ve )?(?:just |already )(?:asked|told|said|explained)\b"
    r"|\b(?:asked|told|said|explained)\b[^.?!]{0,20}\b(?:twice|again|before|already|\w+ times)\b"
    r"|\b(?:as|like) i (?:said|asked)\b|\bmy question (?:was|is|remains)\b|\bwhat i (?:asked|meant|want to know)\b"
    r"|\bsame (?:answer|question|reply|article|link|thing)\b(?! (?:day|size))|\bnot what i (?:asked|meant)\b"
    r"|\b(?:didn'?t|doesn'?t|did not|does not|haven'?t|not) (?:really |actually |even )?answer(?:ed|ing)?\b"
    r"|\brepeat(?:ing)? (?:myself|yourself|my question)\b|\bask(?:ing)? (?:you )?again\b"
    r"|\bfor the (?:second|third|fourth|fifth|last|hundredth|nth|\d+\w+) time\b|\bhow many times\b"
)


def insists(text: str) -> bool:
    """Say whether the shopper tells us that they are repeating themselves."""
    folded = fold(visible(text)).replace("’", "'")
    return bool(_CHINESE.search(folded) or _ENGLISH.search(folded))
