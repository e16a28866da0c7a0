"""Decides who is signed in: accounts, opaque sessions, and when a session ends."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import anyio.to_thread
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from api.accounts import passwords
from api.accounts.browsers import UNKNOWN, Device
from api.accounts.models import SignInTicket, Staff, StaffLink, StaffSession
from api.accounts.roles import Permission, Role, permissions
from api.errors import LoginTaken, NotFound, WrongLogin

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=7)
#: a session's last use is noted at most this often
TOUCH_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class StaffMember:
    """The signed-in person, as far as a request needs to know."""

    id: UUID
    login: str
    name: str
    roles: tuple[str, ...]
    capacity: int | None
    token_hash: str
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def may(self, permission: Permission) -> bool:
        return permission in permissions(self.roles)


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A fresh session; the token is shown this once."""

    token: str
    staff: StaffMember
    expires_at: datetime


def fold_login(login: str) -> str:
    """Logins do not tell upper from lower case."""
    return login.strip().casefold()


def hash_token(token: str) -> str:
    """What is kept of a 256-bit token: a plain digest is enough, it cannot be guessed."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def create_account(
    session: AsyncSession,
    *,
    login: str,
    name: str,
    password: str | None,
    roles: Iterable[str],
    now: datetime,
    capacity: int | None = None,
    demo: bool = False,
) -> Staff:
    """Add a person; raises WeakPassword or LoginTaken.

    Without a password the account opens nothing until a link has set one.
    """
    folded = fold_login(login)
    hashed = ""
    if password is not None:
        passwords.check_strength(password, login=folded)
        hashed = await anyio.to_thread.run_sync(passwords.hash_password, password)
    person = Staff(
        id=uuid7(),
        login=folded,
        name=name,
        password_hash=hashed,
        roles=sorted(Role(role).value for role in set(roles)),
        capacity=capacity,
        demo=demo,
        created_at=now,
        updated_at=now,
    )
    session.add(person)
    try:
        await session.flush()
    except IntegrityError as error:
        raise LoginTaken from error
    return person


async def find(session: AsyncSession, *, login: str) -> Staff | None:
    """The account of this login, enabled or not."""
    found: Staff | None = await session.scalar(
        select(Staff).where(Staff.login == fold_login(login))
    )
    return found


async def exists(session: AsyncSession, login: str) -> bool:
    """Whether this login is taken."""
    return await find(session, login=login) is not None


async def is_password_right(person: Staff | None, password: str) -> bool:
    """Takes the same time for a login that does not exist. No session may be open."""
    usable = person is not None and person.disabled_at is None
    # An empty hash would be taken for the decoy, whose password stands in the code.
    stored = (person.password_hash or None) if person is not None and usable else None
    return await anyio.to_thread.run_sync(passwords.is_right, password, stored)


async def open_session(
    session: AsyncSession, person: Staff, *, now: datetime, device: Device = UNKNOWN
) -> SignedIn:
    """A new token for a person who has shown everything; raises WrongLogin if disabled."""
    still = await session.get(Staff, person.id)
    if still is None or still.disabled_at is not None:
        raise WrongLogin
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        token_hash=hash_token(token),
        staff_id=still.id,
        created_at=now,
        seen_at=now,
        expires_at=now + ABSOLUTE,
        address=device.address,
        browser=device.browser,
        system=device.system,
    )
    session.add(row)
    await session.flush()
    return SignedIn(
        token=token, staff=_member(still, row.token_hash), expires_at=row.expires_at
    )


async def recognise(
    session: AsyncSession, token_hash: str, *, now: datetime, demo: bool
) -> tuple[StaffMember, datetime] | None:
    """Whose session this is and when it was last noted; None when it has ended."""
    row = (
        await session.execute(
            select(StaffSession, Staff)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .where(StaffSession.token_hash == token_hash)
        )
    ).one_or_none()
    if row is None:
        return None
    spell, person = row
    ended = now >= spell.expires_at or now - spell.seen_at >= IDLE
    if ended or person.disabled_at is not None or (person.demo and not demo):
        return None
    return _member(person, token_hash), spell.seen_at


async def touch(session: AsyncSession, token_hash: str, *, now: datetime) -> None:
    """Note that the session is in use."""
    await session.execute(
        update(StaffSession)
        .where(StaffSession.token_hash == token_hash)
        .values(seen_at=now)
    )


async def close_session(session: AsyncSession, token_hash: str) -> None:
    """Sign out: the token is worth nothing from now on."""
    await session.execute(
        delete(StaffSession).where(StaffSession.token_hash == token_hash)
    )


async def set_password(
    session: AsyncSession,
    *,
    login: str,
    password: str,
    now: datetime,
    keep: str | None = None,
) -> Staff:
    """Set a new password and end all sessions that knew the old one, but `keep`."""
    person = await find(session, login=login)
    if person is None:
        raise NotFound("There is no account with this login.")
    passwords.check_strength(password, login=person.login)
    person.password_hash = await anyio.to_thread.run_sync(
        passwords.hash_password, password
    )
    person.updated_at = now
    await end_sessions(session, person.id, keep=keep)
    return person


async def end_sessions(
    session: AsyncSession, staff_id: UUID, *, keep: str | None = None
) -> None:
    """End every sign-in, finished or not, and every link; only `keep` goes on."""
    for rows in (SignInTicket, StaffLink):
        await session.execute(delete(rows).where(rows.staff_id == staff_id))
    await session.execute(
        delete(StaffSession).where(
            StaffSession.staff_id == staff_id, StaffSession.token_hash != (keep or "")
        )
    )


def _member(person: Staff, token_hash: str) -> StaffMember:
    return StaffMember(
        id=person.id,
        login=person.login,
        name=person.name,
        roles=tuple(str(role) for role in person.roles),
        capacity=person.capacity,
        token_hash=token_hash,
        skills=tuple(map(str, person.skills)),
        languages=tuple(map(str, person.languages)),
    )
