"""The people at the desk: who they are, inviting them, and what they may do."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from api import staffing
from api.account_bodies import Invite, LinkToken, RolesBody, Skills, UseLink
from api.accounts import links, people, trail
from api.accounts.people import Colleague
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import TheDesk, peer_address, require
from api.limits import Rate

router = APIRouter(prefix="/api/v1", tags=["staff"])
Looker = Annotated[StaffMember, Depends(require(Permission.SEE_STAFF))]
Planner = Annotated[StaffMember, Depends(require(Permission.SET_SKILLS))]
Manager = Annotated[StaffMember, Depends(require(Permission.MANAGE_ACCOUNTS))]
TrailReader = Annotated[StaffMember, Depends(require(Permission.READ_TRAIL))]

LINKS_PER_ADDRESS = Rate(times=30, seconds=900)


@router.get("/staff", operation_id="list_staff")
async def list_staff(_member: Looker, desk: TheDesk) -> list[dict[str, Any]]:
    """Everybody with an account, the disabled ones at the end."""
    async with desk.database.reading() as session:
        found = await people.everybody(session, demo=desk.settings.demo)
    return [shown(one) for one in found]


@router.post("/staff", status_code=201, operation_id="invite_staff")
async def invite(member: Manager, desk: TheDesk, body: Invite) -> dict[str, str]:
    """Make an account; the link sets its password, and is shown this once."""
    return _link(await staffing.invite(desk, member, body))


@router.get("/staff/events", operation_id="staff_events")
async def events(_member: TrailReader, desk: TheDesk) -> list[dict[str, Any]]:
    """What was done to accounts, the newest first."""
    async with desk.database.reading() as session:
        found = await trail.newest(session)
    return [
        {
            "at": one.at.isoformat(),
            "event": one.event,
            "login": one.login,
            "actor": one.actor,
            "detail": one.detail,
        }
        for one in found
    ]


@router.put("/staff/{staff_id}/roles", status_code=204, operation_id="set_staff_roles")
async def set_roles(
    staff_id: UUID, member: Manager, desk: TheDesk, body: RolesBody
) -> None:
    """These roles and no others, from the next request on."""
    await staffing.set_roles(desk, member, staff_id, body.roles)


@router.put(
    "/staff/{staff_id}/skills", status_code=204, operation_id="set_staff_skills"
)
async def set_skills(
    staff_id: UUID, member: Planner, desk: TheDesk, body: Skills
) -> None:
    """Skills, languages, how many conversations at once, and the shifts of a week."""
    await staffing.set_skills(desk, member, staff_id, body)


@router.post("/staff/{staff_id}/link", operation_id="make_staff_link")
async def make_link(staff_id: UUID, member: Manager, desk: TheDesk) -> dict[str, str]:
    """A link for a new password in place of every earlier one; shown this once."""
    return _link(await staffing.make_link(desk, member, staff_id))


@router.post("/staff/{staff_id}/disable", status_code=204, operation_id="disable_staff")
async def disable(staff_id: UUID, member: Manager, desk: TheDesk) -> None:
    """At once: sessions and sockets end, conversations go back into the line."""
    await staffing.disable(desk, member, staff_id)


@router.post("/staff/{staff_id}/enable", status_code=204, operation_id="enable_staff")
async def enable(staff_id: UUID, member: Manager, desk: TheDesk) -> None:
    """Let the account sign in again."""
    await staffing.enable(desk, member, staff_id)


@router.post(
    "/staff/{staff_id}/second-factor/reset",
    status_code=204,
    operation_id="reset_staff_second_factor",
)
async def reset_second_factor(staff_id: UUID, member: Manager, desk: TheDesk) -> None:
    """For a lost phone: the secret and all sessions are gone."""
    await staffing.reset_second_factor(desk, member, staff_id)


@router.post("/links/look", operation_id="look_at_link")
async def look_at_link(
    request: Request, desk: TheDesk, body: LinkToken
) -> dict[str, str]:
    """Whose link this is; it is not used up."""
    await desk.limiter.check("links", peer_address(request), LINKS_PER_ADDRESS)
    async with desk.database.reading() as session:
        person, link = await links.look(session, body.token, now=desk.clock())
    return {
        "login": person.login,
        "name": person.name,
        "purpose": link.purpose,
        "expires_at": link.expires_at.isoformat(),
    }


@router.post("/links/use", operation_id="use_link")
async def use_link(request: Request, desk: TheDesk, body: UseLink) -> dict[str, str]:
    """Set the password; signing in is the next step."""
    await desk.limiter.check("links", peer_address(request), LINKS_PER_ADDRESS)
    person = await staffing.use_link(desk, body.token, body.password)
    return {"login": person.login}


def shown(one: Colleague) -> dict[str, Any]:
    """A line of the list, without anything secret."""
    person = one.person
    return {
        "id": str(person.id),
        "login": person.login,
        "name": person.name,
        "roles": list(person.roles),
        "skills": list(person.skills),
        "languages": list(person.languages),
        "capacity": person.capacity,
        "shifts": person.shifts or {},
        "state": one.state,
        "has_second_factor": one.has_second_factor,
        "seen_at": one.seen_at.isoformat() if one.seen_at else None,
        "link_until": one.link_until.isoformat() if one.link_until else None,
    }


def _link(made: links.Made) -> dict[str, str]:
    # Behind `#`, which browsers do not send: no log and no Referer ever holds it.
    return {
        "link": f"/welcome#{made.token}",
        "purpose": made.purpose,
        "expires_at": made.expires_at.isoformat(),
    }
