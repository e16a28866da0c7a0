"""What the ledger of allowances says: each request by its lines, and the sums given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from handoff.care_models import AllowanceEntry
from handoff.errors import NoSuchAllowance


@dataclass(frozen=True, kw_only=True)
class Request:
    """Where one request stands, read from its lines."""

    asked: AllowanceEntry
    decided: AllowanceEntry | None
    carried: AllowanceEntry | None

    @property
    def state(self) -> str:
        """Granted | waits | approved | refused | told | prepared | failed"""
        newest = self.carried or self.decided or self.asked
        return newest.outcome


async def get(session: AsyncSession, request_id: UUID) -> Request:
    """Return the request, or raise NoSuchAllowance."""
    found = await find(session, request_id)
    if found is None:
        raise NoSuchAllowance
    return found


async def find(session: AsyncSession, request_id: UUID) -> Request | None:
    found = await _requests(session, [request_id])
    return found[0] if found else None


async def of_conversation(
    session: AsyncSession, conversation_id: UUID
) -> list[Request]:
    """Return everything asked for in it, in order."""
    ids = await session.scalars(
        select(AllowanceEntry.request_id)
        .where(
            AllowanceEntry.conversation_id == conversation_id,
            AllowanceEntry.step == "asked",
        )
        .order_by(AllowanceEntry.at, AllowanceEntry.id)
    )
    return await _requests(session, list(ids))


async def waiting(session: AsyncSession, *, limit: int = 100) -> list[Request]:
    """Return what waits for a supervisor, the oldest first."""
    decided = aliased(AllowanceEntry)
    ids = await session.scalars(
        select(AllowanceEntry.request_id)
        .where(
            AllowanceEntry.step == "asked",
            AllowanceEntry.outcome == "waits",
            ~select(decided.id)
            .where(
                decided.request_id == AllowanceEntry.request_id,
                decided.step == "decided",
            )
            .exists(),
        )
        .order_by(AllowanceEntry.at, AllowanceEntry.id)
        .limit(limit)
    )
    return await _requests(session, list(ids))


async def not_carried(
    session: AsyncSession, *, before: datetime, limit: int = 20
) -> list[Request]:
    """Return what was given before then and what the shop was not told of yet."""
    carried = aliased(AllowanceEntry)
    ids = await session.scalars(
        select(AllowanceEntry.request_id)
        .where(
            AllowanceEntry.outcome.in_(("granted", "approved")),
            AllowanceEntry.at <= before,
            ~select(carried.id)
            .where(
                carried.request_id == AllowanceEntry.request_id,
                carried.step == "carried",
            )
            .exists(),
        )
        .order_by(AllowanceEntry.at)
        .limit(limit)
    )
    return await _requests(session, list(ids))


async def given_to_order(session: AsyncSession, order_number: str, *, kind: str) -> int:
    """Return how much of that kind the order got already, whoever gave it."""
    return await _sum(
        session,
        AllowanceEntry.order_number == order_number,
        AllowanceEntry.kind == kind,
    )


async def given_by(
    session: AsyncSession, agent_id: UUID, *, kind: str, since: datetime
) -> int:
    """Return how much of that kind this person gave since then without asking."""
    found = await session.scalar(
        select(func.coalesce(func.sum(AllowanceEntry.minor_units), 0)).where(
            AllowanceEntry.asked_by == agent_id,
            AllowanceEntry.kind == kind,
            AllowanceEntry.at >= since,
            AllowanceEntry.outcome == "granted",
        )
    )
    return int(found or 0)


async def _sum(session: AsyncSession, *which: Any) -> int:
    """Granted at once, or approved: each request stands in exactly one such line."""
    found = await session.scalar(
        select(func.coalesce(func.sum(AllowanceEntry.minor_units), 0)).where(
            *which, AllowanceEntry.outcome.in_(("granted", "approved"))
        )
    )
    return int(found or 0)


async def _requests(session: AsyncSession, ids: Sequence[UUID]) -> list[Request]:
    if not ids:
        return []
    rows = await session.scalars(
        select(AllowanceEntry).where(AllowanceEntry.request_id.in_(ids))
    )
    steps: dict[UUID, dict[str, AllowanceEntry]] = {}
    for row in rows:
        steps.setdefault(row.request_id, {})[row.step] = row
    return [
        Request(
            asked=steps[one]["asked"],
            decided=steps[one].get("decided"),
            carried=steps[one].get("carried"),
        )
        for one in ids
        if one in steps
    ]
