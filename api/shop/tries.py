"""Decides whether another attempt to prove an order may be made, and when the next one may.

A try is counted before it is checked, in a transaction of its own, so that many at once
cannot slip through together. Tries that proved an order do not count against anybody.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.shop.models import ProofTry
from handoff.models import new_id

KEPT = timedelta(days=1)
#: any number will do, as long as nobody else uses it
_LOCK = 0x57_4C_50_52
#: failures of everybody together in one window: somebody is trying numbers
ALARM_EVERY = 50


@dataclass(frozen=True, kw_only=True)
class TryPolicy:
    """At most `tries` failures in `window`, by conversation, order and address each."""

    tries: int
    window: timedelta


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """A try that may be made; None of it was told yet."""

    try_id: UUID


@dataclass(frozen=True, kw_only=True)
class TooMany:
    """No try before then."""

    retry_at: datetime


def key_of(number: str, *, secret: str) -> str:
    """A keyed hash, so that the rows tell no order number."""
    return hmac.new(secret.encode(), f"order:{number}".encode(), "sha256").hexdigest()


async def reserve(
    session: AsyncSession,
    *,
    conversation_id: UUID,
    order_key: str,
    address_key: str | None,
    policy: TryPolicy,
    now: datetime,
) -> Reserved | TooMany:
    """Count one try, unless there were too many already."""
    await _one_at_a_time(session)
    await session.execute(delete(ProofTry).where(ProofTry.at < now - KEPT))
    subjects = [
        ProofTry.conversation_id == conversation_id,
        ProofTry.order_key == order_key,
    ]
    if address_key is not None:
        subjects.append(ProofTry.address_key == address_key)
    waits = [
        wait
        for subject in subjects
        if (wait := await _free_at(session, subject, policy=policy, now=now))
    ]
    if waits:
        return TooMany(retry_at=max(waits))
    row = ProofTry(
        id=new_id(),
        conversation_id=conversation_id,
        order_key=order_key,
        address_key=address_key,
        at=now,
        outcome="open",
    )
    session.add(row)
    return Reserved(try_id=row.id)


async def settle(session: AsyncSession, try_id: UUID, *, proven: bool) -> None:
    """Say how the try ended."""
    await session.execute(
        update(ProofTry)
        .where(ProofTry.id == try_id)
        .values(outcome="proven" if proven else "failed")
    )


async def take_back(session: AsyncSession, try_id: UUID) -> None:
    """The try could not be made: the shop did not answer."""
    await session.execute(delete(ProofTry).where(ProofTry.id == try_id))


async def failures(session: AsyncSession, *, window: timedelta, now: datetime) -> int:
    """How many tries of everybody failed lately: the global alarm."""
    found = await session.scalar(
        select(func.count())
        .select_from(ProofTry)
        .where(ProofTry.at > now - window, ProofTry.outcome != "proven")
    )
    return found or 0


async def _one_at_a_time(session: AsyncSession) -> None:
    """SQLite has one writer anyway; PostgreSQL is told to have one here."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(
            text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK}
        )


async def _free_at(
    session: AsyncSession,
    subject: ColumnElement[bool],
    *,
    policy: TryPolicy,
    now: datetime,
) -> datetime | None:
    """When the oldest counted failure leaves the window; None if a try is free now."""
    newest = await session.scalars(
        select(ProofTry.at)
        .where(subject, ProofTry.at > now - policy.window, ProofTry.outcome != "proven")
        .order_by(ProofTry.at.desc())
        .limit(policy.tries)
    )
    counted = list(newest)
    return counted[-1] + policy.window if len(counted) >= policy.tries else None


def digest(text_: str) -> bytes:
    """A digest of one length, so that comparing says nothing of the text's."""
    return hashlib.sha256(text_.encode()).digest()
