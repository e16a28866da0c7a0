"""Decides whether a second factor was shown: a code of the phone (RFC 6238), or a recovery code, each once."""

from __future__ import annotations

import base64
import hashlib
import io
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

import pyotp
import segno
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.models import RecoveryCode, SecondFactor, Staff
from api.errors import SecondFactorOff, SecondFactorOn, WrongCode

STEP_SECONDS = 30
#: a phone's clock may be this many steps off
SKEW_STEPS = 1
RECOVERY_CODES = 10
#: 80 random bits: too many to try, even with the rows in hand
_RECOVERY_BYTES = 10
_DIGITS = 6
_GROUP = 4

Kind = Literal["phone", "recovery"]


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    """What the phone has to learn; shown this once."""

    secret: str
    uri: str
    #: the same as a picture
    qr_svg: str


async def is_on(session: AsyncSession, staff_id: UUID) -> bool:
    """Whether signing in takes a code."""
    found = await session.get(SecondFactor, staff_id, populate_existing=True)
    return found is not None and found.confirmed_at is not None


async def begin(session: AsyncSession, person: Staff, *, issuer: str) -> Enrolment:
    """A new secret that counts once it is confirmed; never in place of one that counts."""
    row = await session.get(
        SecondFactor, person.id, with_for_update=True, populate_existing=True
    )
    if row is not None and row.confirmed_at is not None:
        raise SecondFactorOn
    secret = pyotp.random_base32()
    if row is None:
        session.add(SecondFactor(staff_id=person.id, secret=secret, last_step=0))
    else:
        row.secret = secret
    await session.flush()
    uri = pyotp.TOTP(secret).provisioning_uri(name=person.login, issuer_name=issuer)
    return Enrolment(secret=secret, uri=uri, qr_svg=_picture(uri))


async def confirm(
    session: AsyncSession, staff_id: UUID, code: str, *, now: datetime
) -> list[str]:
    """The first right code turns it on; gives the recovery codes, or raises WrongCode."""
    row = await session.get(
        SecondFactor, staff_id, with_for_update=True, populate_existing=True
    )
    if row is None:
        raise SecondFactorOff
    if row.confirmed_at is not None:
        raise SecondFactorOn
    step = _step_of(row.secret, _folded(code), now=now)
    if step is None:
        raise WrongCode
    row.confirmed_at, row.last_step = now, step
    return await new_recovery_codes(session, staff_id)


async def show(
    session: AsyncSession, staff_id: UUID, code: str, *, now: datetime
) -> Kind:
    """Take one code and use it up; raises WrongCode. Two requests never share one."""
    folded = _folded(code)
    if len(folded) != _DIGITS:
        return await _use_recovery_code(session, staff_id, folded)
    row = await session.get(SecondFactor, staff_id, populate_existing=True)
    if row is None or row.confirmed_at is None:
        raise SecondFactorOff
    step = _step_of(row.secret, folded, now=now)
    if step is None:
        raise WrongCode
    taken = await session.scalar(
        update(SecondFactor)
        .where(SecondFactor.staff_id == staff_id, SecondFactor.last_step < step)
        .values(last_step=step)
        .returning(SecondFactor.staff_id)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        raise WrongCode
    return "phone"


async def new_recovery_codes(session: AsyncSession, staff_id: UUID) -> list[str]:
    """Fresh ones in place of all earlier ones; only their digests are kept."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    made = [_random_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(code_hash=_digest(staff_id, code), staff_id=staff_id)
        for code in made
    )
    await session.flush()
    return [_grouped(code) for code in made]


async def codes_left(session: AsyncSession, staff_id: UUID) -> int:
    """How many recovery codes are unused."""
    found = await session.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.staff_id == staff_id)
    )
    return int(found or 0)


async def switch_off(session: AsyncSession, staff_id: UUID) -> bool:
    """Forget the secret and the recovery codes; False when there was nothing."""
    await session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    gone = await session.scalar(
        delete(SecondFactor)
        .where(SecondFactor.staff_id == staff_id)
        .returning(SecondFactor.staff_id)
    )
    return gone is not None


async def _use_recovery_code(
    session: AsyncSession, staff_id: UUID, code: str
) -> Literal["recovery"]:
    gone = await session.scalar(
        delete(RecoveryCode)
        .where(
            RecoveryCode.code_hash == _digest(staff_id, code),
            RecoveryCode.staff_id == staff_id,
        )
        .returning(RecoveryCode.staff_id)
    )
    if gone is None:
        raise WrongCode
    return "recovery"


def _step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """The newest step around now whose code this is."""
    totp = pyotp.TOTP(secret, digits=_DIGITS, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - SKEW_STEPS, present + SKEW_STEPS + 1):
        if secrets.compare_digest(totp.generate_otp(step), code):
            found = step
    return found


def _folded(code: str) -> str:
    """As typed by people: with blanks and strokes, in capitals or not."""
    kept = "".join(each for each in code.lower() if each.isalnum())
    return kept if kept.isascii() else ""


def _random_code() -> str:
    return base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()


def _grouped(code: str) -> str:
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def _digest(staff_id: UUID, code: str) -> str:
    return hashlib.sha256(f"{staff_id}:{code}".encode()).hexdigest()


def _picture(uri: str) -> str:
    """Dark on white whatever the page's colours: cameras want it so."""
    picture = io.BytesIO()
    code = segno.make(uri, error="m", micro=False)
    code.save(
        picture, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False
    )
    return picture.getvalue().decode()
