"""Decides which typed text could be an order number, a telephone or a mailbox, and its one spelling.

Whatever holds more than one of them, line breaks or anything but the expected characters
is none; nothing here knows which orders exist.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import phonenumbers

#: tried in this order for numbers without a country code
REGIONS = ("CN", "TW", "HK", "US")
LONGEST = 254
_ORDER = re.compile(r"[A-Z]{0,4}[0-9]{4,24}")
_ORDER_WRITTEN = re.compile(r"[#№]?[ ]?[A-Za-z]{0,4}[ \-]?[0-9](?:[ \-]?[0-9]){3,23}")
_PHONE_WRITTEN = re.compile(r"\+?[0-9(][0-9 ().\-]{4,23}")
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~\-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~\-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9\-]{0,61}[a-z0-9])"
)
#: dashes and spaces that people and keyboards put in place of the plain ones
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−－", "-"))


def order_number(value: object) -> str | None:
    """The number in its one spelling, or None if it cannot be one order's number."""
    text = _plain(value)
    if text is None or not _ORDER_WRITTEN.fullmatch(text):
        return None
    bare = re.sub(r"[#№ \-]", "", text).upper()
    return bare if _ORDER.fullmatch(bare) else None


def email_address(value: object) -> str | None:
    """The mailbox without regard to case; a `+tag` is another mailbox."""
    text = _plain(value)
    if text is None:
        return None
    folded = text.casefold()
    return folded if folded.isascii() and _EMAIL.fullmatch(folded) else None


def phone_numbers(
    value: object, *, regions: Sequence[str] = REGIONS
) -> tuple[str, ...]:
    """Every E.164 number that the text could mean; none if it is no telephone."""
    text = _plain(value)
    if text is None or not _PHONE_WRITTEN.fullmatch(text):
        return ()
    found: list[str] = []
    for region in regions:
        number = _parse(text, region)
        if number is not None and number not in found:
            found.append(number)
    return tuple(found)


def _parse(text: str, region: str) -> str | None:
    # People leave the plus out: 86 138… and 886 9… are meant as country codes.
    for spelling in (text, "+" + text.removeprefix("+").removeprefix("00")):
        try:
            number = phonenumbers.parse(spelling, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(
                number, phonenumbers.PhoneNumberFormat.E164
            )
    return None


def _plain(value: object) -> str | None:
    """One short line of plain characters; None for lists, dicts, line breaks and bombs."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = unicodedata.normalize("NFKC", value).translate(_DASHES)
    # Blanks at the ends are a matter of typing; a line break is a second value.
    text = text.strip(" ")
    if not text or any(
        unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in text
    ):
        return None
    return text
