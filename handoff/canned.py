"""Which ready replies the shop and each agent have changed, added or taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.care_models import CannedReply
from handoff.models import new_id
from handoff.rows import insert_into

#: the owner of what the whole shop uses
SHOP = ""


async def changed(session: AsyncSession, *owners: str) -> list[CannedReply]:
    """Return every row of these owners, also those that only take a starter away."""
    return list(
        await session.scalars(
            select(CannedReply)
            .where(CannedReply.owner.in_(owners))
            .order_by(CannedReply.owner, CannedReply.shortcut)
        )
    )


async def put(
    session: AsyncSession,
    *,
    owner: str,
    shortcut: str,
    title: str,
    texts: Mapping[str, str],
    by: UUID,
    is_removed: bool = False,
    now: datetime,
) -> None:
    """Write it under this shortcut, whatever stood there before; the last one counts."""
    values = {
        "title": title,
        "texts": dict(texts),
        "is_removed": is_removed,
        "updated_by": by,
        "updated_at": now,
    }
    await session.execute(
        insert_into(session, CannedReply)
        .values(id=new_id(), owner=owner, shortcut=shortcut, **values)
        .on_conflict_do_update(index_elements=["owner", "shortcut"], set_=values)
    )
