"""What of a shopper's words may be kept for editors: nothing that names or reaches anybody.   (pure)"""

from __future__ import annotations

import re

_CHINESE_DIGITS = "零〇一二三四五六七八九幺两"
_MASKS = (
    (re.compile(r"[A-Za-z\d._%+-]+@[A-Za-z\d-]+(?:\.[A-Za-z\d-]+)+"), "[email]"),
    (re.compile(r"https?://\S+", re.IGNORECASE), "[link]"),
    # order numbers and codes: a few letters, then at least four digits
    (
        re.compile(
            r"(?<![A-Za-z\d])[A-Za-z]{1,6}-?(?:\d-?){4,}[A-Za-z\d]*(?![A-Za-z\d])"
        ),
        "[number]",
    ),
    # telephone and card numbers, written with or without gaps
    (re.compile(r"\+?\d(?:[\s\-().]?\d){6,}"), "[number]"),
    (re.compile(r"\d{4,}"), "[number]"),
    (re.compile(rf"[{_CHINESE_DIGITS}]{{7,}}"), "[number]"),
    (
        re.compile(
            r"((?:我叫|我的名字是|姓名|收件人|收货人|名字叫)[是:：\s]*)[\u4e00-\u9fff]{2,4}"
        ),
        r"\1[name]",
    ),
    (
        re.compile(
            r"(\bmy name(?: is|'s)\s+)[A-Za-z'-]+(?:\s+[A-Z][A-Za-z'-]+)?",
            re.IGNORECASE,
        ),
        r"\1[name]",
    ),
)


def mask(text: str) -> str:
    """The text with mails, links, long numbers, codes and said names replaced."""
    for pattern, instead in _MASKS:
        text = pattern.sub(instead, text)
    return text
