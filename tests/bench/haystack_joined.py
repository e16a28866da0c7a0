"""`.compare-venv/bin/python tests/bench/haystack_joined.py FOLDER`: what Haystack's own components answer.

Reads `asked.json` and the vectors beside it, writes `answered.json`. Its BM25 and embedding
retrievers with their defaults, joined by reciprocal rank, in a pipeline as its guide to
hybrid retrieval builds one; the vectors are ready, so no model is loaded. Runs in an
environment of its own (`tests/bench/compare.txt`).
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore


def joined(store: InMemoryDocumentStore) -> Pipeline:
    pipeline = Pipeline()
    pipeline.add_component("words", InMemoryBM25Retriever(store))
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("join", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("words", "join")
    pipeline.connect("dense", "join")
    return pipeline


def main(folder: Path) -> None:
    asked = json.loads((folder / "asked.json").read_text("utf-8"))
    rows = np.load(folder / "rows.npy", allow_pickle=False)
    vectors = np.load(folder / "vectors.npy", allow_pickle=False).tolist()
    store = InMemoryDocumentStore(embedding_similarity_function="cosine")
    store.write_documents(
        [
            # the number parts equal wordings of two articles
            Document(
                id=str(number), content=text, meta={"article": owner}, embedding=row
            )
            for number, (text, owner, row) in enumerate(
                zip(asked["texts"], asked["owners"], rows.tolist(), strict=True)
            )
        ]
    )
    pipeline = joined(store)
    articles, scores, took = [], [], []
    for text, vector in zip(asked["questions"], vectors, strict=True):
        started = time.perf_counter()
        found = pipeline.run(
            {"words": {"query": text}, "dense": {"query_embedding": vector}}
        )["join"]["documents"]
        took.append(1000 * (time.perf_counter() - started))
        articles.append(found[0].meta["article"] if found else None)
        scores.append(float(found[0].score) if found else 0.0)
    answered = {"articles": articles, "scores": scores, "ms": statistics.median(took)}
    (folder / "answered.json").write_text(json.dumps(answered), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
