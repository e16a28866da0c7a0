"""Which policy was applied when, by whom and why; the newest revision holds, none is changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.errors import NoSuchPolicy, PolicyChanged
from handoff.policy_models import PolicyRevision

#: revision 0 is config.yml and has no row
START = 0


async def newest(session: AsyncSession) -> PolicyRevision | None:
    found: PolicyRevision | None = await session.scalar(
        select(PolicyRevision).order_by(PolicyRevision.number.desc()).limit(1)
    )
    return found


async def listed(session: AsyncSession, *, limit: int = 50) -> list[PolicyRevision]:
    """The revisions, the newest first."""
    return list(
        await session.scalars(
            select(PolicyRevision).order_by(PolicyRevision.number.desc()).limit(limit)
        )
    )


async def apply(
    session: AsyncSession,
    triggers: Mapping[str, Any] | None,
    *,
    seen: int,
    author_id: UUID,
    author: str,
    note: str,
    restores: int | None = None,
    now: datetime,
) -> PolicyRevision:
    """Add a revision on top of the one that was seen; PolicyChanged if it is not the newest."""
    number = await session.scalar(select(func.max(PolicyRevision.number))) or START
    if number != seen:
        raise PolicyChanged
    revision = PolicyRevision(
        number=number + 1,
        triggers=dict(triggers) if triggers is not None else None,
        author_id=author_id,
        author=author,
        note=note,
        restores=restores,
        at=now,
    )
    try:
        async with session.begin_nested():
            session.add(revision)
    except IntegrityError:
        raise PolicyChanged from None
    return revision


async def take_back(
    session: AsyncSession,
    number: int,
    *,
    seen: int,
    author_id: UUID,
    author: str,
    note: str,
    now: datetime,
) -> PolicyRevision:
    """Apply an earlier revision's values anew; 0 goes back to config.yml."""
    kept: dict[str, Any] | None = None
    if number != START:
        earlier = await session.scalar(
            select(PolicyRevision).where(PolicyRevision.number == number)
        )
        if earlier is None:
            raise NoSuchPolicy
        kept = earlier.triggers
    return await apply(
        session,
        kept,
        seen=seen,
        author_id=author_id,
        author=author,
        note=note,
        restores=number,
        now=now,
    )
