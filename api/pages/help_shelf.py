"""Decides which articles stand on the public help pages, and what a search there finds.

The list is read from the rows once for each published version; the words come from the
same searcher that answers in the chat, so that both always say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import anyio.to_thread
from fastapi import Request
from sqlalchemy import select

from api.desk import Desk
from api.markdown import to_text
from api.settings import Language
from knowledge_base.content import from_row
from knowledge_base.folding import fold
from knowledge_base.models import Article, Revision
from knowledge_base.results import Outcome
from knowledge_base.search import AnswerText

MOST_FOUND = 10
DESCRIPTION = 155
#: articles whose validity begins or ends change the pages without a new version
_FRESH_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Shelved:
    """A published article, and in which languages somebody reads it as their own."""

    id: str
    topic: str
    languages: tuple[Language, ...]
    published_at: datetime


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a search on the help page shows."""

    articles: tuple[AnswerText, ...]
    #: the bot would answer with the first, or ask which was meant
    is_sure: bool


async def shelf(request: Request) -> tuple[Shelved, ...]:
    """Every published article; read again when another version is published."""
    state = request.app.state
    desk = cast(Desk, state.desk)
    version = desk.searcher.version
    kept: tuple[int | None, tuple[Shelved, ...]] | None
    kept = getattr(state, "help_shelf", None)
    if kept is None or kept[0] != version:
        kept = (version, await _read(desk))
        state.help_shelf = kept
    return kept[1]


async def _read(desk: Desk) -> tuple[Shelved, ...]:
    async with desk.database.reading() as session:
        rows = await session.execute(
            select(Article.id, Article.topic, Revision.content, Revision.created_at)
            .join(Revision, Revision.id == Article.published_revision_id)
            .where(Article.status == "published")
            .order_by(Article.id)
        )
        return tuple(
            Shelved(
                id=article_id,
                topic=topic,
                languages=_read_in(tuple(from_row(content))),
                published_at=written_at,
            )
            for article_id, topic, content, written_at in rows
        )


def _read_in(written: tuple[Language, ...]) -> tuple[Language, ...]:
    """Traditional is made from Simplified where nobody wrote it."""
    if "zh-Hans" in written and "zh-Hant" not in written:
        return (*written, "zh-Hant")
    return written


async def titles(request: Request, language: Language) -> dict[str, str]:
    """What each article that may be read now is called, by id; made once a minute at most."""
    state = request.app.state
    desk = cast(Desk, state.desk)
    on_shelf = await shelf(request)
    minute = int(desk.clock().timestamp()) // _FRESH_SECONDS
    key = (desk.searcher.version, language, minute)
    kept = getattr(state, "help_titles", {})
    if key not in kept:
        named = await anyio.to_thread.run_sync(
            lambda: _titles(desk, on_shelf, language)
        )
        # the other languages of this minute stay, older ones go
        kept = {one: kept[one] for one in kept if one[::2] == key[::2]} | {key: named}
        state.help_titles = kept
    return cast(dict[str, str], kept[key])


def _titles(
    desk: Desk, on_shelf: Sequence[Shelved], language: Language
) -> dict[str, str]:
    words = (desk.searcher.answer(one.id, language=language) for one in on_shelf)
    return {one.article_id: one.title for one in words if one is not None}


async def look_up(request: Request, asked: str, language: Language) -> Found:
    """The articles for a question: what the bot would find, then titles with these words."""
    desk = cast(Desk, request.app.state.desk)
    named = await titles(request, language)
    found = await anyio.to_thread.run_sync(
        lambda: desk.searcher.search(asked, language=language, limit=MOST_FOUND)
    )
    folded = fold(asked)
    ids = [hit.article_id for hit in found.hits if hit.article_id in named]
    ids += [one for one, title in named.items() if folded and folded in fold(title)]
    words = (
        desk.searcher.answer(one, language=language)
        for one in list(dict.fromkeys(ids))[:MOST_FOUND]
    )
    return Found(
        articles=tuple(one for one in words if one is not None),
        is_sure=found.outcome != Outcome.ABSTAIN,
    )


def excerpt(markdown: str, *, most: int = DESCRIPTION) -> str:
    """The beginning of an answer as one line of plain words."""
    text = " ".join(to_text(markdown).split())
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
