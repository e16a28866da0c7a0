"""What a version of the index is built from, and which texts of it need a vector."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import vectors as vector_rows
from knowledge_base.embedding import Vectors
from knowledge_base.passages import Passage, passages_of
from knowledge_base.publish import Published

#: how a session is opened and closed again: `Database.reading` and `Database.writing`
OpenSession = Callable[[], AbstractAsyncContextManager[AsyncSession]]


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything one version is built from, read from the rows."""

    version: int
    articles: tuple[Published, ...]
    #: vectors kept from earlier, by their key
    vectors: Mapping[str, Vectors]


def passages_in(articles: Sequence[Published]) -> list[Passage]:
    """Every text under which one of the articles can be found."""
    return [
        passage
        for article in articles
        for passage in passages_of(
            article.article_id,
            revision_id=article.revision_id,
            content=article.content,
        )
    ]


def vector_keys(articles: Sequence[Published]) -> set[str]:
    """Under which the vectors of these articles are kept."""
    return {vector_rows.key(passage) for passage in passages_in(articles)}
