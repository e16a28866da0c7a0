"""How the comparison is shown: tables in the document, and bars that can be read without colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Figures = Mapping[str, Mapping[str, float | None]]
START, END = "<!-- compared: written by the command -->", "<!-- /compared -->"
_COLOURS = {
    "BM25": "#b7bcc4",
    "dense": "#8fb3d9",
    "Rasa": "#9a86b8",
    "Haystack": "#6c7f99",
    "Warmline": "#c8552b",
}
_BAR, _LEFT, _WIDE = 12, 250, 420
_WHAT = (
    ("first", "Found first, per cent"),
    ("covered", "Answered when 95 % of the answers are right, per cent"),
    ("false", "Out of scope and answered when 95 % of the others are, per cent"),
    ("ms", "Milliseconds a question, in the middle"),
)


@dataclass(frozen=True)
class Row:
    """One set: by way, the figures and what the threshold of the first set does."""

    name: str
    figures: Figures
    carried: Figures


def tables(rows: Sequence[Row]) -> str:
    ways = tuple(rows[0].figures)
    parts = [_table(title, what, rows, ways) for what, title in _WHAT]
    return "\n".join([*parts, _carried(rows[1:], ways)])


def written_into(document: str, told: str) -> str:
    before, rest = document.split(START, 1)
    return f"{before}{START}\n{told}{END}{rest.split(END, 1)[1]}"


def mean(rows: Sequence[Figures], way: str, what: str) -> float | None:
    held = [value for row in rows if (value := row[way][what]) is not None]
    return sum(held) / len(held) if held else None


def _table(title: str, what: str, rows: Sequence[Row], ways: Sequence[str]) -> str:
    lines = [f"| {title} | {' | '.join(ways)} |", "|---" * (len(ways) + 1) + "|"]
    for row in rows:
        told = (_said(row.figures[way][what]) for way in ways)
        lines.append(f"| {row.name} | {' | '.join(told)} |")
    means = (_said(mean([row.figures for row in rows], way, what)) for way in ways)
    lines.append(f"| mean | {' | '.join(means)} |")
    return "\n".join([*lines, ""])


def _carried(rows: Sequence[Row], ways: Sequence[str]) -> str:
    """What a threshold does on sets that it was not chosen on."""
    lines = [
        "| Mean of the other sets with the starter's threshold |"
        " answered | right of these | out of scope answered |",
        "|---|---|---|---|",
    ]
    for way in ways:
        carried = [row.carried for row in rows]
        told = (_said(mean(carried, way, each)) for each in _CARRIED)
        lines.append(f"| {way} | {' | '.join(told)} |")
    return "\n".join([*lines, ""])


_CARRIED = ("answered", "right", "false")


def _said(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def plot(rows: Sequence[Row]) -> str:
    """Found first, as bars; every bar carries its number."""
    ways = tuple(rows[0].figures)
    means = {way: mean([row.figures for row in rows], way, "first") for way in ways}
    bars = [
        *((row.name, {way: row.figures[way]["first"] for way in ways}) for row in rows),
        ("mean", means),
    ]
    tall = (_BAR + 1) * len(ways) + 12
    height = tall * len(bars) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + 70} {height}"'
        ' font-family="sans-serif" font-size="11">',
        "<title>Articles found first, per cent, by set and way</title>",
        f'<rect width="100%" height="{height}" fill="#fff"/>',
    ]
    for at, way in enumerate(ways):
        x = _LEFT + 85 * at
        parts.append(
            f'<rect x="{x}" y="10" width="12" height="12" fill="{_COLOURS[way]}"/>'
            f'<text x="{x + 17}" y="20">{way}</text>'
        )
    for number, (name, found) in enumerate(bars):
        parts += _group(name, found, top=40 + number * tall)
    return "\n".join([*parts, "</svg>", ""])


def _group(name: str, found: Mapping[str, float | None], *, top: int) -> list[str]:
    middle = top + (_BAR + 1) * len(found) // 2
    parts = [f'<text x="{_LEFT - 10}" y="{middle + 4}" text-anchor="end">{name}</text>']
    for at, (way, share) in enumerate(found.items()):
        y, wide = top + at * (_BAR + 1), (share or 0.0) / 100 * _WIDE
        parts.append(
            f'<rect x="{_LEFT}" y="{y}" width="{wide:.0f}" height="{_BAR}" fill="{_COLOURS[way]}"/>'
            f'<text x="{_LEFT + wide + 4:.0f}" y="{y + 10}">{_said(share)}</text>'
        )
    return parts
