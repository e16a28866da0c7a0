"""Figures of the knowledge base: how well it answers, and how fast it searches.

.venv/bin/python -m tests.bench.knowledge quality ../shared/data
.venv/bin/python -m tests.bench.knowledge fit
.venv/bin/python -m tests.bench.knowledge held-out
.venv/bin/python -m tests.bench.knowledge speed
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import structlog

from api.settings import load_settings
from knowledge_base import shipped_vectors, starter
from knowledge_base.calibration import SHIPPED, save
from knowledge_base.content import Content, Wording
from knowledge_base.embedding import (
    EmbeddedAs,
    Embedder,
    HashEmbedder,
    Vectors,
    load_embedder,
)
from knowledge_base.evaluation import evaluate_questions
from knowledge_base.fitting import fit_on
from knowledge_base.folding import digest
from knowledge_base.labelled import read_articles, read_lines, read_questions
from knowledge_base.languages import Language
from knowledge_base.publish import Published
from knowledge_base.search import Searcher, Sources
from tests.bench.public_sets import LabelledSet, public_sets
from tests.running import ROOT

ARTICLES, WORDINGS, SEARCHES = 1_000, 5, 400
HAN = (
    "退货运费发票尺码优惠券会员地址密码包装保修商品订单快递支付账户客服价格颜色材质时间"
)


class Remembering:
    """An embedder that reads every text once, and none that ships with a vector."""

    def __init__(self, embedder: Embedder) -> None:
        self.model_id, self.dim = embedder.model_id, embedder.dim
        self._embedder = embedder
        self._known = shipped_vectors.read().get(embedder.model_id, {})

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors:
        keys = [digest(text, kind=kind) for text in texts]
        fresh = {
            key: text
            for key, text in zip(keys, texts, strict=True)
            if key not in self._known
        }
        rows = self._embedder.embed(list(fresh.values()), kind=kind)
        self._known.update(zip(fresh, rows, strict=True))
        return np.array([self._known[key] for key in keys], np.float32).reshape(
            len(keys), self.dim
        )


def models() -> tuple[Embedder, Embedder]:
    """The shipped pair."""
    return (
        Remembering(load_embedder("bundled:e5")),
        Remembering(load_embedder("bundled:minilm")),
    )


def starter_set() -> LabelledSet:
    """The shop's own articles and the labelled questions that come with them."""
    articles = [
        {"id": one["id"], "language": language, **wording}
        for one in starter.load_starter()
        for language, wording in one["content"].items()
    ]
    questions = read_lines(starter.SHIPPED / "questions.jsonl")
    return LabelledSet("starter", articles, questions)


def quality(data: Path) -> None:
    """A line for every set: found first and among five, sure, right, silent."""
    embedder, english = models()
    print(  # noqa: T201
        f"{'set':38} {'n':>4}  r@1  r@5 | c@.90 c@.95 | cover  prec  ask  false |  ece"
        " auroc  fa95"
    )
    for one in [starter_set(), *(public_sets(data) if data.is_dir() else ())]:
        found = evaluate_questions(
            one.articles, one.questions, embedder, english=english
        )
        print(_line(one.name, found), flush=True)  # noqa: T201
    if not data.is_dir():
        print(f"{data} is not here: only the starter set was measured")  # noqa: T201


def fit() -> None:
    """Fit the calibration that comes with the project, on the starter set alone."""
    one = starter_set()
    embedder, english = models()
    found = fit_on(
        read_articles(one.articles),
        read_questions(one.questions),
        embedder,
        english=english,
    )
    save(found, SHIPPED)
    print(json.dumps(found.report, indent=2))  # noqa: T201


def held_out() -> None:
    """The starter articles asked what their authors never saw, at the shipped thresholds."""
    embedder, english = models()
    shipped = load_settings(root=ROOT).search_policy()
    lines = {
        name: read_lines(ROOT / "tests/data" / f"{name}.jsonl")
        for name in ("questions", "questions_more", "near_misses")
    }
    articles = starter_set().articles
    for name, asked in (*lines.items(), ("together", list(chain(*lines.values())))):
        found = evaluate_questions(
            articles, asked, embedder, english=english, policy=shipped
        )
        print(_line(name, found), flush=True)  # noqa: T201


def _line(name: str, found: dict[str, Any]) -> str:
    shipped, doubt = found["shipped"], found["abstain"]
    covered = found["coverage_at_precision"]
    return (
        f"{name:38} {found['n']:4} {_(found['recall_at_1'])} {_(found['recall_at_5'])}"
        f" | {_(covered['0.90'])} {_(covered['0.95'])} | {_(shipped['coverage'])}"
        f" {_(shipped['precision'])} {_(shipped['clarify_rate'])}"
        f" {_(shipped['false_answer_rate'])} | {_(found['expected_calibration_error'])}"
        f" {_(doubt['auroc'])} {_(doubt['false_accept_rate_at_95'])}"
    )


def _(share: float | None) -> str:
    return "    -" if share is None else f"{100 * share:5.1f}"


def speed() -> None:
    """Search without the embedding, at 1,000 articles in two languages."""
    chance = Random(3)  # noqa: S311  (repeatable on purpose)
    words = ["".join(chance.choices("abcdefghijklmnop", k=5)) for _ in range(800)]

    def chinese() -> str:
        return "".join(chance.choices(HAN, k=10))

    def english() -> str:
        return " ".join(chance.choices(words, k=8))

    writers: dict[Language, Callable[[], str]] = {"zh-Hans": chinese, "en": english}
    articles = tuple(
        Published(
            article_id=f"a-{number}",
            revision_id="r",
            content=Content(
                {
                    language: Wording(
                        question=text(),
                        variants=tuple(text() for _ in range(WORDINGS - 1)),
                        answer=text() * 5,
                    )
                    for language, text in writers.items()
                }
            ),
        )
        for number in range(ARTICLES)
    )
    searcher = Searcher(HashEmbedder(384))
    started = time.perf_counter()
    searcher.swap(Sources(version=1, articles=articles, vectors={}))
    built = time.perf_counter() - started
    took, worked = [], []
    for number in range(SEARCHES):
        text = (chinese, english)[number % 2]()
        vector = searcher.embedder.embed([text], kind="question")[0]
        language: Language = "en" if number % 2 else "zh-Hans"
        before = time.thread_time()
        found = searcher.search(text, language=language, vector=vector)
        worked.append((time.thread_time() - before) * 1000)
        took.append(found.took_ms)
    passages = ARTICLES * 2 * (WORDINGS + 1)
    print(  # noqa: T201
        f"{ARTICLES} articles, {passages} passages: built in {built:.1f} s, search"
        f" p50 {np.median(took):.2f} ms, p95 {np.percentile(took, 95):.2f} ms,"
        f" p50 of the processor's time {np.median(worked):.2f} ms"
    )


if __name__ == "__main__":
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    if sys.argv[1:2] == ["speed"]:
        speed()
    elif sys.argv[1:2] == ["fit"]:
        fit()
    elif sys.argv[1:2] == ["held-out"]:
        held_out()
    else:
        quality(Path(sys.argv[2] if len(sys.argv) > 2 else "../shared/data"))
