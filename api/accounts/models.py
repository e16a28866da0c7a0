"""The rows of staff accounts, their sessions, links and second factors, and what was done to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from api.models import ApiBase


class Staff(ApiBase):
    """One person who works at the desk."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: folded: lower case, no white space around it
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    #: empty until an invited person has set a password; opens nothing then
    password_hash: Mapped[str] = mapped_column(Text)
    #: [agent | editor | supervisor | admin | auditor]
    roles: Mapped[list[Any]]
    #: how many conversations at once; null means the shop's default
    capacity: Mapped[int | None]
    #: what this person knows; none means everything that needs no supervisor
    skills: Mapped[list[Any]] = mapped_column(default=list)
    #: the languages this person writes; none means all
    languages: Mapped[list[Any]] = mapped_column(default=list)
    #: {mon … sun: ["09:00-18:00"]} by the shop's clock; null is whenever they like
    shifts: Mapped[dict[str, Any] | None]
    #: made for the demo shop; refused once `demo: false`
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class StaffSession(ApiBase):
    """One sign-in; the token itself is known to the browser alone."""

    __tablename__ = "staff_session"

    #: sha256 of the token
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    #: the end whatever happens
    expires_at: Mapped[datetime]
    #: where from and with what, for the person's own list; null before these were kept
    address: Mapped[str | None] = mapped_column(String(64))
    browser: Mapped[str | None] = mapped_column(String(24))
    system: Mapped[str | None] = mapped_column(String(24))


class SignInTicket(ApiBase):
    """A right password that still lacks its second factor; opens nothing by itself."""

    __tablename__ = "staff_sign_in"

    #: sha256 of the ticket
    ticket_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    expires_at: Mapped[datetime]


class StaffLink(ApiBase):
    """A link that sets one password once."""

    __tablename__ = "staff_link"

    #: sha256 of what stands in the link
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    #: invite | reset
    purpose: Mapped[str] = mapped_column(String(8))
    expires_at: Mapped[datetime]


class SecondFactor(ApiBase):
    """The secret that a person's phone shares with the desk (RFC 6238)."""

    __tablename__ = "staff_second_factor"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    #: base32
    secret: Mapped[str] = mapped_column(String(64))
    #: null until a first code has shown that the phone has it
    confirmed_at: Mapped[datetime | None]
    #: the newest step whose code was taken; it and all before are used up
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(ApiBase):
    """What opens once when the phone is lost."""

    __tablename__ = "staff_recovery_code"

    #: sha256 of the person's id and the code
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)


class StaffEvent(ApiBase):
    """One line of the audit trail of accounts; never changed, never taken away."""

    __tablename__ = "staff_event"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    event: Mapped[str] = mapped_column(String(32))
    #: whose account
    staff_id: Mapped[UUID] = mapped_column(index=True)
    login: Mapped[str] = mapped_column(String(80))
    #: who did it; null: the command line
    actor_id: Mapped[UUID | None]
    actor: Mapped[str] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]]
