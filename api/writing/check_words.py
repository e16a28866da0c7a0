"""Which words blame a shopper, ask something, answer it, or name a person.   (pure)"""

from __future__ import annotations

import re

#: says that the shopper is at fault
BLAME = re.compile(
    r"[您你]自己(?:没|沒|不|要|填|写|寫|弄|选|選|点|點|看)|(?:是|都怪|怪)[您你](?:自己|没|沒|不|的错|的錯|的问题|的問題)"
    r"|[您你](?:没有?|沒有?)(?:看清|仔细|仔細|好好)|[您你]怎么(?:不|没)|[您你]怎麼(?:不|沒)"
    r"|[您你]应该早|[您你]應該早|[谁誰]让[您你]|[谁誰]叫[您你]|早就(?:告诉|告訴|说过|說過)[您你]"
    r"|[您你](?:填|写|寫|选|選|拍|下)错|[您你](?:填|寫|選|拍|下)錯"
    r"|\byou (?:should have|should've|failed to|didn't (?:read|check|bother)|did not (?:read|check))\b"
    r"|\b(?:it's|it is|that's|that is) your (?:own )?(?:fault|mistake|problem)\b"
    r"|\byour own (?:fault|mistake)\b|\bwhy didn't you\b|\bas i (?:already )?(?:said|told you)\b",
    re.IGNORECASE,
)

#: a sentence that wants an answer
QUESTION = re.compile(
    r"[?？]|[吗嗎呢么麼](?:[。！!]|$)|多少|几[天时點点号]|幾[天時點点號]|什么时候|什麼時候|何[时時]"
    r"|怎么|怎麼|怎样|怎樣|哪[里裡个個天]|[为為]什么|[为為]什麼|能不能|可不可以|是不是|有没有|有沒有"
    r"|^(?:how|what|when|where|why|which|who|can|could|do|does|did|is|are|will|would|may)\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"(?<=[。！？!?\n；;])|(?<=\.)\s")

#: asked for -> what an answer to it holds
WANTED = (
    (
        re.compile(
            r"什么时候|什麼時候|何[时時]|几[天点号]|幾[天點號]|多久|多长时间|多長時間|\bwhen\b|\bhow long\b|\bhow many days\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\d|[今明后後昨]天|[周週]|星期|小时|小時|分钟|分鐘|工作[日天]|上午|下午|晚"
            r"|\b(?:today|tomorrow|tonight|yesterday|day|week|hour|minute|month"
            r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|soon)s?\b",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(
            r"多少[钱錢]|[运運][费費]|[价價]格|\bhow much\b|\bprice\b|\bcost\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"\d|免[费費]|包[邮郵]|\bfree\b|\bno (?:charge|fee|cost)\b", re.IGNORECASE
        ),
    ),
    (
        re.compile(r"哪[里裡]|在哪|\bwhere\b", re.IGNORECASE),
        re.compile(
            r"在|到|[点點][击擊]|[页頁]面|\b(?:in|at|on|under|from|near|here|there)\b",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(
            r"[吗嗎](?:[?？。！!]|$)|能不能|可不可以|是不是|有没有|有沒有"
            r"|^\W*(?:can|could|do|does|did|is|are|will|would|may|have|has)\b",
            re.IGNORECASE,
        ),
        re.compile(
            r"可以|不可以|[会會]|能|是的|不是|[对對]|有|没有|沒有|不|好的|行|[无無]法|支持|已"
            r"|\b(?:yes|no|not|can|cannot|can't|will|won't|is|isn't|are|aren't|do|don't"
            r"|does|doesn't|sure|of course|have|has|sorry|unfortunately)\b",
            re.IGNORECASE,
        ),
    ),
    (
        re.compile(r"[为為]什么|[为為]什麼|\bwhy\b", re.IGNORECASE),
        re.compile(
            r"因[为為]|由[于於]|原因|所以|\bbecause\b|\breason\b|\bdue to\b|\bsince\b",
            re.IGNORECASE,
        ),
    ),
)
#: a reply that only says that it will look is no answer, and need not be one yet
LOOKING = re.compile(
    r"稍等|[帮幫][您你]?(?:查|看|核)|核[实實查對对]|[马馬]上[为為给給帮幫]"
    r"|\b(?:let me (?:check|look|see|find)|one moment|i'll (?:check|look|find out|ask))\b",
    re.IGNORECASE,
)

#: words that carry no matter of their own
EMPTY_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "is",
        "are",
        "was",
        "do",
        "does",
        "did",
        "can",
        "could",
        "will",
        "would",
        "may",
        "i",
        "you",
        "we",
        "it",
        "my",
        "your",
        "our",
        "to",
        "of",
        "for",
        "in",
        "on",
        "at",
        "and",
        "or",
        "if",
        "this",
        "that",
        "what",
        "when",
        "where",
        "why",
        "how",
        "which",
        "who",
        "please",
        "have",
        "has",
        "get",
        "be",
        "me",
        "not",
        "with",
        "from",
        "there",
    ]
)

EMAIL = re.compile(r"[A-Za-z\d._%+-]+@[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)+")
MOBILE = re.compile(r"(?<![\dA-Za-z])(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
IDENTITY_CARD = re.compile(
    r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0\d|1[0-2])[0-3]\d{4}[\dXx](?!\d)"
)
CARD_NUMBER = re.compile(r"(?<![\dA-Za-z])\d(?:[ -]?\d){12,18}(?!\d)")
ORDER_LIKE = re.compile(r"(?<![\dA-Za-z])[A-Za-z]{0,4}-?\d(?:-?\d){5,23}(?![\dA-Za-z])")
PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
