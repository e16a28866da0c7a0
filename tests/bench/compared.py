"""`python -m tests.bench.compared ../shared/data [--most N] [--write]`: the project beside other ways, one run, one machine.

Every way gets the same wordings and the same questions; the ones that search by vectors get
the same vectors. `--write` puts the tables and the plot into docs/knowledge-quality.md.
Without `.compare-venv` (`make bench-compare` makes it) Haystack is left out.
"""

from __future__ import annotations

import argparse
import logging
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import structlog

from knowledge_base.embedding import Embedder, Vectors, load_embedder
from knowledge_base.labelled import read_articles, read_questions
from knowledge_base.search import Searcher, Sources
from tests.bench import baselines, other_programs
from tests.bench.compared_text import Row, plot, tables, written_into
from tests.bench.knowledge import Remembering, starter_set
from tests.bench.public_sets import LabelledSet, public_sets, traditional
from tests.bench.sure_of import Answers, figures, threshold_for, with_threshold
from tests.running import ROOT

DOCUMENT = ROOT / "docs/knowledge-quality.md"
PLOT = ROOT / "docs/knowledge-quality.svg"


@dataclass(frozen=True)
class Models:
    main: Embedder
    english: Embedder


def sets(data: Path, *, most: int) -> Iterator[LabelledSet]:
    """One size of every set, `most` questions by lot: a network is trained for each."""
    starter = starter_set()
    yield _some(
        LabelledSet(
            "starter x2",
            [
                {**article, "variants": list(article.get("variants") or ())[:1]}
                for article in starter.articles
            ],
            starter.questions,
        ),
        most,
    )
    for one in public_sets(data) if data.is_dir() else ():
        if one.name.endswith(" x5"):
            yield _some(one, most)
        if one.name == "chitchat zh x5":
            yield traditional(_some(one, most))


def _some(one: LabelledSet, most: int) -> LabelledSet:
    chance = random.Random(1)  # noqa: S311  (repeatable on purpose)
    kept = chance.sample(one.questions, min(most, len(one.questions)))
    return replace(one, questions=kept)


def answers(one: LabelledSet, models: Models) -> dict[str, Answers]:
    held = baselines.wordings(one)
    questions = [line["text"] for line in one.questions]
    rows = models.main.embed(held.texts, kind="question")
    vectors, embedding = _embedded(models.main, questions)
    found = {
        "BM25": baselines.bm25(held, questions),
        "dense": _later(baselines.dense(held, rows, vectors), embedding),
    }
    found["Rasa"] = other_programs.rasa(held, questions)
    if other_programs.HAYSTACK.exists():
        joined = other_programs.haystack(held, questions, rows, vectors)
        found["Haystack"] = _later(joined, embedding)
    found["Warmline"] = _later(_own(one, models, vectors), embedding)
    return found


def _embedded(embedder: Embedder, questions: list[str]) -> tuple[Vectors, float]:
    """One at a time, as they come in a chat, and what one usually takes."""
    vectors, took = [], []
    for text in questions:
        started = time.perf_counter()
        vectors.append(embedder.embed([text], kind="question")[0])
        took.append(1000 * (time.perf_counter() - started))
    return np.array(vectors), float(np.median(took))


def _later(said: Answers, ms: float) -> Answers:
    return replace(said, ms=said.ms + ms)


def _own(one: LabelledSet, models: Models, vectors: Vectors) -> Answers:
    searcher = Searcher(models.main, english=models.english)
    sources = Sources(version=1, articles=read_articles(one.articles), vectors={})
    searcher.swap(sources)
    articles, scores, took = [], [], []
    for asked, vector in zip(read_questions(one.questions), vectors, strict=True):
        started = time.perf_counter()
        found = searcher.search(asked.text, language=asked.language, vector=vector)
        took.append(1000 * (time.perf_counter() - started))
        first = searcher.rank(asked.text, vector=vector, most=1)
        articles.append(first[0] if first else None)
        scores.append(found.probability)
    return Answers(articles, scores, float(np.median(took)))


def measure(data: Path, *, most: int, write: bool) -> list[Row]:
    """Written after every set, as a run takes half an hour."""
    main = load_embedder("bundled:e5")
    rows: list[Row] = []
    thresholds: Mapping[str, float] = {}
    for one in sets(data, most=most):
        # a text that is asked must cost its reading: only articles are remembered
        models = Models(main, Remembering(load_embedder("bundled:minilm")))
        said = answers(one, models)
        if not thresholds:
            thresholds = {
                way: threshold_for(each, one.questions) for way, each in said.items()
            }
        rows.append(
            Row(
                one.name,
                {way: figures(each, one.questions) for way, each in said.items()},
                {
                    way: with_threshold(each, one.questions, thresholds[way])
                    for way, each in said.items()
                },
            )
        )
        if write:
            text = DOCUMENT.read_text("utf-8")
            DOCUMENT.write_text(written_into(text, tables(rows)), "utf-8")
            PLOT.write_text(plot(rows), "utf-8")
        shown = {
            way: tuple(v if v is None else round(v, 1) for v in of.values())
            for way, of in rows[-1].figures.items()
        }
        print(one.name, shown, flush=True)  # noqa: T201
    return rows


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    wanted = argparse.ArgumentParser()
    wanted.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"))
    wanted.add_argument("--most", type=int, default=150)
    wanted.add_argument("--write", action="store_true")
    told = wanted.parse_args()
    print(tables(measure(told.data, most=told.most, write=told.write)))  # noqa: T201
