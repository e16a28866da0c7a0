"""What an import does to the articles: new ones are written, changed ones revised, equal ones left alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from uuid import UUID

import uuid_utils
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import articles
from knowledge_base.articles import ArticleView
from knowledge_base.content import as_json
from knowledge_base.file_articles import FileArticle
from knowledge_base.languages import Language
from knowledge_base.models import Article, Revision
from knowledge_base.staleness import changed_in

#: so many rows go to the database at once; between two lots others are let in
_LOT = 250
_NOTE = "Imported."


@dataclass(frozen=True, kw_only=True)
class Imported:
    """The ids of what was done; importing the same file again leaves all unchanged."""

    created: tuple[str, ...]
    revised: tuple[str, ...]
    unchanged: tuple[str, ...]
    #: languages that an article has and the file has not: they would go
    dropped: Mapping[str, tuple[Language, ...]] = field(default_factory=dict)


async def preview(session: AsyncSession, found: Sequence[FileArticle]) -> Imported:
    """What `take_in` would do, without doing it."""
    known = {view.id: view for view in await articles.list_articles(session)}
    new = [one.id for one in found if one.id not in known]
    same = [one.id for one in found if one.id in known and _is_same(known[one.id], one)]
    settled = {*new, *same}
    changed = [one for one in found if one.id not in settled]
    return Imported(
        created=tuple(new),
        revised=tuple(one.id for one in changed),
        unchanged=tuple(same),
        dropped={
            one.id: gone for one in changed if (gone := _only_here(known[one.id], one))
        },
    )


def _only_here(view: ArticleView, one: FileArticle) -> tuple[Language, ...]:
    return tuple(code for code in view.content if code not in one.content)


def _is_same(view: ArticleView, one: FileArticle) -> bool:
    return view.topic == one.topic and view.content == one.content


async def take_in(
    session: AsyncSession, found: Sequence[FileArticle], *, author: str, now: datetime
) -> Imported:
    """Write the articles as drafts; the caller publishes those it wants."""
    done = await preview(session, found)
    by_id = {one.id: one for one in found}
    for lot in batched(done.created, _LOT):
        await _create(session, [by_id[each] for each in lot], author=author, now=now)
        await asyncio.sleep(0)
    for each in done.revised:
        await articles.revise(
            session,
            each,
            content=as_json(by_id[each].content),
            topic=by_id[each].topic,
            author=author,
            note=_NOTE,
            expected_version=None,
            now=now,
        )
        await asyncio.sleep(0)
    return done


async def _create(
    session: AsyncSession, new: Sequence[FileArticle], *, author: str, now: datetime
) -> None:
    """What `articles.create` does, for many that were checked and are known to be new."""
    ids = [UUID(str(uuid_utils.uuid7())) for _ in new]
    await session.execute(
        insert(Article),
        [
            {
                "id": one.id,
                "topic": one.topic,
                "status": "draft",
                "version": 1,
                "starter": False,
                "latest_revision_id": revision_id,
                "created_at": now,
                "updated_at": now,
            }
            for one, revision_id in zip(new, ids, strict=True)
        ],
    )
    await session.execute(
        insert(Revision),
        [
            {
                "id": revision_id,
                "article_id": one.id,
                "number": 1,
                "content": as_json(one.content),
                "author": author,
                "note": _NOTE,
                "since": changed_in(None, one.content, number=1, confirmed=()),
                "created_at": now,
            }
            for one, revision_id in zip(new, ids, strict=True)
        ],
    )


async def everything(
    session: AsyncSession,
    *,
    status: str | None = None,
    topic: str | None = None,
    text: str | None = None,
) -> list[FileArticle]:
    """The articles with their newest words, for an export; retired ones only if asked for."""
    found = await articles.list_articles(session, status=status, topic=topic, text=text)
    return [
        FileArticle(id=view.id, topic=view.topic, content=view.content)
        for view in found
        if status == "retired" or view.status != "retired"
    ]
