"""Keeps the search index in step with the published rows, in this process and by hint in the others."""

from __future__ import annotations

from functools import partial

import anyio.to_thread

from api.desk import Desk
from api.vectors import embed
from knowledge_base.languages import Language

#: one for each model that may have to be read from disk
_FIRST_QUESTIONS: tuple[tuple[str, Language], ...] = (
    ("你好", "zh-Hans"),
    ("hello", "en"),
)


async def refresh_index(desk: Desk) -> int:
    """Follow the newest published version; embeds and builds with no session open."""
    async with desk.database.reading() as session:
        sources = await desk.searcher.read(session)
    if sources is None:
        return desk.searcher.version or 0
    version = await desk.searcher.build(sources)
    async with desk.database.writing() as session:
        await desk.searcher.save_vectors(session)
    return version


async def load_index(desk: Desk) -> None:
    """Build the index and ask it once in each language, so that no shopper is the first."""
    await refresh_index(desk)
    for text, language in _FIRST_QUESTIONS:
        vector = await embed(desk.embedder, text)
        ask = partial(desk.searcher.search, text, language=language, vector=vector)
        await anyio.to_thread.run_sync(ask)
    desk.loaded.set()
