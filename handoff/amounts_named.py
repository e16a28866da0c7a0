"""Decides which sums of money a text names, and in whose currency.

Pure. A word that several shops' countries share ("$", "塊") stands as it was written:
whose it is cannot be told from it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

#: so many characters are read; a rant must not slow the turn
_LONGEST = 500
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "兩": 2,
    "〇": 0,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_TEN_THOUSAND = 10_000
_SIGNS = {
    "NT$": "TWD",
    "HK$": "HKD",
    "US$": "USD",
    "S$": "SGD",
    "RMB": "CNY",
    "CNY": "CNY",
    "TWD": "TWD",
    "HKD": "HKD",
    "USD": "USD",
    "EUR": "EUR",
    "GBP": "GBP",
    "¥": "CNY",
    "€": "EUR",
    "£": "GBP",
    "$": "$",
}
_WORDS = {
    "人民币": "CNY",
    "人民幣": "CNY",
    "新台币": "TWD",
    "新台幣": "TWD",
    "新臺幣": "TWD",
    "台币": "TWD",
    "台幣": "TWD",
    "港币": "HKD",
    "港幣": "HKD",
    "港元": "HKD",
    "美元": "USD",
    "美金": "USD",
    "欧元": "EUR",
    "歐元": "EUR",
    "英镑": "GBP",
    "英鎊": "GBP",
    "yuan": "CNY",
    "euros": "EUR",
    "euro": "EUR",
    "dollars": "$",
    "dollar": "$",
    "bucks": "$",
    "块": "CNY",
    "塊": "元",
    "元": "CNY",
}
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?|[0-9]{1,7}(?:\.[0-9]{1,2})?"
_HANZI = "[零〇一二三四五六七八九十百千万萬两兩]{1,9}"
_SIGN_FIRST = re.compile(
    r"(?<![A-Za-z])(?P<unit>"
    + "|".join(map(re.escape, _SIGNS))
    + rf") ?(?P<number>{_NUMBER})(?P<many>[万萬千])?(?![0-9A-Za-z])(?![,.][0-9])",
    re.IGNORECASE,
)
_NAMES = "|".join(
    sorted((w for w in _WORDS if w not in "块塊元"), key=len, reverse=True)
)
#: "三块手表" are watches and "一块" is together: money is 块 that ends or goes on with 钱
_UNIT_LAST = re.compile(
    rf"(?<![0-9A-Za-z.,\-])(?P<number>{_NUMBER}|(?<![第零〇一二三四五六七八九十百千万萬两兩]){_HANZI})"
    rf"(?P<many>[万萬千])? ?(?P<unit>{_NAMES}|RMB|CNY|TWD|HKD|USD|EUR|GBP|元(?![素件旦宵气氣])|"
    r"[块塊](?=[钱錢多的了吧吗嗎左以]|\W|$))(?P<money>[钱錢])?(?![A-Za-z])",
    re.IGNORECASE,
)
_TRADITIONAL = re.compile("[塊錢還們這個訂單貨買賣發運費價補應實說麼嗎為]")


@dataclass(frozen=True, kw_only=True)
class NamedAmount:
    """A sum somebody wrote, and where it stands."""

    amount: Decimal
    #: an ISO code, or the word that does not say whose money it is
    currency: str
    start: int
    end: int

    @property
    def value(self) -> str:
        """As the card and the reading back have it."""
        return f"{self.amount:,f} {self.currency}"


def amounts_in(text: str) -> list[NamedAmount]:
    """Every sum of money the text names, in order."""
    plain = "".join(
        one if len(one := unicodedata.normalize("NFKC", c)) == 1 else c
        for c in text[:_LONGEST]
    )
    found: list[NamedAmount] = []
    for form in (_SIGN_FIRST, _UNIT_LAST):
        for match in form.finditer(plain):
            amount = _amount(match)
            if amount is not None:
                found.append(amount)
    return _apart(found)


def _apart(found: list[NamedAmount]) -> list[NamedAmount]:
    """Without those that lie over an earlier one, such as "¥99元"."""
    kept: list[NamedAmount] = []
    for each in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    return kept


def _amount(match: re.Match[str]) -> NamedAmount | None:
    written = match["number"]
    hanzi = not written[0].isdigit() or not written.isascii()
    number = _hanzi(written) if hanzi else Decimal(written.replace(",", ""))
    unit = match["unit"]
    if number is None or not number:
        return None
    groups = match.groupdict()
    if unit in "块塊" and hanzi and number < 10 and not groups.get("money"):  # noqa: PLR2004
        return None
    times = {"万": _TEN_THOUSAND, "萬": _TEN_THOUSAND, "千": 1000}
    number *= times.get(match["many"] or "", 1)
    currency = _SIGNS.get(unit.upper()) or _WORDS[unit.lower()]
    if unit == "元" and _TRADITIONAL.search(match.string):
        currency = "元"
    where = {"start": match.start(), "end": match.end()}
    return NamedAmount(amount=number, currency=currency, **where)


def _hanzi(written: str) -> Decimal | None:
    """一百二十, and 一百二 and 两千五 as they are spoken; None for what is no number."""
    total = section = digit = 0
    last = 1
    for sign in written:
        if sign in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[sign]
            last = 1 if digit == 0 else last
        elif sign in _UNITS:
            section += (digit or 1) * _UNITS[sign]
            digit, last = 0, _UNITS[sign]
        else:
            total += (section + digit or 1) * _TEN_THOUSAND
            section = digit = 0
            last = _TEN_THOUSAND
    if digit and last > 10:  # noqa: PLR2004
        digit *= last // 10
    return Decimal(total + section + digit)
