"""Decides what the operator may set of the line: order, routing, promises, hours, who is called."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.reception_settings import ReceptionRule
from api.setting_types import Count, Day, Section, Share, Span, Timezone

Minutes = Annotated[int, Field(ge=0, le=240)]
Skill = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Weight = Annotated[int, Field(ge=1, le=20)]
Mailbox = Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$", max_length=254)]


class PriorityMinutes(Section):
    angry: Minutes = 10
    sensitive: Minutes = 15
    anxious: Minutes = 5
    urgent: Minutes = 5
    vip: Minutes = 10
    valuable: Minutes = 5
    repeated: Minutes = 5
    #: all together never count for more
    most: Minutes = 30


class Routing(Section):
    relax_skill_seconds: Count = 120
    relax_language_seconds: Count = 300
    last_agent_minutes: Minutes = 3
    #: intent -> skill
    skills: dict[str, Skill] = Field(default={})
    #: skill -> how much of the capacity one takes
    weights: dict[Skill, Weight] = Field(default={})


class Sla(Section):
    first_seconds: Count = 180
    next_seconds: Count = 300
    resolution_seconds: Count = 86_400


class MailServer(Section):
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 25
    sender: str = ""
    starttls: bool = False


class OnCall(Section):
    after_seconds: Count = 300
    webhook: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    mail: tuple[Mailbox, ...] = ()


class HandoffSection(Section):
    #: pull: agents take; push: they are given
    mode: Literal["pull", "push"] = "pull"
    #: who receives a new conversation first; the first rule that holds decides
    reception: tuple[ReceptionRule, ...] = ()
    agent_capacity: Annotated[int, Field(ge=1, le=100)] = 5
    lease_seconds: Annotated[int, Field(ge=5, le=3600)] = 45
    turn_lease_seconds: Annotated[int, Field(ge=6, le=600)] = 15
    forecast_default_seconds: Count = 180
    handling_default_seconds: Count = 360
    priority_minutes: PriorityMinutes = PriorityMinutes()
    #: a supervisor may move one request by so many minutes in all, either way
    supervisor_minutes: Annotated[int, Field(ge=0, le=240)] = 30
    valuable_order: Annotated[float, Field(ge=0)] = 1000
    routing: Routing = Routing()
    silent_seconds: Count = 300
    silent_pause_seconds: Count = 120
    promise_minutes: Count = 120
    sla: dict[str, Sla] = Field(default={"standard": Sla()})
    sla_warn_share: Share = 0.8
    #: days in which a word of the shopper reopens a resolved conversation; 0 is never
    reopen_days: Annotated[int, Field(ge=0, le=365)] = 7
    on_call: OnCall = OnCall()
    mail: MailServer = MailServer()
    dispositions: tuple[str, ...] = ("solved",)

    @model_validator(mode="after")
    def _has_a_standard(self) -> Self:
        if "standard" not in self.sla:
            raise ValueError("sla needs the tier `standard`")
        if self.on_call.mail and not (self.mail.host and self.mail.sender):
            raise ValueError("on_call.mail needs mail.host and mail.sender")
        return self


class SkillHours(Section):
    weekly: dict[Day, tuple[Span, ...]]
    #: None: the desk's
    holidays: tuple[str, ...] | None = None


class Hours(Section):
    timezone: Timezone = "Asia/Shanghai"
    weekly: dict[Day, tuple[Span, ...]] = Field(
        default={
            "mon": ("00:00-24:00",),
            "tue": ("00:00-24:00",),
            "wed": ("00:00-24:00",),
            "thu": ("00:00-24:00",),
            "fri": ("00:00-24:00",),
            "sat": ("00:00-24:00",),
            "sun": ("00:00-24:00",),
        }
    )
    holidays: tuple[str, ...] = ()
    #: skill -> the hours of those who have it, where they are not the desk's
    skills: dict[Skill, SkillHours] = Field(default={})
