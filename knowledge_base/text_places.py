"""Where texts lie to one another: their vectors, each computed once, without what is common to a language."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import numpy as np

from knowledge_base import vectors as vector_rows
from knowledge_base.centring import centres_of
from knowledge_base.embedding import Embedder, Vectors
from knowledge_base.folding import digest, fold
from knowledge_base.languages import Cloud, cloud
from knowledge_base.search import OpenSession


async def vectors_of(
    texts: Sequence[str],
    *,
    embedder: Embedder,
    reading: OpenSession,
    writing: OpenSession,
) -> Vectors:
    """One unit row a text; what has none yet is embedded with no transaction open."""
    keys = [digest(fold(text), kind="question") for text in texts]
    if not keys:
        return np.empty((0, embedder.dim), np.float32)
    async with reading() as session:
        known = await vector_rows.load(session, set(keys), embedder=embedder)
    missing = {
        key: fold(text)
        for key, text in zip(keys, texts, strict=True)
        if key not in known
    }
    if missing:
        rows = await asyncio.to_thread(
            embedder.embed, list(missing.values()), kind="question"
        )
        fresh = dict(zip(missing, rows, strict=True))
        async with writing() as session:
            await vector_rows.save(session, fresh, model_id=embedder.model_id)
        known |= fresh
    return np.stack([known[key] for key in keys])


def centred(
    texts: Sequence[str], vectors: Vectors, *, means: Mapping[Cloud, Vectors]
) -> Vectors:
    """The rows without the mean of their language: then languages can be compared.

    `means` are those of many questions, for when these are few.
    """
    clouds = [cloud(fold(text)) for text in texts]
    return centres_of(vectors, clouds, prior=means).centred(vectors, clouds)
