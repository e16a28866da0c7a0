"""The rows of pictures that shoppers and agents send: what each is, and to which message it belongs."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from handoff.rows import HandoffBase, new_id


class Attachment(HandoffBase):
    """One picture as it is kept: uploaded first, then sent with a message."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        CheckConstraint("actor IN ('shopper', 'agent')", name="known_actor"),
        Index("ix_attachment_message_id_created_at", "message_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    #: null until it is sent
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("message.id"))
    #: made by the sender's device; an upload that is repeated carries the same one
    client_id: Mapped[str] = mapped_column(String(64))
    #: sha256 of what was uploaded, to tell a repeat from a clash
    source_hash: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(8))
    agent_id: Mapped[UUID | None]
    #: sha256 of what is kept: the names of the two files
    digest: Mapped[str] = mapped_column(String(64))
    preview_digest: Mapped[str] = mapped_column(String(64))
    mime: Mapped[str] = mapped_column(String(32))
    width: Mapped[int]
    height: Mapped[int]
    #: of the kept file, in bytes
    size: Mapped[int]
    created_at: Mapped[datetime]
