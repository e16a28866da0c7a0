"""Keeps the search index in step with the published rows, in this process and by hint in the others."""

from __future__ import annotations

from api.announce import ring
from api.desk import Desk
from api.realtime.rings import Ring


async def refresh_index(desk: Desk, *, tell: bool = True) -> int:
    """Follow the newest published version; embeds and builds with no session open."""
    async with desk.database.reading() as session:
        sources = await desk.searcher.read(session)
    if sources is None:
        return desk.searcher.version or 0
    version = await desk.searcher.build(sources)
    async with desk.database.writing() as session:
        await desk.searcher.save_vectors(session)
    if tell:
        ring(desk, Ring(kind="check"))
    return version
