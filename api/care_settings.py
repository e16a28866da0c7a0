"""Decides what the operator may set of the help for agents: words, promises, money, follow-ups."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from api.setting_types import Count, Section

Kind = Literal["coupon", "compensation", "refund"]
Amount = Annotated[float, Field(ge=0, le=1_000_000)]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class AllowanceLimit(Section):
    """What one role may give by itself; 0 means: always ask."""

    order: Amount = 0
    day: Amount = 0


class Allowances(Section):
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    agent: dict[Kind, AllowanceLimit] = Field(default={})
    supervisor: dict[Kind, AllowanceLimit] = Field(default={})


class Care(Section):
    banned_words: tuple[str, ...] = ()
    over_promises: tuple[str, ...] = ()
    promise_warn_minutes: Count = 30
    follow_up_hours: Count = 24
    #: disposition -> what it may be in more detail
    disposition_details: dict[Code, tuple[Code, ...]] = Field(default={})
    allowances: Allowances = Allowances()
