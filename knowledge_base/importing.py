"""What an import does to the articles: new ones are written, changed ones revised, equal ones left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import articles
from knowledge_base.content import as_json
from knowledge_base.file_articles import FileArticle


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The ids of what was done; importing the same file again leaves all unchanged."""

    created: tuple[str, ...]
    revised: tuple[str, ...]
    unchanged: tuple[str, ...]


async def preview(session: AsyncSession, found: Sequence[FileArticle]) -> Imported:
    """What `take_in` would do, without doing it."""
    known = {view.id: view for view in await articles.list_articles(session)}
    new = [one.id for one in found if one.id not in known]
    same = [
        one.id
        for one in found
        if one.id in known
        and known[one.id].topic == one.topic
        and known[one.id].content == one.content
    ]
    settled = {*new, *same}
    return Imported(
        created=tuple(new),
        revised=tuple(one.id for one in found if one.id not in settled),
        unchanged=tuple(same),
    )


async def take_in(
    session: AsyncSession, found: Sequence[FileArticle], *, author: str, now: datetime
) -> Imported:
    """Write the articles as drafts; the caller publishes those it wants."""
    done = await preview(session, found)
    created, revised = set(done.created), set(done.revised)
    for one in found:
        if one.id in created:
            await articles.create(
                session,
                article_id=one.id,
                topic=one.topic,
                content=as_json(one.content),
                author=author,
                note="Imported.",
                now=now,
            )
        elif one.id in revised:
            await articles.revise(
                session,
                one.id,
                content=as_json(one.content),
                topic=one.topic,
                author=author,
                note="Imported.",
                expected_version=None,
                now=now,
            )
    return done


async def everything(session: AsyncSession) -> list[FileArticle]:
    """All articles but the retired ones, with their newest words, for an export."""
    return [
        FileArticle(id=view.id, topic=view.topic, content=view.content)
        for view in await articles.list_articles(session)
        if view.status != "retired"
    ]
