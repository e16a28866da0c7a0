"""Which words make a promise: somebody of ours, a deed, and a time by which.   (pure)"""

from __future__ import annotations

import re

NUMBER = r"(?:\d+(?:\.5)?|[零一二两兩三四五六七八九十半]+)"
DIGITS = {
    "零": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4,
    "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
ENGLISH_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "ten": 10, "twelve": 12, "half an": 0.5, "half a": 0.5,
}  # fmt: skip

#: the end of a sentence; a full stop between digits is none
SENTENCE = re.compile(r"(?<=[。！？!?\n；;])|(?<=\.)(?=\s)")

#: what somebody of ours does for the shopper
DEED_ZH = re.compile(
    r"回[复覆電电]|答[复覆]|[联聯][系繫络絡]|致[电電]|打[电電][话話]|通知|告知|跟[进進]"
    r"|[处處]理|安排|[补補][发發寄]|重[发發]|[发發][货貨出给給]|寄[出给給送]|退款|退[还還]"
    r"|到[账帳]|核[实實查對对]|[查给給][询詢您你]|[给給][您你].{0,6}(?:消息|信息|[结結]果|[说說]法)"
    r"|更新|完成|解[决決]|反[馈饋]|回[报報]"
)
#: asked of the shopper, wondered about, or not going to happen
NO_PROMISE_ZH = re.compile(
    r"[请請](?:您|你)?(?:在|於|于)|您(?:可以|需要|方便|什么|什麼|是否)|[吗嗎]\s*[?？]?$"
    r"|[?？]\s*$|不(?:能|会|會|用|需要|可)|[没沒]法|[无無]法|如果|要是|若|曾|已[经經]|[刚剛]才"
)
OURS_EN = re.compile(
    r"\b(?:i|we|someone|somebody|(?:a|my|our) (?:colleague|team|warehouse|supervisor)"
    r"|they|it|you)\s*(?:'ll|’ll| will| am going to| are going to|'m going to|’m going to"
    r"|'re going to|’re going to| shall| promise)\b|\bi promise\b|\bexpect (?:a|our|my)\b"
)
DEED_EN = re.compile(
    r"\b(?:call|phone|ring|reply|answer|write|e-?mail|message|contact|get back|come back"
    r"|update|let you know|tell you|inform|notify|send|ship|refund|replace|arrange|check"
    r"|fix|solve|resolve|sort|process|follow up|hear from|hear back|have (?:an|your|the)"
    r"|receive|get (?:an|your|the|a)|reply|call back|look into)\b"
)
NO_PROMISE_EN = re.compile(
    r"\b(?:if|unless|please|could you|can you|would you|will you|you can|you need"
    r"|won't|won’t|will not|cannot|can't|can’t|not be able)\b|\?\s*$"
)

SPAN_ZH = re.compile(
    rf"(?P<many>{NUMBER})(?:\s*[-~到至—]\s*(?P<upto>{NUMBER}))?\s*(?:[个個])?(?P<half>半)?\s*"
    r"(?P<unit>分[钟鐘]|小[时時]|[钟鐘][头頭]|工作[日天]|天|日(?![前之])|[周週]|星期|礼拜|禮拜)"
    r"\s*(?:之|以)?(?P<how>[内內]|[后後]|左右|[前])"
)
SPAN_EN = re.compile(
    r"\b(?:within|in|over)(?: the)?(?: next)?(?: about)?\s+"
    r"(?P<many>half an?|\d+(?:\.5)?|an?|one|two|three|four|five|six|seven|eight|ten|twelve)"
    r"(?:\s*(?:-|–|to|or)\s*(?P<upto>\d+|two|three|four|five|six))?\s+"
    r"(?P<unit>min(?:ute)?s?|hours?|(?:business|working) days?|days?|weeks?)\b"
)

DAY_ZH = re.compile(
    r"(?P<day>今[天日晚]|明[天日晚早]|大[后後]天|[后後][天日]"
    r"|(?P<next>下)?(?:个|個)?(?:[周週]|星期|礼拜|禮拜)(?P<weekday>[一二三四五六日天])"
    r"|(?P<month>\d{1,2})月(?P<date>\d{1,2})[日号號]?|(?P<only>\d{1,2})[号號])"
)
PART_ZH = re.compile(
    r"凌晨|早上|上午|早晨|中午|下午|傍晚|晚上|晚间|晚間|晚|下班|之内|之內"
)
CLOCK_ZH = re.compile(
    r"(?P<hour>\d{1,2}|十[一二]?|[一二两兩三四五六七八九])\s*"
    r"(?:[点點时時]\s*(?P<minute>半|\d{1,2}分?|一刻)?|[:：](?P<minutes>\d{2}))"
)
PARTS_ZH = {
    "凌晨": 6, "早上": 10, "早晨": 10, "上午": 12, "中午": 13, "下午": 18,
    "下班": 18, "傍晚": 19, "晚上": 21, "晚间": 21, "晚間": 21, "晚": 21,
}  # fmt: skip
#: parts of the day in which five o'clock is 17:00
AFTERNOON_ZH = frozenset({"下午", "傍晚", "晚上", "晚间", "晚間", "晚", "中午"})

WEEKDAYS_ZH = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
WEEKDAYS_EN = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip
DAY_EN = re.compile(
    r"\b(?P<day>today|tonight|tomorrow|(?:this|next) week"
    r"|(?P<next>next )?(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday)|(?:end|close) of (?:the )?(?:day|business)|end of (?:the )?week)\b"
)
PART_EN = re.compile(r"\b(?P<part>morning|noon|midday|lunch|afternoon|evening|night)\b")
PARTS_EN = {
    "morning": 12, "noon": 12, "midday": 12, "lunch": 13, "afternoon": 18,
    "evening": 21, "night": 22,
}  # fmt: skip
CLOCK_EN = re.compile(
    r"\b(?:by|before|until|at|around|about)\s+(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?"
    r"\s*(?P<half>a\.?m\.?|p\.?m\.?|o'clock)?(?![\d/-])(?!\s*(?:days?|hours?|min|weeks?|%))"
)
