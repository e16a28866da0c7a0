"""Decides which of a person's sign-ins are shown to them, and how one is ended by its short name."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.models import StaffSession
from api.accounts.staff import IDLE
from api.errors import NotFound


def name_of(token_hash: str) -> str:
    """What a page may know of a session: enough to name it, nothing to open it with."""
    return hashlib.sha256(f"name:{token_hash}".encode()).hexdigest()[:24]


async def living(
    session: AsyncSession, staff_id: UUID, *, now: datetime
) -> list[StaffSession]:
    """Those that still open something, the last used first."""
    return list(
        await session.scalars(
            select(StaffSession)
            .where(
                StaffSession.staff_id == staff_id,
                StaffSession.expires_at > now,
                StaffSession.seen_at > now - IDLE,
            )
            .order_by(StaffSession.seen_at.desc())
        )
    )


async def end(
    session: AsyncSession, staff_id: UUID, name: str, *, now: datetime
) -> None:
    """End one of one's own; raises NotFound for a name that is no session of theirs."""
    for one in await living(session, staff_id, now=now):
        if name_of(one.token_hash) == name:
            await session.execute(
                delete(StaffSession).where(StaffSession.token_hash == one.token_hash)
            )
            return
    raise NotFound
