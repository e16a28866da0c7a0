"""What a version of the index is built from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.embedding import Vectors
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
