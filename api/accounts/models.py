"""The rows of staff accounts and their sessions."""

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
    password_hash: Mapped[str] = mapped_column(Text)
    #: [agent | editor | supervisor | admin]
    roles: Mapped[list[Any]]
    #: how many conversations at once; null means the shop's default
    capacity: Mapped[int | None]
    #: what this person knows; none means everything that needs no supervisor
    skills: Mapped[list[Any]] = mapped_column(default=list)
    #: the languages this person writes; none means all
    languages: Mapped[list[Any]] = mapped_column(default=list)
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
