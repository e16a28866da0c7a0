"""Decides what the operator may set of staff accounts: who needs a second factor, how long links hold."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.setting_types import Section

RoleName = Literal["agent", "editor", "supervisor", "admin", "auditor"]


class Accounts(Section):
    second_factor_for: tuple[RoleName, ...] = ()
    link_hours: Annotated[int, Field(ge=1, le=720)] = 48
