"""Decides how much of a person's data is shown back: enough to recognise one's own, no more."""

from __future__ import annotations

_FEW = 7


def masked_name(name: str) -> str:
    """The first letter or character: `王**`, `E***`."""
    stars = "**" if not name.isascii() else "***"
    return name[:1] + stars if name else ""


def masked_phone(phone: str) -> str:
    """The last four digits."""
    return f"***{phone[-4:]}" if len(phone) >= _FEW else "***"


def masked_email(email: str) -> str:
    """The first letter and the domain."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}***@{domain}" if at else "***"


def masked_address(address: str) -> str:
    """The beginning: province and city, or the town."""
    kept = 6 if not address.isascii() else 8
    return f"{address[:kept]}***" if address else ""
