"""`python -m tests.bench.compared ../shared/data [plot.svg]`: the project beside simpler ways, one run, one machine."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog

from knowledge_base.embedding import Embedder, load_embedder
from knowledge_base.evaluation import evaluate_questions
from tests.bench import baselines
from tests.bench.knowledge import starter_set
from tests.bench.public_sets import public_sets

WAYS = (*baselines.NAMES, "warmline")
_COLOURS = {
    "bm25": "#b7bcc4",
    "dense": "#8fb3d9",
    "fused": "#6c7f99",
    "warmline": "#c8552b",
}
_ROW, _BAR, _LEFT, _WIDE = 62, 12, 250, 420
Row = tuple[str, dict[str, float]]


def measure(data: Path, embedder: Embedder, english: Embedder) -> list[Row]:
    """Found first, in hundredths, for every set and every way."""
    rows: list[Row] = []
    for one in [starter_set(), *(public_sets(data) if data.is_dir() else ())]:
        found = {
            name: 100 * share
            for name, share in baselines.first_found(one, embedder).items()
        }
        own = evaluate_questions(one.articles, one.questions, embedder, english=english)
        found["warmline"] = 100 * own["recall_at_1"]
        rows.append((one.name, found))
        print(_line(one.name, found), flush=True)  # noqa: T201
    mean = {way: sum(found[way] for _, found in rows) / len(rows) for way in WAYS}
    rows.append(("mean of all sets", mean))
    print(_line("mean of all sets", mean))  # noqa: T201
    return rows


def _line(name: str, found: dict[str, float]) -> str:
    return f"| {name} | " + " | ".join(f"{found[way]:.1f}" for way in WAYS) + " |"


def plot(rows: Sequence[Row]) -> str:
    """The same as bars, readable without colour: every bar carries its number."""
    height = _ROW * len(rows) + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + 70} {height}"'
        ' font-family="sans-serif" font-size="11">',
        "<title>Articles found first, per cent, by set and way</title>",
        f'<rect width="100%" height="{height}" fill="#fff"/>',
    ]
    for at, way in enumerate(WAYS):
        x = _LEFT + 100 * at
        parts.append(
            f'<rect x="{x}" y="10" width="12" height="12" fill="{_COLOURS[way]}"/>'
        )
        parts.append(f'<text x="{x + 17}" y="20">{way}</text>')
    for number, (name, found) in enumerate(rows):
        top = 40 + number * _ROW
        parts.append(
            f'<text x="{_LEFT - 10}" y="{top + 28}" text-anchor="end">{name}</text>'
        )
        for at, way in enumerate(WAYS):
            y, wide = top + at * (_BAR + 1), found[way] / 100 * _WIDE
            parts.append(
                f'<rect x="{_LEFT}" y="{y}" width="{wide:.0f}" height="{_BAR}" fill="{_COLOURS[way]}"/>'
                f'<text x="{_LEFT + wide + 4:.0f}" y="{y + 10}">{found[way]:.1f}</text>'
            )
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    measured = measure(
        Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"),
        load_embedder("bundled:e5"),
        load_embedder("bundled:minilm"),
    )
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(plot(measured), encoding="utf-8")
