"""The rows of the shop's door: tries and proofs, sign-ins, changes carried out, and the demo shop's own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.models import ApiBase
from handoff.models import new_id


class ProofTry(ApiBase):
    """One attempt to show whose an order is; kept for a day, without the order's number."""

    __tablename__ = "proof_try"
    __table_args__ = (
        CheckConstraint("outcome IN ('open', 'failed', 'proven')", name="outcome"),
        Index("ix_proof_try_order_key_at", "order_key", "at"),
        Index("ix_proof_try_address_key_at", "address_key", "at"),
        Index("ix_proof_try_conversation_id_at", "conversation_id", "at"),
        Index("ix_proof_try_at", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID]
    #: keyed hash of the number that was tried, whether it exists or not
    order_key: Mapped[str] = mapped_column(String(64))
    #: keyed hash of the client's address; null when nobody knows it
    address_key: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
    #: open | failed | proven; an open one counts as failed
    outcome: Mapped[str] = mapped_column(String(8))


class Proof(ApiBase):
    """One conversation has shown whose this order is; no other conversation has."""

    __tablename__ = "order_proof"

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_number: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: phone | email
    how: Mapped[str] = mapped_column(String(8))
    proven_at: Mapped[datetime]
    valid_until: Mapped[datetime] = mapped_column(index=True)


class SignIn(ApiBase):
    """The shop vouched for who is in this conversation."""

    __tablename__ = "shopper_sign_in"

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    #: the token's `sub`: the shop's id of the customer
    customer_id: Mapped[str] = mapped_column(String(128))
    signed_in_at: Mapped[datetime]
    valid_until: Mapped[datetime]


class CarriedChange(ApiBase):
    """A change that a turn asked for; one a turn, whatever is repeated."""

    __tablename__ = "order_change"
    __table_args__ = (
        UniqueConstraint("conversation_id", "turn_id"),
        CheckConstraint(
            "state IN ('running', 'done', 'refused', 'unknown')", name="state"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID]
    turn_id: Mapped[UUID]
    order_number: Mapped[str] = mapped_column(String(64))
    change: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8))
    #: the message that was answered; a repeat gets the same one
    answer: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class DemoChange(ApiBase):
    """What somebody changed in the demo shop."""

    __tablename__ = "demo_change"

    idempotency_key: Mapped[str] = mapped_column(String(128), primary_key=True)
    order_number: Mapped[str] = mapped_column(String(64), index=True)
    change: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
