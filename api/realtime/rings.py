"""What the doorbell can say: a hint that something changed, never the thing itself."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

RingKind = Literal["messages", "status", "turn", "typing", "queue", "session", "check"]


class Head(BaseModel):
    """How a conversation stands: enough to know whether something was missed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int
    status: str
    agent_id: UUID | None


class Ring(BaseModel):
    """Who listens reads the rows; `turn` and `typing` are all there is of themselves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: RingKind
    conversation_id: UUID | None = None
    #: turn: running | done; typing: shopper | bot | agent; session: the token's hash, or
    #: `staff:` and the id when all sessions of a person are to be looked at again
    detail: str = ""
    #: check: how the conversation stands; whoever knows as much need not read anything
    head: Head | None = None
