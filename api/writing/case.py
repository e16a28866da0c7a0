"""Gathers what is known while an agent writes: who, which order, how they feel, what is unanswered."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.staff import StaffMember
from api.desk import Desk
from api.settings import Language
from handoff import conversations, requests
from handoff.lifecycle import Actor, Audience
from handoff.models import Conversation, Message
from knowledge_base.languages import is_language

#: how far back the thread is read; older words are seldom what a reply is about
MOST_MESSAGES = 60


@dataclass(frozen=True, kw_only=True)
class Case:
    """One conversation as somebody who writes in it needs it."""

    conversation: Conversation
    language: Language
    #: what the shopper said since a person last answered, oldest first
    unanswered: tuple[str, ...]
    #: everything the shopper said lately
    said: tuple[str, ...]
    emotion: str
    order_number: str | None
    #: numbers that may stand in a reply: the order's, the parcel's
    known_numbers: frozenset[str]
    agent_name: str

    @property
    def shopper_name(self) -> str:
        return str(self.conversation.shopper.get("name") or "")


async def read_case(
    desk: Desk, session: AsyncSession, member: StaffMember, conversation: Conversation
) -> Case:
    """Read the end of the thread and the newest card."""
    last = max(0, conversation.last_seq - MOST_MESSAGES)
    rows = await conversations.since(session, conversation.id, after=last)
    card = await requests.newest_card(session, conversation.id)
    order = card.get("order") or {}
    entities = (card.get("wants") or {}).get("entities") or []
    named = [one["value"] for one in entities if one["entity"] == "order_number"]
    numbers = [order.get("order_number"), order.get("tracking_number"), *named]
    trace = card.get("emotion_trace") or []
    default = desk.settings.languages.default
    language = conversation.language
    return Case(
        conversation=conversation,
        language=language if is_language(language) else default,
        unanswered=_unanswered(rows),
        said=tuple(row.text for row in rows if row.actor == Actor.SHOPPER),
        emotion=str(trace[-1]["label"]) if trace else "neutral",
        order_number=order.get("order_number") or (named[-1] if named else None),
        known_numbers=frozenset(str(one) for one in numbers if one),
        agent_name=member.name,
    )


def _unanswered(rows: list[Message]) -> tuple[str, ...]:
    spoken = [row for row in rows if row.audience == Audience.EVERYONE]
    told = max((row.seq for row in spoken if row.actor == Actor.AGENT), default=0)
    return tuple(
        row.text for row in spoken if row.actor == Actor.SHOPPER and row.seq > told
    )
