"""Decides what people may change of their own account, and what they must show for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api import signing_in
from api.accounts import own_sessions, second_factor, staff, trail
from api.accounts.models import Staff
from api.accounts.second_factor import Enrolment
from api.accounts.staff import StaffMember
from api.accounts.trail import Done
from api.desk import Desk
from api.errors import NotSignedIn, SecondFactorRequired, WrongPassword
from api.limits import Rate
from api.staffing import look_again

#: a stolen session may not try passwords faster than the sign-in page lets it
PASSWORDS = Rate(times=8, seconds=900)


async def end_session(desk: Desk, member: StaffMember, name: str) -> None:
    """End one of one's own sessions, and its sockets."""
    async with desk.database.writing() as session:
        now = desk.clock()
        await own_sessions.end(session, member.id, name, now=now)
        trail.note(session, Done.SESSIONS_ENDED, await _self(session, member), now=now)
    look_again(desk, member.id)


async def end_others(desk: Desk, member: StaffMember) -> None:
    """Only this session goes on."""
    async with desk.database.writing() as session:
        person = await _self(session, member)
        await staff.end_sessions(session, person.id, keep=member.token_hash)
        trail.note(session, Done.SESSIONS_ENDED, person, now=desk.clock())
    look_again(desk, member.id)


async def change_password(
    desk: Desk, member: StaffMember, present: str, password: str
) -> None:
    """Only who knows the present one; every other session ends."""
    await _show_password(desk, member, present)
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await staff.set_password(
            session,
            login=member.login,
            password=password,
            now=now,
            keep=member.token_hash,
        )
        trail.note(session, Done.PASSWORD_SET, person, now=now, how="own")
    look_again(desk, member.id)


async def factor(desk: Desk, member: StaffMember) -> dict[str, Any]:
    """What the account page says of the second factor."""
    async with desk.database.reading() as session:
        return {
            "is_on": await second_factor.is_on(session, member.id),
            "is_required": signing_in.is_required(desk, list(member.roles)),
            "codes_left": await second_factor.codes_left(session, member.id),
        }


async def begin(desk: Desk, member: StaffMember, password: str) -> Enrolment:
    await _show_password(desk, member, password)
    async with desk.database.writing() as session:
        person = await _self(session, member)
        return await second_factor.begin(
            session, person, issuer=signing_in.issuer(desk)
        )


async def confirm(desk: Desk, member: StaffMember, code: str) -> list[str]:
    """Sessions that knew the password alone end."""
    await signing_in.count_code(desk, member.id)
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await _self(session, member)
        codes = await second_factor.confirm(session, person.id, code, now=now)
        await staff.end_sessions(session, person.id, keep=member.token_hash)
        trail.note(session, Done.SECOND_FACTOR_ON, person, now=now)
    look_again(desk, member.id)
    return codes


async def new_codes(
    desk: Desk, member: StaffMember, password: str, code: str
) -> list[str]:
    await _show_both(desk, member, password)
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await _self(session, member)
        await signing_in.show_code(session, person, code, now=now)
        trail.note(session, Done.RECOVERY_CODES_MADE, person, now=now)
        return await second_factor.new_recovery_codes(session, person.id)


async def switch_off(desk: Desk, member: StaffMember, password: str, code: str) -> None:
    if signing_in.is_required(desk, list(member.roles)):
        raise SecondFactorRequired
    await _show_both(desk, member, password)
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await _self(session, member)
        await signing_in.show_code(session, person, code, now=now)
        await second_factor.switch_off(session, person.id)
        trail.note(session, Done.SECOND_FACTOR_OFF, person, now=now)


async def _show_both(desk: Desk, member: StaffMember, password: str) -> None:
    await _show_password(desk, member, password)
    await signing_in.count_code(desk, member.id)


async def _show_password(desk: Desk, member: StaffMember, password: str) -> None:
    await desk.limiter.check_only("own-password", str(member.id), PASSWORDS)
    async with desk.database.reading() as session:
        person = await staff.find(session, login=member.login)
    if not await staff.is_password_right(person, password):
        await desk.limiter.count("own-password", str(member.id), PASSWORDS)
        raise WrongPassword


async def _self(session: AsyncSession, member: StaffMember) -> Staff:
    person = await session.get(Staff, member.id, populate_existing=True)
    if person is None or person.disabled_at is not None:
        raise NotSignedIn
    return person
