"""Which texts need a vector: each is embedded once per model and kept as a row; a bad row is made anew."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import batched

import numpy as np
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.embedding import EmbeddedAs, Embedder, Vectors
from knowledge_base.folding import digest
from knowledge_base.inserting import insert_into
from knowledge_base.models import TextVector
from knowledge_base.passages import Passage

#: SQLite takes a limited number of values in one statement
_AT_ONCE = 500
_DTYPE = np.dtype("<f4")
_UNIT_WITHIN = 1e-3


def key(passage: Passage) -> str:
    """Under which the vector of a passage is kept."""
    return digest(passage.folded, kind=passage.embedded_as)


async def load(
    session: AsyncSession, keys: Collection[str], *, embedder: Embedder
) -> dict[str, Vectors]:
    """The kept vectors among `keys`; what cannot be a vector of this model is left out."""
    found: dict[str, Vectors] = {}
    for some in batched(sorted(keys), _AT_ONCE):
        # SQLite answers in the event loop: others have their turn between two pieces
        await asyncio.sleep(0)
        rows = await session.execute(
            select(TextVector.text_hash, TextVector.vector).where(
                TextVector.model_id == embedder.model_id,
                TextVector.text_hash.in_(some),
            )
        )
        for text_hash, raw in rows:
            vector = _read(raw, dim=embedder.dim)
            if vector is not None:
                found[text_hash] = vector
    return found


def _read(raw: bytes, *, dim: int) -> Vectors | None:
    if len(raw) != dim * _DTYPE.itemsize:
        return None
    vector = np.frombuffer(raw, dtype=_DTYPE).astype(np.float32)
    sound = np.isfinite(vector).all() and abs(float(vector @ vector) - 1) < _UNIT_WITHIN
    return vector if sound else None


async def save(
    session: AsyncSession, vectors: Mapping[str, Vectors], *, model_id: str
) -> None:
    """Keep these vectors, in place of whatever stood under their keys."""
    for some in batched(sorted(vectors), _AT_ONCE):
        rows = [
            {
                "model_id": model_id,
                "text_hash": one,
                "vector": vectors[one].astype(_DTYPE).tobytes(),
            }
            for one in some
        ]
        statement = insert_into(session, TextVector)
        await session.execute(
            statement.on_conflict_do_update(
                index_elements=["model_id", "text_hash"],
                set_={"vector": statement.excluded.vector},
            ),
            rows,
        )


def embed_missing(
    passages: Sequence[Passage],
    known: Mapping[str, Vectors],
    *,
    embedder: Embedder,
    keys: Sequence[str] | None = None,
) -> dict[str, Vectors]:
    """Vectors for the passages that have none, each text once."""
    fresh: dict[str, Vectors] = {}
    names = keys if keys is not None else [key(one) for one in passages]
    for kind, texts in _missing(passages, names, known):
        rows = embedder.embed(list(texts.values()), kind=kind)
        fresh.update(zip(texts, rows, strict=True))
    return fresh


def _missing(
    passages: Sequence[Passage], keys: Sequence[str], known: Mapping[str, Vectors]
) -> Iterator[tuple[EmbeddedAs, dict[str, str]]]:
    wanted: dict[EmbeddedAs, dict[str, str]] = {"question": {}, "answer": {}}
    for passage, text_key in zip(passages, keys, strict=True):
        if text_key not in known:
            wanted[passage.embedded_as][text_key] = passage.folded
    for kind, texts in wanted.items():
        if texts:
            yield kind, texts
