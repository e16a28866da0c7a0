"""How soon a worker answers with one article that was just published, in a large shop, and what it embeds for that.

make bench-growth runs it on one thread of the matrix library a process, as the desk does.

.venv/bin/python -m tests.bench.publish_growth              about 100,000 passages
.venv/bin/python -m tests.bench.publish_growth --articles 1000
"""

from __future__ import annotations

# isort: off
from tests import databases  # must come first: it decides which SQLite is used
# isort: on

import argparse
import asyncio
import logging
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import batched, chain
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import structlog
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.database import Database
from api.settings import load_settings
from knowledge_base import articles, publish, vectors
from knowledge_base.calibration import shipped
from knowledge_base.content import from_row
from knowledge_base.embedding import EmbeddedAs, Embedder, Vectors, load_embedder
from knowledge_base.models import Article, IndexVersion, Revision
from knowledge_base.passages import passages_of
from knowledge_base.search import Searcher
from tests.bench import made_up
from tests.bench.publish_beside import Beside
from tests.running import ROOT

ARTICLES, TIMES = 10_000, 12
#: nine wordings and an answer
WORDINGS = 9
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
_ROWS = 500


class Counting:
    """A model that counts the texts it is given."""

    def __init__(self, embedder: Embedder) -> None:
        self.model_id, self.dim = embedder.model_id, embedder.dim
        self._embedder = embedder
        self.texts = 0

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors:
        self.texts += len(texts)
        return self._embedder.embed(texts, kind=kind)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One publish: seconds until its row stands, and until the worker answers with it."""

    written: float
    visible: float
    #: seconds until another process does
    beside: float
    #: texts that the worker embedded, by the main model and the English one
    embedded: tuple[int, int]


def content(
    writer: made_up.Writer, article: int, *, edition: int = 0
) -> dict[str, Any]:
    """Words of this article; every edition has others."""
    first = edition * (WORDINGS + 1)
    said = [writer.text(article, first + at) for at in range(WORDINGS + 1)]
    language = "zh-Hans" if article % 2 else "en"
    return {language: {"question": said[0], "variants": said[1:-1], "answer": said[-1]}}


async def fill(
    session: AsyncSession,
    writer: made_up.Writer,
    *,
    count: int,
    models: Sequence[Embedder],
) -> tuple[str, ...]:
    """A published shop of so many articles whose vectors are kept; says their ids."""
    names = [f"a-{at:05}" for at in range(count)]
    manifest: dict[str, str] = {}
    for some in batched(enumerate(names), _ROWS):
        rows = list(_rows(writer, some))
        await session.execute(insert(Article), [article for article, _ in rows])
        await session.execute(insert(Revision), [revision for _, revision in rows])
        manifest |= {one["article_id"]: str(one["id"]) for _, one in rows}
        texts = [
            passages_of(
                one["article_id"],
                revision_id=str(one["id"]),
                content=from_row(one["content"]),
            )
            for _, one in rows
        ]
        keys = [vectors.key(one) for one in chain(*texts)]
        made = made_up.vectors(len(keys), questions=1, seed=some[0][0] + 2).vectors
        for model in models:
            kept = dict(zip(keys, made, strict=True))
            await vectors.save(session, kept, model_id=model.model_id)
    session.add(IndexVersion(manifest=manifest, reason="publish", created_at=NOW))
    return tuple(names)


def _rows(
    writer: made_up.Writer, some: Sequence[tuple[int, str]]
) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    for at, name in some:
        revision: UUID = uuid4()
        yield (
            {
                "id": name,
                "topic": "returns",
                "status": "published",
                "published_revision_id": revision,
                "latest_revision_id": revision,
                "version": 1,
                "starter": False,
                "created_at": NOW,
                "updated_at": NOW,
            },
            {
                "id": revision,
                "article_id": name,
                "number": 1,
                "content": content(writer, at),
                "author": "bench",
                "note": "",
                "since": {},
                "created_at": NOW,
            },
        )


async def published(
    database: Database,
    worker: Searcher,
    writer: made_up.Writer,
    at: int,
    name: str,
    *,
    beside: Beside,
) -> Seen:
    """Write the article anew, publish it, and let both workers follow and answer."""
    words = content(writer, at, edition=1)
    async with database.writing() as session:
        await articles.revise(
            session, name, content=words, author="bench", expected_version=None, now=NOW
        )
    (language, wording), *_ = words.items()
    beside.expect(article=name, question=wording["question"], language=language)
    models = [worker.embedder, worker.english.embedder]
    before = [one.texts for one in models if isinstance(one, Counting)]
    begun = time.perf_counter()
    async with database.writing() as session:
        await publish.publish(session, name, now=NOW)
    written = time.perf_counter() - begun
    await worker.follow(database.reading, database.writing)
    visible = time.perf_counter() - begun
    after = [one.texts for one in models if isinstance(one, Counting)]
    hit = worker.search(wording["question"], language=language).hits[0]  # type: ignore[arg-type]
    assert hit.article_id == name, "the worker answers with another article"
    assert hit.matched_text == wording["question"], "the worker answers with old words"
    return Seen(
        written=written,
        visible=visible,
        beside=beside.answered() - begun,
        embedded=(after[0] - before[0], after[1] - before[1]),
    )


async def measured(
    folder: Path, *, count: int, times: int, models: tuple[Embedder, Embedder]
) -> list[Seen]:
    """A shop of so many articles, and so many of them published one after another."""
    counting, writer = [Counting(one) for one in models], made_up.Writer()
    settings = load_settings({"WARMLINE_VAR": str(folder)}, root=ROOT)
    databases.create_tables(f"sqlite:///{folder / 'warmline.db'}")
    database = Database(settings)
    async with database.writing() as session:
        names = await fill(session, writer, count=count, models=models)
    worker = Searcher(counting[0], english=counting[1], calibration=shipped())
    begun = time.perf_counter()
    await worker.follow(database.reading, database.writing)
    built = time.perf_counter() - begun
    size = worker._version.built.snapshot.shelves[0].size  # type: ignore[union-attr]
    print(f"{size:,} passages, first built in {built:.0f} s", flush=True)  # noqa: T201
    assert not any(one.texts for one in counting), "a kept vector was made again"
    chosen = np.linspace(0, count - 2, times).astype(int)
    beside = Beside(folder)
    found = [
        # one Chinese, one English, and so on
        await published(database, worker, writer, at, names[at], beside=beside)
        for at in (int(one) // 2 * 2 + turn % 2 for turn, one in enumerate(chosen))
    ]
    beside.close()
    await database.close()
    return found


def told(found: Sequence[Seen]) -> str:
    """The figures in two lines."""
    visible = [one.visible for one in found]
    beside = [one.beside for one in found]
    most = [max(one.embedded[at] for one in found) for at in (0, 1)]
    return (
        f"{len(found)} publishes: on the worker after {np.median(visible):.2f} s in the"
        f" middle, {max(visible):.2f} s at most (the row itself"
        f" {np.median([one.written for one in found]):.2f} s), on another process's"
        f" after {np.median(beside):.2f} s, {max(beside):.2f} s at most;"
        f" load {os.getloadavg()[0]:.1f}\n"
        f"texts embedded for one: {most[0]} at most by the main model, {most[1]} by the"
        " English one"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--times", type=int, default=TIMES)
    given = parser.parse_args()
    models = load_embedder("bundled:e5"), load_embedder("bundled:minilm")
    for model in models:
        model.embed(["hello"], kind="question")  # a worker has read its models long ago
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        found = asyncio.run(
            measured(
                Path(folder), count=given.articles, times=given.times, models=models
            )
        )
    print(told(found))  # noqa: T201


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    main()
