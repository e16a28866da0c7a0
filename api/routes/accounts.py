"""Signing in, with a second step where the account needs one, and out."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api import signing_in
from api.account_bodies import Ticket, TicketCode
from api.accounts import staff
from api.announce import ring
from api.auth import (
    SESSION_COOKIE_AGE,
    SignedIn,
    TheDesk,
    cookie_name,
    peer_address,
)
from api.bodies import Login
from api.desk import Desk
from api.errors import WrongLogin
from api.limits import Rate
from api.realtime.rings import Ring

router = APIRouter(prefix="/api/v1", tags=["staff"])

#: wrong passwords for one account from one address, and from one address at all
PER_ACCOUNT = Rate(times=8, seconds=900)
PER_ADDRESS = Rate(times=40, seconds=900)


@router.post("/login", operation_id="login")
async def login(
    request: Request, response: Response, desk: TheDesk, body: Login
) -> dict[str, Any]:
    """Sign in: a cookie for the browser, the same token in the body for programs.

    `needs` in place of a token: send the ticket on to `/login/code` or `/login/enrol`.
    """
    address = peer_address(request)
    account = f"{staff.hash_token(staff.fold_login(body.login))[:32]}:{address}"
    await desk.limiter.check_only("login-address", address, PER_ADDRESS)
    await desk.limiter.check_only("login", account, PER_ACCOUNT)
    async with desk.database.reading() as session:
        person = await staff.find(session, login=body.login)
    if person is not None and person.demo and not desk.settings.demo:
        person = None
    is_right = await staff.is_password_right(person, body.password)
    if not is_right or person is None:
        await desk.limiter.count("login-address", address, PER_ADDRESS)
        await desk.limiter.count("login", account, PER_ACCOUNT)
        raise WrongLogin
    led_to = await signing_in.after_password(desk, person, signing_in.device(request))
    return led_to if isinstance(led_to, dict) else _welcome(desk, response, led_to)


@router.post("/login/code", operation_id="login_code")
async def login_code(
    request: Request, response: Response, desk: TheDesk, body: TicketCode
) -> dict[str, Any]:
    """The second step: a code of the phone, or a recovery code."""
    device = signing_in.device(request)
    signed = await signing_in.with_code(desk, body.ticket, body.code, device)
    return _welcome(desk, response, signed)


@router.post("/login/enrol", operation_id="login_enrol")
async def login_enrol(desk: TheDesk, body: Ticket) -> dict[str, str]:
    """The secret for the phone of somebody whose role needs a second factor."""
    made = await signing_in.enrol(desk, body.ticket)
    return {"secret": made.secret, "uri": made.uri, "qr_svg": made.qr_svg}


@router.post("/login/confirm", operation_id="login_confirm")
async def login_confirm(
    request: Request, response: Response, desk: TheDesk, body: TicketCode
) -> dict[str, Any]:
    """The phone's first code; signs in, and gives the recovery codes this once."""
    device = signing_in.device(request)
    signed, codes = await signing_in.confirm(desk, body.ticket, body.code, device)
    return {**_welcome(desk, response, signed), "recovery_codes": codes}


@router.post("/logout", status_code=204, operation_id="logout")
async def logout(member: SignedIn, response: Response, desk: TheDesk) -> None:
    """Sign out: the session ends here and on every socket."""
    async with desk.database.writing() as session:
        await staff.close_session(session, member.token_hash)
    await desk.presence.leave(member.id)
    ring(desk, Ring(kind="session", detail=member.token_hash))
    response.delete_cookie(cookie_name(desk.settings), path="/")


@router.get("/me", operation_id="me")
async def me(member: SignedIn) -> dict[str, Any]:
    """Who I am."""
    return {
        "id": str(member.id),
        "login": member.login,
        "name": member.name,
        "roles": list(member.roles),
    }


def _welcome(desk: Desk, response: Response, signed: staff.SignedIn) -> dict[str, Any]:
    response.set_cookie(
        cookie_name(desk.settings),
        signed.token,
        max_age=SESSION_COOKIE_AGE,
        httponly=True,
        secure=desk.settings.public_url.startswith("https://"),
        samesite="lax",
        path="/",
    )
    return {
        "token": signed.token,
        "name": signed.staff.name,
        "roles": list(signed.staff.roles),
    }
