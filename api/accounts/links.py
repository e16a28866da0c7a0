"""Decides what a link for setting a password is worth: one person, one use, a limited time."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts import staff
from api.accounts.models import Staff, StaffLink
from api.errors import AccountDisabled, LinkOver

Purpose = Literal["invite", "reset"]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A fresh link; the token is shown this once."""

    token: str
    purpose: Purpose
    expires_at: datetime


async def make(
    session: AsyncSession, person: Staff, *, valid: timedelta, now: datetime
) -> Made:
    """A link in place of every earlier one of this person."""
    if person.disabled_at is not None:
        raise AccountDisabled
    await session.execute(delete(StaffLink).where(StaffLink.staff_id == person.id))
    token = secrets.token_urlsafe(32)
    purpose: Purpose = "reset" if person.password_hash else "invite"
    row = StaffLink(
        token_hash=staff.hash_token(token),
        staff_id=person.id,
        purpose=purpose,
        expires_at=now + valid,
    )
    session.add(row)
    await session.flush()
    return Made(token=token, purpose=purpose, expires_at=row.expires_at)


async def look(
    session: AsyncSession, token: str, *, now: datetime
) -> tuple[Staff, StaffLink]:
    """Whose link this is; nothing is used up. Raises LinkOver for every other case."""
    row = (
        await session.execute(
            select(Staff, StaffLink)
            .join(StaffLink, StaffLink.staff_id == Staff.id)
            .where(
                StaffLink.token_hash == staff.hash_token(token),
                StaffLink.expires_at > now,
                Staff.disabled_at.is_(None),
            )
        )
    ).one_or_none()
    if row is None:
        raise LinkOver
    person, link = row
    return person, link


async def use(
    session: AsyncSession, token: str, *, password: str, now: datetime
) -> Staff:
    """Set the password; a weak one leaves the link as it was, for another try."""
    person, _link = await look(session, token, now=now)
    gone = await session.scalar(
        delete(StaffLink)
        .where(StaffLink.token_hash == staff.hash_token(token))
        .returning(StaffLink.staff_id)
    )
    if gone is None:  # another request was faster
        raise LinkOver
    return await staff.set_password(
        session, login=person.login, password=password, now=now
    )
