"""Decides how the browser of a sign-in is named: two plain words, not the whole header."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_ADDRESS = 64
#: the first mark that is found wins: Edge says Chrome, Chrome says Safari
_BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
#: Android says Linux, an iPhone says Mac OS X
_SYSTEMS = (
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, kw_only=True)
class Device:
    """Where a session was opened; what nobody knows is None."""

    address: str | None = None
    browser: str | None = None
    system: str | None = None


UNKNOWN = Device()


def device_of(*, address: str, user_agent: str) -> Device:
    """The address, and of the browser's own words only those that a person would use."""
    return Device(
        address=address[:LONGEST_ADDRESS],
        browser=_first(_BROWSERS, user_agent),
        system=_first(_SYSTEMS, user_agent),
    )


def _first(marks: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((word for mark, word in marks if mark in text), None)
