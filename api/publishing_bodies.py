"""The bodies of everything that leads to a publication."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.bodies import Body

Reason = Annotated[str, Field(min_length=3, max_length=1000)]


class PublishBody(Body):
    revision_id: UUID | None = None
    #: why it is published although the gate says no
    override_reason: Reason | None = None


class PublishMany(Body):
    ids: Annotated[
        list[Annotated[str, Field(max_length=80)]], Field(min_length=1, max_length=1000)
    ]
    override_reason: Reason | None = None


class RollBackBody(Body):
    revision_id: UUID
    override_reason: Reason | None = None


class CheckBody(Body):
    revision_id: UUID | None = None
    #: what if the article were taken away
    retire: bool = False


class ScheduleBody(Body):
    at: AwareDatetime
    revision_id: UUID | None = None
    override_reason: Reason | None = None


class ValidityBody(Body):
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
