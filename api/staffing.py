"""Decides what else happens when an account changes: sockets look again, conversations go back into the line."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.account_bodies import Invite, Skills
from api.accounts import links, people, second_factor, staff, trail
from api.accounts.models import Staff
from api.accounts.roles import Permission, Role, permissions
from api.accounts.staff import StaffMember
from api.accounts.trail import Done, doer_of
from api.agents import notice, told
from api.announce import ring
from api.desk import Desk
from api.realtime.rings import Ring
from handoff import assignments
from handoff.events import ConversationReleased


async def invite(desk: Desk, member: StaffMember, body: Invite) -> links.Made:
    """An account without a password, and the link that sets one."""
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await staff.create_account(
            session,
            login=body.login,
            name=body.name,
            password=None,
            roles=body.roles,
            capacity=body.capacity,
            now=now,
        )
        person.skills = sorted(set(body.skills))
        person.languages = sorted(set(body.languages))
        person.shifts = people.week(body.shifts)
        made = await links.make(session, person, valid=_valid(desk), now=now)
        by = doer_of(member)
        trail.note(
            session, Done.INVITED, person, by=by, now=now, roles=list(person.roles)
        )
    return made


async def make_link(desk: Desk, member: StaffMember, staff_id: UUID) -> links.Made:
    """A link for a new password; the present one holds until the link is used."""
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await people.get(session, staff_id)
        made = await links.make(session, person, valid=_valid(desk), now=now)
        by = doer_of(member)
        trail.note(
            session, Done.LINK_MADE, person, by=by, now=now, purpose=made.purpose
        )
    return made


async def use_link(desk: Desk, token: str, password: str) -> Staff:
    """Set the password that the link is for; all sessions that knew another one end."""
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await links.use(session, token, password=password, now=now)
        trail.note(session, Done.PASSWORD_SET, person, now=now, how="link")
    look_again(desk, person.id)
    return person


async def set_roles(
    desk: Desk, member: StaffMember, staff_id: UUID, roles: list[Role]
) -> None:
    """Whoever serves shoppers no longer gives their conversations back."""
    now = desk.clock()
    released: list[ConversationReleased] = []
    async with desk.database.writing() as session:
        person, before = await people.set_roles(
            session, staff_id, roles, now=now, demo=desk.settings.demo
        )
        after = list(person.roles)
        by = doer_of(member)
        trail.note(
            session, Done.ROLES_SET, person, by=by, now=now, before=before, after=after
        )
        if Permission.SERVE_SHOPPERS not in permissions(after):
            released = await _put_back(desk, session, staff_id)
    await _went_away(desk, staff_id, released)


async def set_skills(
    desk: Desk, member: StaffMember, staff_id: UUID, body: Skills
) -> None:
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await people.set_skills(
            session,
            staff_id,
            skills=body.skills,
            languages=body.languages,
            capacity=body.capacity,
            shifts=body.shifts,
            now=now,
        )
        by = doer_of(member)
        trail.note(
            session,
            Done.SKILLS_SET,
            person,
            by=by,
            now=now,
            **body.model_dump(mode="json"),
        )
    look_again(desk, staff_id)


async def disable(desk: Desk, member: StaffMember, staff_id: UUID) -> None:
    """At once: sessions and conversations in one transaction, sockets right after it."""
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await people.disable(
            session, staff_id, now=now, demo=desk.settings.demo
        )
        trail.note(session, Done.DISABLED, person, by=doer_of(member), now=now)
        released = await _put_back(desk, session, staff_id)
    await desk.presence.leave(staff_id)
    await _went_away(desk, staff_id, released)


async def enable(desk: Desk, member: StaffMember, staff_id: UUID) -> None:
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await people.enable(session, staff_id, now=now)
        trail.note(session, Done.ENABLED, person, by=doer_of(member), now=now)


async def reset_second_factor(desk: Desk, member: StaffMember, staff_id: UUID) -> None:
    """For somebody whose phone is lost; whoever is signed in as them is signed out."""
    now = desk.clock()
    async with desk.database.writing() as session:
        person = await people.get(session, staff_id)
        await second_factor.switch_off(session, staff_id)
        await staff.end_sessions(session, staff_id)
        trail.note(
            session, Done.SECOND_FACTOR_RESET, person, by=doer_of(member), now=now
        )
    look_again(desk, staff_id)


def look_again(desk: Desk, staff_id: UUID) -> None:
    """Every socket of this person asks whether its session still stands."""
    ring(desk, Ring(kind="session", detail=f"staff:{staff_id}"))


async def _put_back(
    desk: Desk, session: AsyncSession, staff_id: UUID
) -> list[ConversationReleased]:
    # "released", so that the line does not wait for this very person first.
    events = await assignments.release_all(
        session, staff_id, how="released", now=desk.clock()
    )
    for event in events:
        await notice(desk, session, event.conversation_id, "agent_released")
    return events


async def _went_away(
    desk: Desk, staff_id: UUID, released: list[ConversationReleased]
) -> None:
    look_again(desk, staff_id)
    for event in released:
        await desk.line.add(event.conversation_id, rank_at=event.rank_at)
        await told(desk, event.conversation_id)


def _valid(desk: Desk) -> timedelta:
    return timedelta(hours=desk.settings.accounts.link_hours)
