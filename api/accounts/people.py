"""Decides what may be changed of somebody's account, and that somebody is always left to do it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts import staff
from api.accounts.models import SecondFactor, Staff, StaffLink, StaffSession
from api.accounts.roles import Permission, Role, permissions
from api.errors import LastAdmin, NotFound
from api.setting_types import Day

State = Literal["active", "invited", "disabled"]


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """One line of the list of people."""

    person: Staff
    state: State
    has_second_factor: bool
    seen_at: datetime | None
    #: until when the newest link opens; None without one
    link_until: datetime | None


async def everybody(session: AsyncSession, *, demo: bool) -> list[Colleague]:
    """Every account that counts, by name; the disabled ones at the end."""
    seen = (
        select(StaffSession.staff_id, func.max(StaffSession.seen_at).label("seen"))
        .group_by(StaffSession.staff_id)
        .subquery()
    )
    rows = await session.execute(
        select(Staff, seen.c.seen, SecondFactor.confirmed_at, StaffLink.expires_at)
        .outerjoin(seen, seen.c.staff_id == Staff.id)
        .outerjoin(SecondFactor, SecondFactor.staff_id == Staff.id)
        .outerjoin(StaffLink, StaffLink.staff_id == Staff.id)
    )
    found = [
        Colleague(
            person=person,
            state=state_of(person),
            has_second_factor=confirmed_at is not None,
            seen_at=seen_at,
            link_until=link_until,
        )
        for person, seen_at, confirmed_at, link_until in rows
        if demo or not person.demo
    ]
    return sorted(
        found, key=lambda one: (one.state == "disabled", one.person.name.casefold())
    )


def state_of(person: Staff) -> State:
    if person.disabled_at is not None:
        return "disabled"
    return "active" if person.password_hash else "invited"


async def get(session: AsyncSession, staff_id: UUID) -> Staff:
    """The account, locked until the end of the transaction; raises NotFound."""
    person = await session.get(
        Staff, staff_id, with_for_update=True, populate_existing=True
    )
    if person is None:
        raise NotFound
    return person


def serves(person: Staff, *, demo: bool) -> bool:
    """Whether this account counts here, and may serve shoppers."""
    return (demo or not person.demo) and (
        Permission.SERVE_SHOPPERS in permissions(person.roles)
    )


async def all_who_serve(session: AsyncSession, *, demo: bool) -> list[Staff]:
    """Everybody whose account is open and who may serve shoppers."""
    found = await session.scalars(select(Staff).where(Staff.disabled_at.is_(None)))
    return [each for each in found if serves(each, demo=demo)]


async def who_serves(session: AsyncSession, staff_id: UUID) -> Staff:
    """Somebody whose account is open and who may serve shoppers; raises NotFound."""
    person = await session.get(Staff, staff_id)
    if person is None or person.disabled_at is not None:
        raise NotFound
    if Permission.SERVE_SHOPPERS not in permissions(person.roles):
        raise NotFound
    return person


async def set_roles(
    session: AsyncSession,
    staff_id: UUID,
    roles: Iterable[Role],
    *,
    now: datetime,
    demo: bool,
) -> tuple[Staff, list[str]]:
    """Give these roles and no others; also what they were. Raises LastAdmin."""
    wanted = sorted(role.value for role in set(roles))
    if Permission.MANAGE_ACCOUNTS not in permissions(wanted):
        await _make_sure_of_another_admin(session, staff_id, demo=demo)
    person = await get(session, staff_id)
    before = [str(role) for role in person.roles]
    person.roles = wanted
    person.updated_at = now
    return person, before


async def set_skills(
    session: AsyncSession,
    staff_id: UUID,
    *,
    skills: Sequence[str],
    languages: Sequence[str],
    capacity: int | None,
    shifts: Mapping[Day, Sequence[str]],
    now: datetime,
) -> Staff:
    """What the line may give this person, how much of it, and when."""
    person = await get(session, staff_id)
    person.skills = sorted(set(skills))
    person.languages = sorted(set(languages))
    person.capacity = capacity
    person.shifts = week(shifts)
    person.updated_at = now
    return person


def week(shifts: Mapping[Day, Sequence[str]]) -> dict[str, list[str]] | None:
    """Days without a shift are left out."""
    return {day: list(spans) for day, spans in shifts.items() if spans} or None


async def disable(
    session: AsyncSession, staff_id: UUID, *, now: datetime, demo: bool
) -> Staff:
    """Close the account with all its sessions and links. Raises LastAdmin."""
    await _make_sure_of_another_admin(session, staff_id, demo=demo)
    person = await get(session, staff_id)
    person.disabled_at = person.disabled_at or now
    person.updated_at = now
    await staff.end_sessions(session, person.id)
    return person


async def enable(session: AsyncSession, staff_id: UUID, *, now: datetime) -> Staff:
    """Open it again, with the password and the second factor it had."""
    person = await get(session, staff_id)
    person.disabled_at = None
    person.updated_at = now
    return person


async def _make_sure_of_another_admin(
    session: AsyncSession, staff_id: UUID, *, demo: bool
) -> None:
    """Locks all accounts in a fixed order: two admins who disable each other take turns."""
    all_of_them = await session.scalars(
        select(Staff)
        .order_by(Staff.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    admins = {one.id for one in all_of_them if _can_manage(one, demo=demo)}
    if staff_id in admins and len(admins) == 1:
        raise LastAdmin


def _can_manage(person: Staff, *, demo: bool) -> bool:
    """Today, with a password: an invitation that was never taken up helps nobody."""
    usable = state_of(person) == "active" and (demo or not person.demo)
    return usable and Permission.MANAGE_ACCOUNTS in permissions(map(str, person.roles))
