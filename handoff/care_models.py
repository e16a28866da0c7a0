"""The rows of what is kept beside a conversation: promises, allowances, wrap-ups, follow-ups."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column

from handoff.rows import HandoffBase, new_id


class CannedReply(HandoffBase):
    """A ready answer under a short name, of the whole shop or of one agent."""

    __tablename__ = "canned_reply"
    __table_args__ = (UniqueConstraint("owner", "shortcut"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: the agent's id; empty for the whole shop
    owner: Mapped[str] = mapped_column(String(36), default="")
    shortcut: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    #: the words by language
    texts: Mapped[dict[str, Any]]
    #: a starter reply that the shop took away leaves this behind
    is_removed: Mapped[bool] = mapped_column(default=False)
    updated_by: Mapped[UUID]
    updated_at: Mapped[datetime]


class Promise(HandoffBase):
    """What an agent said would happen, and by when."""

    __tablename__ = "promise"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_seq", "place"),
        Index("ix_promise_state_due_at", "state", "due_at"),
        Index("ix_promise_agent_id_state", "agent_id", "state"),
        CheckConstraint(
            "(state = 'open') = (ended_at IS NULL)", name="only_open_has_no_end"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    message_seq: Mapped[int]
    #: where in the message its words begin
    place: Mapped[int]
    #: whoever said it; it stays theirs until somebody takes it over
    agent_id: Mapped[UUID]
    words: Mapped[str] = mapped_column(String(300))
    said_at: Mapped[datetime]
    due_at: Mapped[datetime]
    #: open | kept | broken | withdrawn (it was no promise)
    state: Mapped[str] = mapped_column(String(12), default="open")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    #: when the agent was reminded of it
    warned_at: Mapped[datetime | None]


class AllowanceEntry(HandoffBase):
    """One line of the ledger of coupons, compensation and refunds; never changed.

    No key to the conversation: money is accounted for longer than words are kept.
    """

    __tablename__ = "allowance_entry"
    __table_args__ = (
        # Each request is asked, decided and carried out at most once.
        UniqueConstraint("request_id", "step"),
        Index("ix_allowance_entry_order_number", "order_number"),
        Index("ix_allowance_entry_asked_by_at", "asked_by", "at"),
        Index("ix_allowance_entry_conversation_id", "conversation_id"),
        CheckConstraint("minor_units > 0", name="gives_something"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: made from the conversation and the idempotency key of whoever asked
    request_id: Mapped[UUID]
    #: asked | decided | carried
    step: Mapped[str] = mapped_column(String(8))
    #: asked: granted, waits; decided: approved, refused; carried: told, prepared, failed
    outcome: Mapped[str] = mapped_column(String(12))
    conversation_id: Mapped[UUID]
    order_number: Mapped[str] = mapped_column(String(40))
    #: coupon | compensation | refund
    kind: Mapped[str] = mapped_column(String(16))
    #: hundredths of the currency
    minor_units: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    asked_by: Mapped[UUID]
    by: Mapped[UUID]
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


class WrapUp(HandoffBase):
    """How an agent left a resolved conversation: where it belongs and what happened."""

    __tablename__ = "wrap_up"

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id"), primary_key=True
    )
    agent_id: Mapped[UUID]
    disposition: Mapped[str] = mapped_column(String(32))
    #: the branch below the disposition; empty when there is none
    detail: Mapped[str] = mapped_column(String(32), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    #: whether the agent changed what was drafted
    is_corrected: Mapped[bool] = mapped_column(default=False)
    resolved_at: Mapped[datetime]
    #: when its answers were looked at for the collection of past answers
    learned_at: Mapped[datetime | None] = mapped_column(index=True)


class PastAnswer(HandoffBase):
    """A question and an agent's answer that settled it, masked, for colleagues to reuse."""

    __tablename__ = "past_answer"
    __table_args__ = (UniqueConstraint("conversation_id", "answer_seq"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    answer_seq: Mapped[int]
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    model_id: Mapped[str] = mapped_column(String(200))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    answered_at: Mapped[datetime] = mapped_column(index=True)


class RatingAppeal(HandoffBase):
    """An agent's objection to a rating, and what a supervisor made of it."""

    __tablename__ = "rating_appeal"

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("rating.conversation_id"), primary_key=True
    )
    agent_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None]
    #: upheld: the rating counts no more; rejected: it stands
    outcome: Mapped[str | None] = mapped_column(String(12))


class FollowUp(HandoffBase):
    """What is done about a bad rating, step by step."""

    __tablename__ = "follow_up"
    __table_args__ = (Index("ix_follow_up_state_due_at", "state", "due_at"),)

    conversation_id: Mapped[UUID] = mapped_column(
        ForeignKey("conversation.id"), primary_key=True
    )
    cause: Mapped[str] = mapped_column(String(32))
    #: [{step, done_at, by}]
    steps: Mapped[list[Any]]
    #: open | done
    state: Mapped[str] = mapped_column(String(8), default="open")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    #: settled | not_reached | not_justified
    outcome: Mapped[str | None] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text, default="")


class Consult(HandoffBase):
    """A question to a colleague about a conversation that is not handed over."""

    __tablename__ = "consult"
    __table_args__ = (
        UniqueConstraint("conversation_id", "message_seq"),
        Index("ix_consult_asked_id_answered_at", "asked_id", "answered_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    asker_id: Mapped[UUID]
    asked_id: Mapped[UUID]
    question: Mapped[str] = mapped_column(Text)
    #: the note in the thread that asks
    message_seq: Mapped[int]
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


#: The database itself refuses to rewrite the ledger.
APPEND_ONLY = {
    "sqlite": tuple(
        f"CREATE TRIGGER allowance_entry_no_{what.lower()} BEFORE {what} ON"
        " allowance_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        for what in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION allowance_entry_frozen() RETURNS trigger AS"
        " $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$"
        " LANGUAGE plpgsql",
        "CREATE TRIGGER allowance_entry_frozen BEFORE UPDATE OR DELETE ON"
        " allowance_entry FOR EACH ROW EXECUTE FUNCTION allowance_entry_frozen()",
    ),
}


def _freeze(table: Table) -> None:
    for dialect, statements in APPEND_ONLY.items():
        for statement in statements:
            made = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", made)


_freeze(AllowanceEntry.metadata.tables["allowance_entry"])
