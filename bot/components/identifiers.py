"""Decides which pieces of a text name an order, a parcel, a telephone or a mailbox.

Values come out in one spelling: no spaces or hyphens, digits and capitals of half
width. A piece that looks like such a number but is none is a `fragment`: the form takes
it as a try.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.components.addresses import find_address

_GAP = r"[ \u3000\-‐‑‒–—_.]?"
_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+\-]{0,63}@[A-Za-z0-9](?:[A-Za-z0-9\-]{0,62}\.)+[A-Za-z]{2,24}"
)
#: Letters and digits with single gaps; which kind it is gets decided afterwards.
_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9@])(?:\+{_GAP})?(?:\([0-9]{{1,4}}\){_GAP})?"
    rf"(?:[A-Za-z]{{1,4}}{_GAP})?[0-9](?:{_GAP}[0-9A-Za-z]){{3,30}}(?![A-Za-z0-9@])"
)
_CARRIERS = re.compile(
    r"(?:SF[0-9]{12,15}|YT[0-9]{13,18}|JT[0-9]{13}|JD[A-Z]{0,2}[0-9]{10,15}"
    r"|ZTO[0-9]{10,14}|STO[0-9]{10,15}|YD[0-9]{13}|DPK[0-9]{9,14}|1Z[0-9A-Z]{16}"
    r"|[A-Z]{2}[0-9]{9}(?:CN|TW|HK|US|GB|SG|MY|JP))"
)
_ORDER = re.compile(r"(?:[A-Z]{1,4}[0-9]{8,20}|[0-9]{12,24})")
_PHONES = re.compile(
    r"(?:(?:\+?86)?1[3-9][0-9]{9}"  # mainland mobile
    r"|(?:\+?886|0)9[0-9]{8}"  # Taiwan mobile
    r"|\+?852[2-9][0-9]{7}|[569][0-9]{7}"  # Hong Kong
    r"|0[1-9][0-9]{8,10}"  # landlines with their area code
    r"|\+[1-9][0-9]{7,14}"  # anything international
    r"|[2-9][0-9]{2}[2-9][0-9]{6})"  # North America
)
_MOST_OF_A_FRAGMENT = 40
#: Short words before a number that are no part of it.
_NO_PREFIX = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "box",
        "but",
        "by",
        "code",
        "date",
        "for",
        "from",
        "i",
        "id",
        "in",
        "is",
        "it",
        "item",
        "my",
        "no",
        "nr",
        "of",
        "on",
        "or",
        "sku",
        "size",
        "so",
        "the",
        "till",
        "to",
        "tel",
        "was",
        "yes",
    ]
)


@dataclass(frozen=True)
class Identifier:
    """One number or address, and where it stands in the text."""

    #: order_number, phone, email, tracking_number, address or fragment
    kind: str
    value: str
    start: int
    end: int


def _narrow(text: str) -> str:
    """Turn full-width characters into plain ones without moving anything."""
    return "".join(
        plain if len(plain := unicodedata.normalize("NFKC", c)) == 1 else c
        for c in text
    )


def _kind(value: str) -> str | None:
    if _PHONES.fullmatch(value):
        return "phone"
    if _CARRIERS.fullmatch(value):
        return "tracking_number"
    if _ORDER.fullmatch(value):
        return "order_number"
    return None


def _compact(piece: str) -> str:
    kept = "".join(c for c in piece if c.isascii() and c.isalnum()).upper()
    return f"+{kept}" if piece.lstrip().startswith("+") else kept


def _split(piece: str) -> list[tuple[str, int]]:
    """Return the longest runs of words inside a piece that make one number each."""
    tokens = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", piece)]
    found: list[tuple[str, int]] = []
    first = 0
    while first < len(tokens):
        if tokens[first][0].lower() in _NO_PREFIX:
            first += 1
            continue
        for last in range(len(tokens), first, -1):
            start, end = tokens[first][1], tokens[last - 1][2]
            if _kind(_compact(piece[start:end])):
                found.append((piece[start:end], start))
                first = last
                break
        else:
            first += 1
    return found


def _numbers(plain: str) -> list[Identifier]:
    found: list[Identifier] = []
    for match in _NUMBER.finditer(plain):
        for piece, offset in _split(match.group()):
            value = _compact(piece)
            kind = _kind(value)
            if kind is not None:
                start = match.start() + offset
                found.append(Identifier(kind, value, start, start + len(piece)))
    return found


def find_identifiers(text: str) -> list[Identifier]:
    """Return everything in the text that is a whole number or address, in order."""
    plain = _narrow(text)
    found = [
        Identifier("email", m.group().lower(), m.start(), m.end())
        for m in _EMAIL.finditer(plain)
    ]
    without = _EMAIL.sub(lambda m: "@" * len(m.group()), plain)
    found += _numbers(without)
    place = find_address(plain)
    if place is not None:
        # A telephone beside an address is the recipient's and proves nothing.
        found = [each for each in found if each.kind != "phone" or each.end <= place[0]]
        address = plain[slice(*place)]
        found.append(Identifier("address", address, *place))
    return sorted(found, key=lambda each: each.start)


#: What people put around a number when that is all they want to say.
_FILLING = re.compile(
    r"(?:订单号?|單號|訂單號?|订单编号|单号|号码|编号|手机号?|手機號?|电话|電話|邮箱|郵箱|邮件|是|的|我|这个|這個|为|為|:|："
    r"|新的|收货|收貨|收件|地址|改成|改为|改為|改到|请|請|麻烦|麻煩|new|to|please"
    r"|不对|不是|错了|写错|打错|更正|应该|改成|哦不|wrong|sorry|actually|correct|should be|i mean|not|but|use|try"
    r"|order|number|no\.?|nr\.?|#|is|it'?s|my|the|phone|mobile|e-?mail|address|here|this|,|，|。|\.|!|！|呢|哦|喔|啊|了|吧"
    r"|\s)+",
    re.IGNORECASE,
)


def is_bare(text: str, identifiers: list[Identifier]) -> bool:
    """Say whether nothing but the identifiers, and words naming them, was written."""
    rest = list(text)
    for each in identifiers:
        rest[each.start : each.end] = [" "] * (each.end - each.start)
    return not _FILLING.sub("", "".join(rest))


_FRAGMENT = re.compile(
    r"[A-Za-z]{0,6}[\-# ]?[0-9][0-9A-Za-z\- ]{2,}|\S+@\S*|[A-Z]{2,}[0-9]+"
)


def find_fragment(text: str) -> Identifier | None:
    """Return a short try at a number or an address that is none, if that is all."""
    plain = _narrow(text)
    if len(plain) > _MOST_OF_A_FRAGMENT:
        return None
    match = _FRAGMENT.search(plain)
    if match is None:
        return None
    piece = Identifier("fragment", match.group().strip(), match.start(), match.end())
    return piece if is_bare(plain, [piece]) else None
