"""Decides what stands for {shopper_name}, {order_number} and {agent_name} in a ready reply.   (pure)"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

NAMES = ("shopper_name", "order_number", "agent_name")
_PLACE = re.compile(r"\{([a-z_]+)\}")
#: what a name that nobody knows leaves behind
_HANGING = re.compile(r"^[\s,，、]+|[ \t]+(?=[,，])")


@dataclass(frozen=True, kw_only=True)
class Filled:
    """The words, and which variables nobody could fill."""

    text: str
    missing: tuple[str, ...]


def fill(text: str, values: Mapping[str, str | None]) -> Filled:
    """Put in what is known. An unknown name falls out; anything else stays to be seen."""
    missing: list[str] = []

    def value_of(found: re.Match[str]) -> str:
        name = found[1]
        value = values.get(name)
        if value:
            return value
        if name == "shopper_name":
            return ""
        missing.append(name)
        return found[0]

    filled = _PLACE.sub(value_of, text)
    if not values.get("shopper_name"):
        filled = _HANGING.sub("", filled)
    return Filled(text=filled, missing=tuple(dict.fromkeys(missing)))


def unknown_variables(text: str) -> list[str]:
    """What stands in braces and means nothing to us."""
    return [name for name in _PLACE.findall(text) if name not in NAMES]
