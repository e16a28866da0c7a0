"""The rows of conversations, turns, handoffs and assignments: the record that survives everything."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

# Their tables belong to the same history.
from handoff import attachment_models, care_models, policy_models  # noqa: F401
from handoff.rows import NAMING, HandoffBase, Json, UtcDateTime, new_id

__all__ = [
    "NAMING",
    "Assignment",
    "AuditEntry",
    "Conversation",
    "Feedback",
    "Handoff",
    "HandoffBase",
    "Json",
    "Message",
    "Rating",
    "SlaMark",
    "Turn",
    "UtcDateTime",
    "new_id",
]


class Conversation(HandoffBase):
    """One thread from first word to resolution or abandonment."""

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint(
            "(status = 'assigned') = (agent_id IS NOT NULL)",
            name="only_assigned_has_an_agent",
        ),
        CheckConstraint(
            "status != 'queued' OR queued_at IS NOT NULL", name="queued_has_a_time"
        ),
        Index("ix_conversation_waiting", "status", "queue_rank_at", "id"),
        Index("ix_conversation_agent_id_status", "agent_id", "status"),
        Index("ix_conversation_last_agent_id_status", "last_agent_id", "status"),
        Index("ix_conversation_created_at", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(16), default="web")
    #: JSON facts about the shopper: display name, page, signed customer id
    shopper: Mapped[dict[str, Any]] = mapped_column(default=dict)
    last_seq: Mapped[int] = mapped_column(default=0)
    #: the last shopper seq that a turn or a person has covered
    answered_seq: Mapped[int] = mapped_column(default=0)
    agent_id: Mapped[UUID | None]
    #: grows with every assignment; an action with an older one is refused
    assignment_version: Mapped[int] = mapped_column(default=0)
    #: when the shopper joined the queue, kept over a release
    queued_at: Mapped[datetime | None]
    #: queued_at moved forward by priority: the order of the line
    queue_rank_at: Mapped[datetime | None]
    disposition: Mapped[str | None] = mapped_column(String(32))
    #: what an agent should know to serve it; null is anybody's
    skill: Mapped[str | None] = mapped_column(String(32))
    tier: Mapped[str] = mapped_column(String(16), default="standard")
    #: how much of an agent's capacity it takes
    weight: Mapped[int] = mapped_column(default=1)
    #: bot_first | human_first | unstaffed; null where no rule was asked
    reception: Mapped[str | None] = mapped_column(String(16))
    #: who served it last; they are asked first when it comes back
    last_agent_id: Mapped[UUID | None]
    #: who left the shopper without an answer; not theirs again before `avoid_until`
    avoid_agent_id: Mapped[UUID | None]
    avoid_until: Mapped[datetime | None]
    #: how often the shopper came back to it after it was settled
    reopened: Mapped[int] = mapped_column(default=0)
    #: the ended conversation that it goes on from; a plain value, that one may be deleted
    follows_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]


class Message(HandoffBase):
    """One utterance by one actor; seq orders the conversation without holes."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    seq: Mapped[int]
    #: made by the sender's device; a resend carries the same one
    client_id: Mapped[str | None] = mapped_column(String(64))
    #: sha256 of what was sent, to tell a resend from a clash
    body_hash: Mapped[str | None] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(8))
    audience: Mapped[str] = mapped_column(String(8), default="everyone")
    #: text | notice (system line, `key` names the words) | note
    kind: Mapped[str] = mapped_column(String(16), default="text")
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(8))
    agent_id: Mapped[UUID | None]
    turn_id: Mapped[UUID | None] = mapped_column(index=True)
    #: [{id, label, press}]; press never leaves the server
    buttons: Mapped[list[Any]] = mapped_column(default=list)
    #: [{article_id, revision_id, title, url}]
    sources: Mapped[list[Any]] = mapped_column(default=list)
    #: what the room may need later: button pressed, probability, reply-format
    meta: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Turn(HandoffBase):
    """One or more shopper messages and all the bot said back; at most one reply each."""

    __tablename__ = "turn"
    __table_args__ = (
        UniqueConstraint("conversation_id", "first_seq"),
        # One running turn a conversation: the database itself refuses an overlap.
        Index(
            "uq_turn_running",
            "conversation_id",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_turn_state_lease_until", "state", "lease_until"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    first_seq: Mapped[int]
    last_seq: Mapped[int]
    #: running | answered | failed | dropped (a person took over meanwhile)
    state: Mapped[str] = mapped_column(String(16))
    lease_until: Mapped[datetime]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    #: what was understood: intent, confidence, entities, emotion, search outcome, hits
    signals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    #: Rasa's events of the last turns, sent along with the next one
    dialogue: Mapped[list[Any]] = mapped_column(default=list)
    failure: Mapped[str | None] = mapped_column(String(64))


class Handoff(HandoffBase):
    """One request for a person, with its reasons and the card that travelled along."""

    __tablename__ = "handoff"
    __table_args__ = (
        Index(
            "uq_handoff_open",
            "conversation_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_handoff_first_assigned_at", "first_assigned_at"),
        Index("ix_handoff_requested_at", "requested_at"),
        Index(
            "ix_handoff_conversation_id_requested_at", "conversation_id", "requested_at"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    #: [{code, evidence: {...}}]
    reasons: Mapped[list[Any]]
    card: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime]
    #: the place in the line on joining; the forecast learns seconds per place from it
    position: Mapped[int] = mapped_column(default=1)
    #: [{code, minutes}]: why the rank is ahead of the clock
    priority: Mapped[list[Any]] = mapped_column(default=list)
    #: the wait in seconds that the shopper was told on joining
    said_low: Mapped[int | None]
    said_high: Mapped[int | None]
    #: out of hours: an answer was promised by then
    promised_by: Mapped[datetime | None]
    #: those on call heard that nobody is there for it
    called_at: Mapped[datetime | None]
    #: the shopper left and wants to be told here when it is their turn
    keep_place: Mapped[dict[str, Any] | None] = mapped_column(Json)
    place_asked_at: Mapped[datetime | None] = mapped_column(index=True)
    place_told_at: Mapped[datetime | None]
    #: the last shopper seq that an answer, not a filler, has covered
    substantive_seq: Mapped[int] = mapped_column(default=0)
    first_substantive_at: Mapped[datetime | None]
    first_assigned_at: Mapped[datetime | None]
    first_agent_message_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    #: resolved | abandoned | returned_to_bot | left_line (by the shopper)
    outcome: Mapped[str | None] = mapped_column(String(24))


class Assignment(HandoffBase):
    """One spell of one agent on one conversation."""

    __tablename__ = "assignment"
    __table_args__ = (
        UniqueConstraint("conversation_id", "version"),
        Index("ix_assignment_agent_id_ended_at", "agent_id", "ended_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    agent_id: Mapped[UUID]
    version: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    #: resolved | released | transferred | lease_lost | silent | shift_over | returned_to_bot
    ended_how: Mapped[str | None] = mapped_column(String(24))


class SlaMark(HandoffBase):
    """A promise of the desk that was close to being broken, or was; each said once."""

    __tablename__ = "sla_mark"
    __table_args__ = (UniqueConstraint("handoff_id", "clock", "due_at", "level"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoff.id"))
    #: first | next | resolution
    clock: Mapped[str] = mapped_column(String(16))
    #: soon | late
    level: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime]
    at: Mapped[datetime] = mapped_column(index=True)


class AuditEntry(HandoffBase):
    """A past-tense fact: who did what to which conversation, and when."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_conversation_id_at", "conversation_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    event: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class Feedback(HandoffBase):
    """The shopper's verdict on one answer."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("conversation_id", "message_seq"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    message_seq: Mapped[int]
    article_id: Mapped[str | None] = mapped_column(String(80))
    helpful: Mapped[bool]
    created_at: Mapped[datetime]


class Rating(HandoffBase):
    """Five stars and a comment after service; the shopper may revise it once."""

    __tablename__ = "rating"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five"),
        Index("ix_rating_updated_at", "updated_at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id"), primary_key=True
    )
    stars: Mapped[int]
    #: three scores of one to five, each only if it was given
    accuracy: Mapped[int | None]
    communication: Mapped[int | None]
    delivery: Mapped[int | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    revisions: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
