"""What shoppers ask that nothing answers, masked and counted until an editor closes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import uuid_utils
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.errors import NoSuchGap
from knowledge_base.folding import digest
from knowledge_base.languages import Language
from knowledge_base.masking import mask
from knowledge_base.models import Gap

GapKind = Literal["abstained", "not_helpful", "clarification_declined", "handed_over"]
ClosedHow = Literal["article_written", "variant_added", "not_ours"]
KINDS: tuple[GapKind, ...] = get_args(GapKind)
CLOSED_HOW: tuple[ClosedHow, ...] = get_args(ClosedHow)
#: enough to recognise a question; more is a story about somebody
_MOST_TEXT = 300


async def note_gap(
    session: AsyncSession,
    *,
    text: str,
    language: Language,
    kind: GapKind,
    nearest_article_id: str | None,
    now: datetime,
) -> None:
    """Keep the question masked; the same one again counts up.

    A gap closed by an article that is asked again was not closed: it reopens. One that
    is not ours stays closed.
    """
    masked = mask(text).strip()[:_MOST_TEXT]
    if not masked:
        return
    latest = {"kind": kind, "nearest_article_id": nearest_article_id, "last_at": now}
    await _count(session, masked, language=language, latest=latest)
    again = await session.scalar(
        select(Gap)
        .where(Gap.text_hash == digest(masked))
        .execution_options(populate_existing=True)
    )
    if again is not None and again.closed_how not in {None, "not_ours"}:
        again.closed_at = again.closed_how = None
        await session.flush()


async def _count(
    session: AsyncSession, masked: str, *, language: Language, latest: dict[str, Any]
) -> None:
    """Insert the question, or count it up: one statement, so that no asking is lost."""
    insert = (
        postgresql.insert
        if session.get_bind().dialect.name == "postgresql"
        else sqlite.insert
    )
    statement = insert(Gap).values(
        id=UUID(str(uuid_utils.uuid7())),
        text=masked,
        text_hash=digest(masked),
        language=language,
        times=1,
        first_at=latest["last_at"],
        **latest,
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["text_hash"], set_={"times": Gap.times + 1, **latest}
        )
    )


async def list_gaps(
    session: AsyncSession, *, closed: bool = False, limit: int = 200
) -> list[Gap]:
    """The gaps asked most often first, the newest first among equals."""
    which = Gap.closed_at.is_not(None) if closed else Gap.closed_at.is_(None)
    found = await session.scalars(
        select(Gap)
        .where(which)
        .order_by(Gap.times.desc(), Gap.last_at.desc(), Gap.id)
        .limit(limit)
    )
    return list(found)


async def close(
    session: AsyncSession, gap_id: UUID, *, how: ClosedHow, now: datetime
) -> Gap:
    """An editor dealt with it, this way; raises NoSuchGap."""
    gap = await session.get(Gap, gap_id)
    if gap is None:
        raise NoSuchGap
    gap.closed_at = now
    gap.closed_how = how
    await session.flush()
    return gap
