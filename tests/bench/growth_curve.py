"""The curve of growth as a drawing: both scales in powers of ten, a line a channel, the wishes as dots.   (pure)"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Protocol

_WIDE, _HIGH, _LEFT, _TOP = 460, 260, 64, 48
_ACROSS, _UP = (3, 6), (-2, 1.5)
_STYLE = "font:12px system-ui,sans-serif;fill:#444"
_LINES = (
    ("both", "both channels, whole search", "#1f6feb"),
    ("dense", "dense alone", "#d1600a"),
    ("words", "words alone", "#1a7f37"),
)
#: passages, and the milliseconds that were wanted there for both channels
_WANTED = ((10_000, 2.0), (1_000_000, 8.0))


class Middle(Protocol):
    """Times of one kind."""

    @property
    def p50(self) -> float: ...


class Seen(Protocol):
    """One size and what was measured there."""

    @property
    def passages(self) -> int: ...
    @property
    def both(self) -> Middle: ...
    @property
    def dense(self) -> Middle: ...
    @property
    def words(self) -> Middle: ...


def across(passages: float) -> float:
    """Where a size stands, from the left."""
    first, last = _ACROSS
    return _LEFT + (math.log10(passages) - first) / (last - first) * _WIDE


def up(milliseconds: float) -> float:
    """Where a time stands, from the top; what is off the scale stands at its edge."""
    low, high = _UP
    at = min(high, max(low, math.log10(max(milliseconds, 1e-9))))
    return _TOP + (high - at) / (high - low) * _HIGH


def drawn(rows: Sequence[Seen]) -> str:
    """The drawing, with its numbers in a title that screen readers say."""
    parts = [_frame()]
    for place, (name, label, ink) in enumerate(_LINES):
        points = [(one.passages, float(getattr(one, name).p50)) for one in rows]
        path = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in points)
        told = ", ".join(f"{x:,}: {y:.2f} ms" for x, y in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="2">'
            f"<title>{escape(f'{label}: {told}')}</title></polyline>"
            f'<text x="{_LEFT + 8}" y="{_TOP + 16 + 16 * place}" '
            f'style="{_STYLE};fill:{ink}">{escape(label)}</text>'
        )
    parts += [
        f'<circle cx="{across(size):.1f}" cy="{up(most):.1f}" r="5" fill="none" '
        f'stroke="#57606a" stroke-width="1.5"><title>wanted: at most {most:g} ms at '
        f"{size:,}</title></circle>"
        for size, most in _WANTED
    ]
    wide, high = _LEFT + _WIDE + 40, _TOP + _HIGH + 56
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}" role="img">'
        '<rect width="100%" height="100%" fill="#fff"/>' + "".join(parts) + "</svg>\n"
    )


def _frame() -> str:
    found = [
        f'<text x="16" y="24" style="{_STYLE}">Search without the embedding, '
        "median; circles: what was wanted for both channels</text>"
    ]
    for power in range(_ACROSS[0], _ACROSS[1] + 1):
        x = across(10**power)
        found.append(
            f'<line x1="{x}" x2="{x}" y1="{_TOP}" y2="{_TOP + _HIGH}" stroke="#ddd"/>'
            f'<text x="{x}" y="{_TOP + _HIGH + 18}" text-anchor="middle" '
            f'style="{_STYLE}">{10**power:,}</text>'
        )
    for each in (0.01, 0.1, 1, 10):
        y = up(each)
        found.append(
            f'<line x1="{_LEFT}" x2="{_LEFT + _WIDE}" y1="{y}" y2="{y}" stroke="#ddd"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end" '
            f'style="{_STYLE}">{each:g} ms</text>'
        )
    found.append(
        f'<text x="{_LEFT + _WIDE / 2}" y="{_TOP + _HIGH + 40}" text-anchor="middle" '
        f'style="{_STYLE}">passages</text>'
    )
    return "".join(found)
