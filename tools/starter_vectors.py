"""Computes the vectors that ship with the starter articles: `make vectors`, after an article or a bundled model has changed."""

from __future__ import annotations

from knowledge_base import shipped_vectors, starter, vectors
from knowledge_base.content import read_content
from knowledge_base.embedding import load_embedder
from knowledge_base.passages import Passage, passages_of
from knowledge_base.second_model import SecondModel


def starter_passages() -> list[Passage]:
    """Every text of every starter article."""
    return [
        passage
        for one in starter.load_starter()
        for passage in passages_of(
            one["id"], revision_id="", content=read_content(one["content"])
        )
    ]


def main() -> None:
    """Embed all of them with both bundled models and write the file anew."""
    passages = starter_passages()
    keys = list(map(vectors.key, passages))
    default, english = load_embedder("bundled:e5"), load_embedder("bundled:minilm")
    rows = vectors.embed_missing(passages, {}, embedder=default, keys=keys)
    seconds = SecondModel(english).rows(passages, keys)
    assert seconds is not None  # noqa: S101 - there is a second model
    read = {key: row for key, row in zip(keys, seconds, strict=True) if row.any()}
    shipped_vectors.write({default.model_id: rows, english.model_id: read})


if __name__ == "__main__":
    main()
