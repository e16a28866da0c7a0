"""Small drawings for the documents: curves and a matrix, as SVG without any library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

_SIZE, _EDGE = 320, 44
_INKS = ("#1f6feb", "#d1600a", "#1a7f37", "#8250df")
_STYLE = "font:12px system-ui,sans-serif;fill:#444"

Points = Sequence[tuple[float, float]]


def curves(title: str, across: str, up: str, lines: Mapping[str, Points]) -> str:
    """Draw lines from (0, 0) to (1, 1), each with its name."""
    drawn = [_frame(title, across, up)]
    for place, (name, points) in enumerate(lines.items()):
        ink = _INKS[place % len(_INKS)]
        path = " ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in points)
        drawn.append(
            f'<polyline points="{path}" fill="none" stroke="{ink}" stroke-width="2"/>'
            f'<text x="{_EDGE + 12}" y="{_y(0.1) - 16 * place:.0f}" style="{_STYLE};fill:{ink}">'
            f"{escape(name)}</text>"
        )
    return _svg(_SIZE + 2 * _EDGE, _SIZE + 2 * _EDGE, drawn)


def matrix(title: str, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Draw how often each label (row) was taken for which (column)."""
    cell, edge = 30, 130
    drawn = [f'<text x="8" y="18" style="{_STYLE}">{escape(title)}</text>']
    for row, label in enumerate(labels):
        at = edge + row * cell + cell / 2 + 4
        drawn.append(
            f'<text x="{edge - 6}" y="{at}" text-anchor="end" style="{_STYLE}">{escape(label)}</text>'
            f'<text transform="translate({at},{edge - 6}) rotate(-60)" style="{_STYLE}">'
            f"{escape(label)}</text>"
        )
        whole = max(1, sum(counts[row]))
        for column, count in enumerate(counts[row]):
            if not count:
                continue
            ink = "31,111,235" if row == column else "209,36,47"
            shade = 0.12 + 0.75 * (count / whole)
            x, y = edge + column * cell, edge + row * cell
            drawn.append(
                f'<rect x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}" fill="rgba({ink},{shade:.2f})"/>'
                f'<text x="{x + cell / 2}" y="{y + 19}" text-anchor="middle" style="{_STYLE}">{count}</text>'
            )
    side = edge + cell * len(labels) + 70
    return _svg(side, side - 50, drawn)


def _x(value: float) -> float:
    return _EDGE + value * _SIZE


def _y(value: float) -> float:
    return _EDGE + (1 - value) * _SIZE


def _frame(title: str, across: str, up: str) -> str:
    ticks = "".join(
        f'<line x1="{_EDGE}" x2="{_EDGE + _SIZE}" y1="{_y(t)}" y2="{_y(t)}" stroke="#ddd"/>'
        f'<text x="{_EDGE - 6}" y="{_y(t) + 4}" text-anchor="end" style="{_STYLE}">{t:.1f}</text>'
        f'<text x="{_x(t)}" y="{_EDGE + _SIZE + 16}" text-anchor="middle" style="{_STYLE}">{t:.1f}</text>'
        for t in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    return (
        f'{ticks}<text x="{_EDGE}" y="22" style="{_STYLE}">{escape(title)}</text>'
        f'<text x="{_EDGE + _SIZE / 2}" y="{_EDGE + _SIZE + 34}" text-anchor="middle" style="{_STYLE}">'
        f"{escape(across)}</text>"
        f'<text transform="translate(12,{_EDGE + _SIZE / 2}) rotate(-90)" text-anchor="middle" '
        f'style="{_STYLE}">{escape(up)}</text>'
    )


def _svg(width: float, height: float, drawn: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}"><rect width="100%" height="100%" fill="#fff"/>'
        + "".join(drawn)
        + "</svg>\n"
    )
