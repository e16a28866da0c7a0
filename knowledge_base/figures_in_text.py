"""Which figures a text names (days, money, percent), in Arabic or Chinese numerals and in words.   (pure)

A figure counts only with its unit, and working days are never compared with days: what
is not surely the same quantity is not compared at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge_base.folding import fold

FigureKind = Literal["time", "working days", "months", "money", "dollars", "percent"]

#: a year as a date is no length of time
_LONGEST_YEARS = 50
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_SAID = dict(
    zip(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
            "thirty",
            "forty",
            "fifty",
            "sixty",
            "seventy",
            "eighty",
            "ninety",
            "hundred",
        ],
        (*range(1, 21), 30, 40, 50, 60, 70, 80, 90, 100),
        strict=True,
    )
)
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
    r"|[零〇一二两三四五六七八九十百千]+"
    rf"|\b(?:{'|'.join(_SAID)})\b"
)
_TO = r"\s*(?:-|–|—|~|到|至|或|to|or)\s*"
#: unit, kind, how many of the kind's smallest step (hours, working days, months …)
_UNITS: tuple[tuple[str, FigureKind, float], ...] = (
    (r"个?工作[日天]|(?:business|working)[ -]days?\b", "working days", 1),
    (r"个?小时|hours?\b|hrs?\b", "time", 1),
    (r"分钟|minutes?\b|mins?\b", "time", 1 / 60),
    (r"天(?!猫)|日(?!元|期|历|常)|days?\b", "time", 24),
    (r"周(?!年|末|岁)|个?星期|weeks?\b", "time", 168),
    (r"个月|months?\b", "months", 1),
    (r"年(?!级|龄)|years?\b", "months", 12),
    (r"元|块钱?|yuan\b|rmb\b|cny\b", "money", 1),
    (r"美元|dollars?\b|usd\b", "dollars", 1),
    (r"%|percent\b|per cent\b", "percent", 1),
)
_AFTER = re.compile(
    rf"(?<![\d.月第v-])(?:(?P<low>{_NUMBER}){_TO})?(?P<high>{_NUMBER})[ -]?"
    rf"(?:{'|'.join(f'(?P<u{n}>{unit})' for n, (unit, _, _) in enumerate(_UNITS))})"
)
_BEFORE = re.compile(
    rf"(?P<sign>[¥￥$]|rmb ?|cny ?|百分之)(?:(?P<low>{_NUMBER}){_TO}[¥￥$]?)?(?P<high>{_NUMBER})"
)
_SIGNS: dict[str, FigureKind] = {"$": "dollars", "百分之": "percent"}
_SENTENCE = re.compile(r"[^。！？!?；;\n]+?(?:[。！？!?；;\n]|\.(?=\s|$)|$)")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A quantity, as the range it covers; a single number is a range of one."""

    kind: FigureKind
    low: float
    high: float

    def agrees(self, other: Figure) -> bool:
        """Whether both may be true of one thing: their ranges meet."""
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """A sentence that names figures, and what is left of it without them."""

    text: str
    figures: tuple[Figure, ...]
    rest: str


def sentences(text: str) -> Iterator[str]:
    """The sentences and lines of a text, without marks at their edges."""
    for match in _SENTENCE.finditer(text):
        found = match.group().strip(" \t\n-*·")
        if found:
            yield found


def sentences_with_figures(text: str) -> list[Sentence]:
    """Every sentence that names a figure."""
    found = []
    for said in sentences(text):
        figures, rest = figures_of(said)
        if figures:
            found.append(Sentence(text=said, figures=tuple(figures), rest=rest))
    return found


def figures_of(text: str) -> tuple[list[Figure], str]:
    """The figures of a text, and its folded rest."""
    folded = fold(text)
    found: list[Figure] = []

    def after(match: re.Match[str]) -> str:
        at = next(n for n in range(len(_UNITS)) if match[f"u{n}"] is not None)
        _, kind, step = _UNITS[at]
        return _keep(match, kind, step)

    def before(match: re.Match[str]) -> str:
        return _keep(match, _SIGNS.get(match["sign"], "money"), 1)

    def _keep(match: re.Match[str], kind: FigureKind, step: float) -> str:
        high = number(match["high"])
        low = number(match["low"]) if match["low"] else high
        if kind == "months" and high / step > 1 and high > _LONGEST_YEARS:
            return match.group()
        found.append(
            Figure(kind=kind, low=min(low, high) * step, high=max(low, high) * step)
        )
        return " "

    rest = _AFTER.sub(after, _BEFORE.sub(before, folded))
    return found, rest


def number(written: str) -> float:
    """The value of a number in digits, Chinese numerals or an English word."""
    if written in _SAID:
        return float(_SAID[written])
    if written[0].isascii():
        return float(written.replace(",", ""))
    if not any(character in _TENS for character in written):
        # 二〇 or 一五: read digit by digit
        return float("".join(str(_DIGITS[character]) for character in written))
    total, last = 0, 0
    for character in written:
        if character in _TENS:
            total += (last or 1) * _TENS[character]
            last = 0
        else:
            last = _DIGITS[character]
    return float(total + last)
