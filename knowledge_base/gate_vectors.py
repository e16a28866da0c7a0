"""Decides which texts the publish gate embeds: each once, a few at a time, and kept as rows for every process."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import vectors as vector_rows
from knowledge_base.embedding import Embedder, Vectors
from knowledge_base.sources import OpenSession

#: texts that are embedded between two looks at who else wants the processor
_AT_ONCE = 32

#: the texts whose vectors are needed: {key: (text, is an answer)}
Wanted = dict[str, tuple[str, bool]]


async def read(
    session: AsyncSession,
    wanted: Wanted,
    known: dict[str, Vectors],
    embedder: Embedder,
) -> None:
    """Add to `known` what rows hold of the wanted."""
    missing = [key for key in wanted if key not in known]
    known |= await vector_rows.load(session, missing, embedder=embedder)


async def embed(
    writing: OpenSession,
    wanted: Wanted,
    known: dict[str, Vectors],
    embedder: Embedder,
) -> None:
    """Embed what is still missing of the wanted, keep it, and add it to `known`."""
    fresh = await asyncio.to_thread(_embedded, wanted, known, embedder)
    known |= fresh
    if fresh:
        async with writing() as session:
            await vector_rows.save(session, fresh, model_id=embedder.model_id)


def _embedded(
    wanted: Wanted, known: Mapping[str, Vectors], embedder: Embedder
) -> dict[str, Vectors]:
    fresh: dict[str, Vectors] = {}
    for is_answer in (False, True):
        texts = [
            (key, text)
            for key, (text, kind) in wanted.items()
            if kind == is_answer and key not in known
        ]
        for start in range(0, len(texts), _AT_ONCE):
            some = texts[start : start + _AT_ONCE]
            rows = embedder.embed(
                [text for _, text in some], kind="answer" if is_answer else "question"
            )
            fresh |= {key: row for (key, _), row in zip(some, rows, strict=True)}
    return fresh
