"""Decides which texts the publish gate embeds: each once, a few at a time, and kept as rows for every process."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from itertools import batched, islice

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import vectors as vector_rows
from knowledge_base.embedding import Embedder, Vectors
from knowledge_base.sources import OpenSession

#: texts that are embedded between two looks at who else wants the processor
_AT_ONCE = 32

#: the texts whose vectors are needed: {key: (text, is an answer)}
Wanted = dict[str, tuple[str, bool]]


@dataclass(frozen=True, kw_only=True)
class Need:
    """What one model has to have embedded, and what it has."""

    embedder: Embedder
    wanted: Wanted
    known: dict[str, Vectors]

    @property
    def is_met(self) -> bool:
        return all(key in self.known for key in self.wanted)

    def missing(self, most: int | None = None) -> Need:
        """The same for what it has not; at most so many texts."""
        absent = (one for one in self.wanted.items() if one[0] not in self.known)
        return replace(self, wanted=dict(islice(absent, most)))


async def read(session: AsyncSession, need: Need) -> None:
    """Add what rows hold of the wanted."""
    missing = need.missing().wanted
    need.known.update(await vector_rows.load(session, missing, embedder=need.embedder))


async def embed(writing: OpenSession, need: Need) -> None:
    """Embed what is still missing, keep it, and add it."""
    fresh = await asyncio.to_thread(_embedded, need.missing())
    if fresh:
        need.known.update(fresh)
        async with writing() as session:
            await vector_rows.save(session, fresh, model_id=need.embedder.model_id)


def _embedded(need: Need) -> dict[str, Vectors]:
    fresh: dict[str, Vectors] = {}
    for is_answer in (False, True):
        texts = [
            (key, text)
            for key, (text, kind) in need.wanted.items()
            if kind == is_answer
        ]
        for some in batched(texts, _AT_ONCE):
            rows = need.embedder.embed(
                [text for _, text in some], kind="answer" if is_answer else "question"
            )
            fresh |= {key: row for (key, _), row in zip(some, rows, strict=True)}
    return fresh
