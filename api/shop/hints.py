"""Decides what the shopper's own words tell the order form: an address, another order."""

from __future__ import annotations

import re

LONGEST_ADDRESS = 300
SHORTEST_ADDRESS = 8
#: an address has a number, a house, or at least a place in it
_PLACE = re.compile(
    r"[0-9０-９]|[省市区區县縣镇鎮乡鄉村路街巷弄道号號栋棟楼樓室]|"
    r"\b(?:street|st|road|rd|avenue|ave|lane|drive|square|court|house)\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"另(?:外)?(?:一|那)?(?:个|個|单|單|笔|筆|件)|别的(?:订单|那)|別的(?:訂單|那)|"
    r"\b(?:the other (?:one|order|parcel|package)|another (?:one|order)|my other order|"
    r"(?:a )?different order)\b",
    re.IGNORECASE,
)


def could_be_address(text: str) -> bool:
    """Whether a person could deliver to it; whoever changes the order looks again."""
    return SHORTEST_ADDRESS <= len(text) <= LONGEST_ADDRESS and bool(
        _PLACE.search(text)
    )


def means_another(text: str | None) -> bool:
    """Whether another order than the one just spoken of is meant."""
    return bool(_OTHER.search(text or ""))
