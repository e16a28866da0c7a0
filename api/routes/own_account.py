"""One's own account: where one is signed in, the password, the second factor."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api import own_account
from api.account_bodies import CodeBody, NewPassword, Present, PresentAndCode
from api.accounts import own_sessions
from api.accounts.models import StaffSession
from api.auth import SignedIn, TheDesk

router = APIRouter(prefix="/api/v1/account", tags=["staff"])


@router.get("/sessions", operation_id="own_sessions")
async def list_sessions(member: SignedIn, desk: TheDesk) -> list[dict[str, Any]]:
    """Where I am signed in, the last used first."""
    async with desk.database.reading() as session:
        found = await own_sessions.living(session, member.id, now=desk.clock())
    return [_shown(one, present=member.token_hash) for one in found]


@router.delete("/sessions/{name}", status_code=204, operation_id="end_own_session")
async def end_session(name: str, member: SignedIn, desk: TheDesk) -> None:
    """Sign out over there."""
    await own_account.end_session(desk, member, name)


@router.post(
    "/sessions/end-others", status_code=204, operation_id="end_other_own_sessions"
)
async def end_others(member: SignedIn, desk: TheDesk) -> None:
    """Sign out everywhere but here."""
    await own_account.end_others(desk, member)


@router.post("/password", status_code=204, operation_id="change_own_password")
async def change_password(member: SignedIn, desk: TheDesk, body: NewPassword) -> None:
    """A new password; every other session ends."""
    await own_account.change_password(desk, member, body.present, body.password)


@router.get("/second-factor", operation_id="own_second_factor")
async def read_second_factor(member: SignedIn, desk: TheDesk) -> dict[str, Any]:
    """Whether it is on, whether it must be, and how many recovery codes are left."""
    return await own_account.factor(desk, member)


@router.post("/second-factor/begin", operation_id="begin_second_factor")
async def begin(member: SignedIn, desk: TheDesk, body: Present) -> dict[str, str]:
    """The secret for the phone; counts once `confirm` has taken a code."""
    made = await own_account.begin(desk, member, body.password)
    return {"secret": made.secret, "uri": made.uri, "qr_svg": made.qr_svg}


@router.post("/second-factor/confirm", operation_id="confirm_second_factor")
async def confirm(
    member: SignedIn, desk: TheDesk, body: CodeBody
) -> dict[str, list[str]]:
    """Turn it on; the recovery codes are shown this once."""
    return {"recovery_codes": await own_account.confirm(desk, member, body.code)}


@router.post("/second-factor/recovery-codes", operation_id="new_recovery_codes")
async def new_codes(
    member: SignedIn, desk: TheDesk, body: PresentAndCode
) -> dict[str, list[str]]:
    """Fresh recovery codes; the earlier ones open nothing any more."""
    made = await own_account.new_codes(desk, member, body.password, body.code)
    return {"recovery_codes": made}


@router.post("/second-factor/off", status_code=204, operation_id="second_factor_off")
async def switch_off(member: SignedIn, desk: TheDesk, body: PresentAndCode) -> None:
    """Do without; refused where the role needs it."""
    await own_account.switch_off(desk, member, body.password, body.code)


def _shown(one: StaffSession, *, present: str) -> dict[str, Any]:
    return {
        "name": own_sessions.name_of(one.token_hash),
        "is_this": one.token_hash == present,
        "created_at": one.created_at.isoformat(),
        "seen_at": one.seen_at.isoformat(),
        "address": one.address,
        "browser": one.browser,
        "system": one.system,
    }
