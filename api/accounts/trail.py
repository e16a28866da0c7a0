"""Decides what the audit trail of accounts keeps: who did what to whose account, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from api.accounts.models import Staff, StaffEvent
from api.accounts.staff import StaffMember

#: how many lines a page or a call gets
MOST = 200


class Done(StrEnum):
    """What may be done to an account."""

    CREATED = "created"
    INVITED = "invited"
    LINK_MADE = "link_made"
    PASSWORD_SET = "password_set"  # noqa: S105 - a name of what was done
    ROLES_SET = "roles_set"
    SKILLS_SET = "skills_set"
    DISABLED = "disabled"
    ENABLED = "enabled"
    SESSIONS_ENDED = "sessions_ended"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    SECOND_FACTOR_RESET = "second_factor_reset"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"


@dataclass(frozen=True, kw_only=True)
class Doer:
    """Whoever does something to an account; no id is the command line."""

    id: UUID | None
    login: str


COMMAND_LINE = Doer(id=None, login="warmline accounts")


def doer_of(person: StaffMember | Staff) -> Doer:
    return Doer(id=person.id, login=person.login)


def note(
    session: AsyncSession,
    done: Done,
    person: Staff,
    *,
    by: Doer | None = None,
    now: datetime,
    **detail: Any,
) -> None:
    """Keep it in the same transaction; without `by` the person did it to themself."""
    doer = by or doer_of(person)
    session.add(
        StaffEvent(
            id=uuid7(),
            at=now,
            event=done.value,
            staff_id=person.id,
            login=person.login,
            actor_id=doer.id,
            actor=doer.login,
            detail=detail,
        )
    )


async def newest(session: AsyncSession, *, limit: int = MOST) -> list[StaffEvent]:
    """The last lines, the newest first."""
    return list(
        await session.scalars(
            select(StaffEvent)
            .order_by(StaffEvent.at.desc(), StaffEvent.id.desc())
            .limit(limit)
        )
    )
