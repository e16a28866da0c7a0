"""Which past-tense facts a conversation can have, and how each is called on the wire."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened; kept as an audit row in the same transaction."""

    kind: ClassVar[str] = "conversation.changed"

    conversation_id: UUID
    at: datetime

    def data(self) -> dict[str, Any]:
        """Everything but the subject and the time, as JSON."""
        own = asdict(self)
        del own["conversation_id"], own["at"]
        return {name: _plain(value) for name, value in own.items()}


@dataclass(frozen=True, kw_only=True)
class ConversationOpened(Event):
    kind: ClassVar[str] = "conversation.opened"

    language: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class LanguageChanged(Event):
    kind: ClassVar[str] = "conversation.language_changed"

    language: str


@dataclass(frozen=True, kw_only=True)
class TurnExpired(Event):
    """A turn outlived its lease; nobody knows whether the bot ever answered."""

    kind: ClassVar[str] = "turn.expired"

    turn_id: UUID


@dataclass(frozen=True, kw_only=True)
class TurnDropped(Event):
    """The bot came back after a person had taken over; its words were thrown away."""

    kind: ClassVar[str] = "turn.dropped"

    turn_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConversationQueued(Event):
    kind: ClassVar[str] = "conversation.queued"

    reasons: tuple[str, ...]
    position: int
    rank_at: datetime


@dataclass(frozen=True, kw_only=True)
class AgentAssigned(Event):
    kind: ClassVar[str] = "conversation.assigned"

    agent_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class ConversationReleased(Event):
    """An agent put it back, or was lost; the shopper keeps the old place in the line."""

    kind: ClassVar[str] = "conversation.released"

    agent_id: UUID
    #: released | lease_lost | silent | shift_over | transferred
    how: str
    rank_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConversationTransferred(Event):
    kind: ClassVar[str] = "conversation.transferred"

    agent_id: UUID
    to_agent_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class ConversationReturned(Event):
    """The bot answers again."""

    kind: ClassVar[str] = "conversation.returned"

    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConversationLeftLine(Event):
    """The shopper stopped waiting by themselves; the place is lost, the bot answers."""

    kind: ClassVar[str] = "conversation.left_line"


@dataclass(frozen=True, kw_only=True)
class ConversationResolved(Event):
    kind: ClassVar[str] = "conversation.resolved"

    agent_id: UUID | None
    disposition: str


@dataclass(frozen=True, kw_only=True)
class ConsultAsked(Event):
    """An agent asked a colleague, and kept the conversation."""

    kind: ClassVar[str] = "conversation.consulted"

    consult_id: UUID
    agent_id: UUID
    asked_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConsultAnswered(Event):
    """The colleague answered, among colleagues."""

    kind: ClassVar[str] = "conversation.advised"

    consult_id: UUID
    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class ConversationReopened(Event):
    """The shopper came back to a settled case, and it waits for a person again."""

    kind: ClassVar[str] = "conversation.reopened"

    #: how often it was reopened by now
    times: int
    disposition: str
    settled_at: datetime
    #: who settled it
    agent_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class ConversationAbandoned(Event):
    kind: ClassVar[str] = "conversation.abandoned"


@dataclass(frozen=True, kw_only=True)
class PromiseNear(Event):
    """Most of the time in which the shopper should hear something is used."""

    kind: ClassVar[str] = "sla.near"

    #: first | next | resolution
    clock: str
    due_at: datetime
    agent_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(PromiseNear):
    """The time in which the shopper should have heard something is over."""

    kind: ClassVar[str] = "sla.broken"


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


@dataclass(frozen=True, kw_only=True)
class ListenedIn(Event):
    """A supervisor opened a running conversation that is not theirs."""

    kind: ClassVar[str] = "conversation.listened"

    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class Whispered(Event):
    """A supervisor told the owner something that the shopper never sees."""

    kind: ClassVar[str] = "conversation.whispered"

    agent_id: UUID
    to_agent_id: UUID
    seq: int


@dataclass(frozen=True, kw_only=True)
class TakenOver(Event):
    """A supervisor became the owner in place of the agent."""

    kind: ClassVar[str] = "conversation.taken_over"

    agent_id: UUID
    from_agent_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class CameraAsked(Event):
    """The agent asked to be shown something through the shopper's camera."""

    kind: ClassVar[str] = "camera.asked"

    agent_id: UUID


@dataclass(frozen=True, kw_only=True)
class CameraShown(CameraAsked):
    """The shopper said yes."""

    kind: ClassVar[str] = "camera.shown"


@dataclass(frozen=True, kw_only=True)
class CameraEnded(CameraAsked):
    """Nothing is shown any more, or nothing ever was."""

    kind: ClassVar[str] = "camera.ended"

    by: str
    why: str
    was_shown: bool


@dataclass(frozen=True, kw_only=True)
class MovedInLine(Event):
    """A supervisor moved a waiting conversation; later is a negative number."""

    kind: ClassVar[str] = "conversation.moved"

    agent_id: UUID
    minutes: int
    reason: str
    rank_at: datetime
