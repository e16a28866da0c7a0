"""The rows of a handoff policy's revisions, and of agents' marks on handoffs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from handoff.rows import HandoffBase, Json, new_id


class PolicyRevision(HandoffBase):
    """What a supervisor applied; the highest number holds, rows are never changed."""

    __tablename__ = "policy_revision"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    #: counts from 1; two people who apply at once cannot get the same one
    number: Mapped[int] = mapped_column(unique=True)
    #: the whole `triggers` section; null means that of config.yml
    triggers: Mapped[dict[str, Any] | None] = mapped_column(Json)
    author_id: Mapped[UUID]
    author: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(Text, default="")
    #: the revision whose values were taken back, if any; 0 is config.yml
    restores: Mapped[int | None]
    at: Mapped[datetime]


class HandoffMark(HandoffBase):
    """One agent's verdict on the moment of one handoff; a later one takes its place."""

    __tablename__ = "handoff_mark"
    __table_args__ = (
        UniqueConstraint("handoff_id", "agent_id"),
        CheckConstraint(
            "verdict = 'bot_could' OR article_id IS NULL", name="article_only_for_bot"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    handoff_id: Mapped[UUID] = mapped_column(ForeignKey("handoff.id"), index=True)
    agent_id: Mapped[UUID]
    #: too_early | right | too_late | bot_could
    verdict: Mapped[str] = mapped_column(String(12))
    #: with `bot_could`: the article that would have answered
    article_id: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime]
