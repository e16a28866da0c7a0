"""Decides what a right password is worth while the second factor is missing: a short ticket, no session."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.models import SignInTicket, Staff
from api.accounts.staff import hash_token
from api.errors import SignInOver

#: long enough to install an app and scan its code
VALID = timedelta(minutes=10)


async def issue(session: AsyncSession, person: Staff, *, now: datetime) -> str:
    """A ticket for the second step; tickets whose time is over are swept away."""
    await session.execute(delete(SignInTicket).where(SignInTicket.expires_at <= now))
    ticket = secrets.token_urlsafe(32)
    session.add(
        SignInTicket(
            ticket_hash=hash_token(ticket), staff_id=person.id, expires_at=now + VALID
        )
    )
    await session.flush()
    return ticket


async def holder(
    session: AsyncSession, ticket: str, *, now: datetime, demo: bool
) -> Staff:
    """Whose ticket this is; raises SignInOver for every other case."""
    person: Staff | None = await session.scalar(
        select(Staff)
        .join(SignInTicket, SignInTicket.staff_id == Staff.id)
        .where(
            SignInTicket.ticket_hash == hash_token(ticket),
            SignInTicket.expires_at > now,
            Staff.disabled_at.is_(None),
        )
    )
    if person is None or (person.demo and not demo):
        raise SignInOver
    return person


async def use(session: AsyncSession, ticket: str) -> None:
    """It has led to a session; raises SignInOver when another request was faster."""
    gone = await session.scalar(
        delete(SignInTicket)
        .where(SignInTicket.ticket_hash == hash_token(ticket))
        .returning(SignInTicket.staff_id)
    )
    if gone is None:
        raise SignInOver
