"""Decides what a right password leads to: a session, or first the second factor that the account needs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts import second_factor, staff, tickets, trail
from api.accounts.browsers import Device, device_of
from api.accounts.models import Staff
from api.accounts.second_factor import Enrolment
from api.accounts.trail import Done
from api.auth import peer_address
from api.desk import Desk
from api.limits import Rate

#: codes tried for one account, from wherever: whoever tries them knows the password
CODES_PER_ACCOUNT = Rate(times=10, seconds=900)


def is_required(desk: Desk, roles: list[str]) -> bool:
    """Whether somebody with these roles may not do without."""
    return not set(desk.settings.accounts.second_factor_for).isdisjoint(roles)


def device(request: Request) -> Device:
    return device_of(
        address=peer_address(request), user_agent=request.headers.get("user-agent", "")
    )


async def after_password(
    desk: Desk, person: Staff, device: Device
) -> staff.SignedIn | dict[str, Any]:
    """A session, or what the second step needs."""
    now = desk.clock()
    async with desk.database.writing() as session:
        is_on = await second_factor.is_on(session, person.id)
        if not is_on and not is_required(desk, [str(one) for one in person.roles]):
            return await staff.open_session(session, person, now=now, device=device)
        ticket = await tickets.issue(session, person, now=now)
    return {"needs": "code" if is_on else "enrolment", "ticket": ticket}


async def with_code(
    desk: Desk, ticket: str, code: str, device: Device
) -> staff.SignedIn:
    """Ticket and code together make a session; each is used up."""
    person = await ticket_holder(desk, ticket)
    await count_code(desk, person.id)
    async with desk.database.writing() as session:
        now = desk.clock()
        await show_code(session, person, code, now=now)
        await tickets.use(session, ticket)
        return await staff.open_session(session, person, now=now, device=device)


async def enrol(desk: Desk, ticket: str) -> Enrolment:
    """For an account that may not sign in without a second factor and has none."""
    person = await ticket_holder(desk, ticket)
    async with desk.database.writing() as session:
        return await second_factor.begin(session, person, issuer=issuer(desk))


async def confirm(
    desk: Desk, ticket: str, code: str, device: Device
) -> tuple[staff.SignedIn, list[str]]:
    """The first code of the new phone; also gives the recovery codes."""
    person = await ticket_holder(desk, ticket)
    await count_code(desk, person.id)
    async with desk.database.writing() as session:
        now = desk.clock()
        codes = await second_factor.confirm(session, person.id, code, now=now)
        trail.note(session, Done.SECOND_FACTOR_ON, person, now=now)
        await tickets.use(session, ticket)
        signed = await staff.open_session(session, person, now=now, device=device)
    return signed, codes


async def show_code(
    session: AsyncSession, person: Staff, code: str, *, now: datetime
) -> None:
    """Take a code; one of the few that were written down is put on record."""
    if await second_factor.show(session, person.id, code, now=now) == "recovery":
        left = await second_factor.codes_left(session, person.id)
        trail.note(session, Done.RECOVERY_CODE_USED, person, now=now, left=left)


async def ticket_holder(desk: Desk, ticket: str) -> Staff:
    async with desk.database.reading() as session:
        return await tickets.holder(
            session, ticket, now=desk.clock(), demo=desk.settings.demo
        )


async def count_code(desk: Desk, staff_id: UUID) -> None:
    """Counted before it is looked at, so that many at once are no more than ten."""
    await desk.limiter.check("second-factor", str(staff_id), CODES_PER_ACCOUNT)


def issuer(desk: Desk) -> str:
    """The name beside the code in the phone."""
    return desk.settings.shop.name.get("en", "Warmline")
