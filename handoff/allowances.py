"""Who may give a shopper how much: within limits at once, above them when a supervisor agrees.

The ledger is append-only: a request is a line `asked`, a line `decided` if it had to be
asked for, and a line `carried`. Its id is made from the conversation and the asker's own
key, and each line of a request exists once, so nothing is ever given twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.care_models import AllowanceEntry
from handoff.errors import AllowanceDecided, IdConflict, OwnAllowance
from handoff.ledger import Request, find, get, given_by, given_to_order
from handoff.models import new_id
from handoff.rows import insert_into

NAMES = UUID("6d1b0c4e-5a0f-4bb5-9d0e-3f6f6f0a4c11")
#: any number of processes may give at once; the sums are looked at by one at a time
LOCK_KEY = 7_290_118
KINDS = ("coupon", "compensation", "refund")


@dataclass(frozen=True, kw_only=True)
class Limit:
    """The most that is given without asking, in hundredths: an order, and one person a day."""

    order: int
    day: int


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to give."""

    conversation_id: UUID
    order_number: str
    kind: str
    minor_units: int
    currency: str
    reason: str


def request_id_of(conversation_id: UUID, key: str) -> UUID:
    return uuid5(NAMES, f"{conversation_id}:{key}")


async def ask(
    session: AsyncSession,
    wish: Wish,
    *,
    key: str,
    asked_by: UUID,
    limits: Mapping[str, Limit],
    currency: str,
    day_began: datetime,
    now: datetime,
) -> Request:
    """Note the wish: granted within the limits, else waiting for a supervisor.

    The same key gives the first request back; with another content it is IdConflict.
    """
    await _one_at_a_time(session)
    request_id = request_id_of(wish.conversation_id, key)
    known = await find(session, request_id)
    if known is not None:
        _same(known.asked, wish)
        return known
    entry = _asked(wish, request_id, asked_by=asked_by, now=now)
    limit = limits.get(wish.kind, Limit(order=0, day=0))
    order = await given_to_order(session, wish.order_number, kind=wish.kind)
    day = await given_by(session, asked_by, kind=wish.kind, since=day_began)
    is_within = (
        wish.currency == currency
        and order + wish.minor_units <= limit.order
        and day + wish.minor_units <= limit.day
    )
    entry.outcome = "granted" if is_within else "waits"
    entry.data = {"given_to_order": order, "given_by_today": day}
    session.add(entry)
    await session.flush()
    return Request(asked=entry, decided=None, carried=None)


def _asked(
    wish: Wish, request_id: UUID, *, asked_by: UUID, now: datetime
) -> AllowanceEntry:
    return AllowanceEntry(
        id=new_id(),
        request_id=request_id,
        step="asked",
        conversation_id=wish.conversation_id,
        order_number=wish.order_number,
        kind=wish.kind,
        minor_units=wish.minor_units,
        currency=wish.currency,
        asked_by=asked_by,
        by=asked_by,
        at=now,
        note=wish.reason,
    )


async def decide(
    session: AsyncSession,
    request_id: UUID,
    *,
    by: UUID,
    is_approved: bool,
    note: str = "",
    now: datetime,
) -> Request:
    """Answer a waiting request, once; the same answer of the same person changes nothing."""
    request = await get(session, request_id)
    outcome = "approved" if is_approved else "refused"
    if request.asked.outcome != "waits":
        raise AllowanceDecided
    if request.asked.asked_by == by:
        raise OwnAllowance
    await _append(
        session,
        request.asked,
        step="decided",
        outcome=outcome,
        by=by,
        note=note,
        now=now,
    )
    request = await get(session, request_id)
    if request.decided is None or (request.decided.by, request.decided.outcome) != (
        by,
        outcome,
    ):
        raise AllowanceDecided
    return request


async def carried(
    session: AsyncSession,
    request_id: UUID,
    *,
    outcome: str,
    by: UUID,
    data: Mapping[str, Any],
    now: datetime,
) -> Request:
    """Note what became of it at the shop; the first note stands."""
    request = await get(session, request_id)
    await _append(
        session,
        request.asked,
        step="carried",
        outcome=outcome,
        by=by,
        data=data,
        now=now,
    )
    return await get(session, request_id)


async def _append(
    session: AsyncSession,
    asked: AllowanceEntry,
    *,
    step: str,
    outcome: str,
    by: UUID,
    now: datetime,
    note: str = "",
    data: Mapping[str, Any] | None = None,
) -> None:
    await session.execute(
        insert_into(session, AllowanceEntry)
        .values(
            id=new_id(),
            request_id=asked.request_id,
            step=step,
            outcome=outcome,
            conversation_id=asked.conversation_id,
            order_number=asked.order_number,
            kind=asked.kind,
            minor_units=asked.minor_units,
            currency=asked.currency,
            asked_by=asked.asked_by,
            by=by,
            at=now,
            note=note,
            data=dict(data or {}),
        )
        .on_conflict_do_nothing()
    )


def _same(asked: AllowanceEntry, wish: Wish) -> None:
    kept = (asked.order_number, asked.kind, asked.minor_units, asked.currency)
    wanted = (wish.order_number, wish.kind, wish.minor_units, wish.currency)
    if kept != wanted:
        raise IdConflict


async def _one_at_a_time(session: AsyncSession) -> None:
    """Two who give to one order at once must not both fit; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK_KEY}
        )
