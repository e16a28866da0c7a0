"""What the database holds at the end, read whole and without the service."""

from __future__ import annotations

# isort: off
import api.sqlite  # noqa: F401 - must come first: it decides which sqlite3 is used
# isort: on

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from handoff.models import Assignment, AuditEntry, Conversation, Handoff, Message, Turn


@dataclass
class Ledger:
    """All rows of a desk."""

    conversations: dict[str, Conversation]
    messages: dict[str, list[Message]]
    turns: dict[str, list[Turn]]
    handoffs: dict[str, list[Handoff]]
    assignments: list[Assignment]
    audit: list[AuditEntry]
    is_whole: bool


def read(url: str) -> Ledger:
    """Read everything in one transaction."""
    plain = url.replace("+inloop", "")
    engine = create_engine(plain, poolclass=NullPool)
    messages: defaultdict[str, list[Message]] = defaultdict(list)
    turns: defaultdict[str, list[Turn]] = defaultdict(list)
    handoffs: defaultdict[str, list[Handoff]] = defaultdict(list)
    with Session(engine, expire_on_commit=False) as session:
        for message in session.scalars(select(Message).order_by(Message.seq)):
            messages[str(message.conversation_id)].append(message)
        for turn in session.scalars(select(Turn).order_by(Turn.first_seq)):
            turns[str(turn.conversation_id)].append(turn)
        for handoff in session.scalars(select(Handoff)):
            handoffs[str(handoff.conversation_id)].append(handoff)
        found = Ledger(
            conversations={
                str(row.id): row for row in session.scalars(select(Conversation))
            },
            messages=messages,
            turns=turns,
            handoffs=handoffs,
            assignments=list(session.scalars(select(Assignment))),
            audit=list(
                session.scalars(
                    select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id)
                )
            ),
            is_whole=_is_whole(session),
        )
        session.expunge_all()
    engine.dispose()
    return found


def _is_whole(session: Session) -> bool:
    if session.get_bind().dialect.name != "sqlite":
        return True
    return session.scalar(text("PRAGMA integrity_check")) == "ok"
