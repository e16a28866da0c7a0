"""Whether a reply answers anything, or only says that somebody is there."""

from __future__ import annotations

import re

_PIECES = (
    # greetings
    r"您好|你好|亲|親|亲亲|哈喽|嗨|在的|在呢|我在|hi|hello|hey|dear|good (?:morning|afternoon|evening)"
    r"|there|早上好|上午好|下午好|晚上好|早安|午安|晚安",
    # wait
    r"(?:请|請)?(?:您|你)?(?:稍等|稍候|等一下|等等|等一会儿?|稍等一下|稍等片刻)(?:一下|片刻)?"
    r"|马上(?:来|为您查|帮您看|看)?|馬上(?:來|幫您看|看)?|(?:我)?(?:先|正在|来|來)?(?:帮|幫|为|為)?(?:您|你)?"
    r"(?:看一下|看下|看看|查一下|查下|查询一下|查詢一下|核实一下|核實一下)|这就(?:看|查)|這就(?:看|查)",
    r"(?:just )?(?:one|a) (?:moment|second|minute|sec)|(?:please )?(?:wait|hold on|bear with me)"
    r"|let me (?:check|look|see|take a look|have a look)(?: (?:that|this|it|into it|for you))*"
    r"|i(?:'|’)?(?:ll| will) (?:check|look)(?: (?:that|this|it|into it|for you))*"
    r"|(?:i(?:'|’)?m |i am )?(?:checking|looking)(?: (?:that|this|it|into it|for you))*"
    r"|be right (?:back|with you)|for you|please|sure",
    # bare acknowledgement
    r"好的?|嗯+|收到|明白了?|了解|知道了|ok(?:ay)?|got it|understood|noted|i see|thanks?(?: you)?"
    r"|谢谢|謝謝|感谢您的(?:耐心)?(?:等待|等候)|感謝您的(?:耐心)?(?:等待|等候)"
    r"|(?:有什么|有什麼)(?:可以|能)(?:帮|幫)(?:您|你|到您|到你)的?(?:吗|嗎|呢)?|how can i help(?: you)?"
    r"|哦|啊|呢|哈|的|了|哟",
)
_FILLER = re.compile(rf"(?:(?:{'|'.join(_PIECES)})\s*)*", re.IGNORECASE)
_MARKS = re.compile(r"[\s,.!?;:~…，。！？；：、～·\-—()（）\U0001F300-\U0001FAFF☀-➿]+")


def is_filler(text: str) -> bool:
    """Say whether the words are nothing but greeting, waiting and acknowledging."""
    bare = _MARKS.sub(" ", text).strip()
    return _FILLER.fullmatch(bare) is not None
