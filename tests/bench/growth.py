"""How searching grows with the shop: made-up passages from a thousand to a million.

.venv/bin/python -m tests.bench.growth                      up to 100,000
.venv/bin/python -m tests.bench.growth --sizes 1000000 --keep growth.json
.venv/bin/python -m tests.bench.growth --sizes --keep growth.json --draw docs/growth.svg
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import structlog
from numpy.typing import NDArray

from knowledge_base.channel import Channel
from knowledge_base.languages import cloud
from knowledge_base.passages import Passage
from knowledge_base.snapshot import build
from tests.bench import made_up
from tests.bench.growth_curve import drawn

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
QUESTIONS, WARM, TOP = 300, 20, 10
#: rows compared at a time for the exact answer
_AT_ONCE = 50_000

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]


class Times(NamedTuple):
    """The middle and the nineteenth of twenty, in milliseconds."""

    p50: float
    p95: float
    #: the middle of the processor's time: on a busy machine the rest is waiting
    worked: float

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} ({self.worked:.2f})"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What was measured at one size; times in milliseconds, the embedding not counted."""

    passages: int
    #: the nearest wordings alone
    dense: Times
    #: shared words alone
    words: Times
    #: the whole search: both channels, the head, the ranking
    both: Times
    #: of the ten nearest by exact comparison, the share that is found
    recall: float
    dense_bytes: float
    words_bytes: float
    build_s: float
    peak_gb: float
    load: float

    @property
    def bytes_each(self) -> float:
        """What a passage takes in the two channels."""
        return self.dense_bytes + self.words_bytes

    def missed(self) -> list[str]:
        """The wishes of this size that were not met."""
        wishes = {
            "both <= 2 ms": self.passages <= 10_000 and self.both.p50 > 2,
            "both <= 8 ms": self.both.p50 > 8,
            "dense <= 2 ms": self.dense.p50 > 2,
            "recall >= 0.98": self.recall < 0.98,
            "<= 1200 bytes": self.passages >= 1_000_000 and self.bytes_each > 1_200,
        }
        return [wish for wish, is_missed in wishes.items() if is_missed]


def measured(size: int, *, questions: int = QUESTIONS) -> Row:
    """Build a shop of this size as the product does, and ask it."""
    made = made_up.vectors(size, questions=questions)
    writer = made_up.Writer()
    passages = list(writer.passages(size))
    # beyond the wordings that are kept: what shoppers ask stands in no article
    texts = [
        writer.text(int(article), made_up.WORDINGS + at)
        for at, article in enumerate(made.asked)
    ]
    before = time.perf_counter()
    snapshot = build(passages, made.vectors, prior={})
    built = time.perf_counter() - before
    channel = snapshot.shelves[0].asked
    centred = channel.centres.centred(made.questions, [cloud(one) for one in texts])
    dense = timed(lambda at: channel.index.nearest(centred[at], most=TOP), len(centred))
    words = timed(lambda at: channel.words.score(texts[at]), len(texts))
    both = timed(
        lambda at: snapshot.rank(texts[at], made.questions[at], most=5), len(texts)
    )
    found = [channel.index.nearest(one, most=TOP).rows for one in centred]
    stored = _stored(channel, made.vectors, passages)
    return Row(
        passages=size,
        dense=dense,
        words=words,
        both=both,
        recall=recall(found, exact(stored, centred, most=TOP)),
        dense_bytes=channel.index.bytes / size,
        words_bytes=channel.words.bytes / size,
        build_s=built,
        peak_gb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        load=os.getloadavg()[0],
    )


def timed(ask: Callable[[int], object], count: int) -> Times:
    """How long each of so many took; the first ones are asked twice, to warm up."""
    for at in range(min(WARM, count)):
        ask(at)
    took, worked = [], []
    for at in range(count):
        before = time.perf_counter(), time.thread_time()
        ask(at)
        took.append((time.perf_counter() - before[0]) * 1000)
        worked.append((time.thread_time() - before[1]) * 1000)
    return Times(
        p50=float(np.percentile(took, 50)),
        p95=float(np.percentile(took, 95)),
        worked=float(np.percentile(worked, 50)),
    )


def exact(stored: Iterable[Floats], asked: Floats, *, most: int) -> list[Rows]:
    """The nearest rows of each question, every one compared in single precision."""
    scores = np.empty((len(asked), 0), np.float32)
    rows = np.empty((len(asked), 0), np.intp)
    start = 0
    for part in stored:
        here = np.arange(start, start + len(part))
        scores = np.hstack([scores, asked @ part.T])
        rows = np.hstack([rows, np.broadcast_to(here, (len(asked), len(part)))])
        best = np.argsort(-scores, axis=1, kind="stable")[:, :most]
        scores = np.take_along_axis(scores, best, axis=1)
        rows = np.take_along_axis(rows, best, axis=1)
        start += len(part)
    return list(rows)


def recall(found: Sequence[Rows], wanted: Sequence[Rows]) -> float:
    """The share of the wanted rows that were found."""
    met = sum(
        len(set(one.tolist()) & set(right.tolist()))
        for one, right in zip(found, wanted, strict=True)
    )
    return met / max(1, sum(map(len, wanted)))


def _stored(
    channel: Channel, vectors: Floats, passages: Sequence[Passage]
) -> Iterator[Floats]:
    """The rows as the channel holds them, but in single precision."""
    for start in range(0, len(vectors), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        clouds = [cloud(one.folded) for one in passages[some]]
        yield channel.centres.centred(vectors[some], clouds)


def table(rows: Sequence[Row]) -> str:
    """The rows as they stand in the documents."""
    lines = [
        "| passages | both, p50 / p95 (processor) ms | dense | words | recall@10"
        " | bytes a passage (dense + words) | built in | load | missed |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.passages:,} | {one.both} | {one.dense} | {one.words} | {one.recall:.3f}"
        f" | {one.bytes_each:,.0f} ({one.dense_bytes:,.0f} + {one.words_bytes:,.0f})"
        f" | {one.build_s:,.0f} s | {one.load:.1f} | {', '.join(one.missed()) or '-'} |"
        for one in rows
    ]
    return "\n".join(lines)


def together(kept: Sequence[Row], fresh: Sequence[Row]) -> list[Row]:
    """Earlier rows and new ones by size; of one size the new one counts."""
    found = {one.passages: one for one in (*kept, *fresh)}
    return [found[size] for size in sorted(found)]


def read(kept: Mapping[str, Any]) -> Row:
    """A row as it was kept."""
    times = {name: Times(*kept[name]) for name in ("dense", "words", "both")}
    return Row(**{**kept, **times})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--keep", type=Path, help="a file that collects the rows")
    parser.add_argument("--draw", type=Path, help="where the curve goes (SVG)")
    given = parser.parse_args()
    rows: list[Row] = []
    if given.keep and given.keep.exists():
        rows = [read(one) for one in json.loads(given.keep.read_text("utf-8"))]
    for size in given.sizes:
        rows = together(rows, [measured(size)])
        print(f"{size:,} measured", flush=True)  # noqa: T201
        if given.keep:
            told = json.dumps([asdict(one) for one in rows], indent=1)
            given.keep.write_text(told + "\n", "utf-8")
    print(table(rows))  # noqa: T201
    if given.draw:
        given.draw.write_text(drawn(rows), "utf-8")


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    main()
