"""Computes the vectors that ship with the starter articles: `make vectors`, after an article or a bundled model has changed."""

from __future__ import annotations

from knowledge_base import labelled, shipped_vectors, starter
from knowledge_base.content import read_content
from knowledge_base.embedding import EmbeddedAs, Vectors, load_embedder
from knowledge_base.folding import digest, fold
from knowledge_base.languages import cloud
from knowledge_base.passages import passages_of


def starter_texts() -> dict[str, tuple[str, EmbeddedAs]]:
    """By key, every text of every starter article, and every labelled question that the gate asks."""
    found: dict[str, tuple[str, EmbeddedAs]] = {}
    for one in starter.load_starter():
        content = read_content(one["content"])
        for passage in passages_of(one["id"], revision_id="", content=content):
            kind = passage.embedded_as
            found[digest(passage.folded, kind=kind)] = passage.folded, kind
    for question in labelled.shipped():
        text = fold(question.text)
        found[digest(text, kind="question")] = text, "question"
    return found


def english_questions(
    texts: dict[str, tuple[str, EmbeddedAs]],
) -> dict[str, tuple[str, EmbeddedAs]]:
    """Those that the second model reads."""
    return {
        key: one
        for key, one in texts.items()
        if one[1] == "question" and cloud(one[0]) == "en"
    }


def main() -> None:
    """Embed all of them with both bundled models and write the file anew."""
    texts = starter_texts()
    shipped_vectors.write(
        {
            "bundled:e5": embedded("bundled:e5", texts),
            "bundled:minilm": embedded("bundled:minilm", english_questions(texts)),
        }
    )


def embedded(
    model_id: str, texts: dict[str, tuple[str, EmbeddedAs]]
) -> dict[str, Vectors]:
    """The vector of each."""
    embedder = load_embedder(model_id)
    found: dict[str, Vectors] = {}
    kinds: tuple[EmbeddedAs, ...] = ("question", "answer")
    for kind in kinds:
        some = {key: text for key, (text, own) in texts.items() if own == kind}
        if some:
            rows = embedder.embed(list(some.values()), kind=kind)
            found |= dict(zip(some, rows, strict=True))
    return found


if __name__ == "__main__":
    main()
