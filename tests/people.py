"""The people of the tests: Alice and Bob are agents, Sam is the shopper, and it is noon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from handoff import conversations, queue, turns
from handoff.models import Assignment, Conversation, Message

ALICE = UUID("00000000-0000-4000-8000-00000000a11c")
BOB = UUID("00000000-0000-4000-8000-000000000b0b")
SAM = "Sam"
#: a Tuesday
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=15)
CAPACITY = 5
DISPOSITIONS = ("solved", "refunded", "spam")
REASONS = [{"code": "asked_for_human", "evidence": {"words": ["真人"]}}]


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


async def new_conversation(
    session: AsyncSession, *, now: datetime = NOON, **more: Any
) -> Conversation:
    """Sam has opened the widget and the bot is listening."""
    return await conversations.open_conversation(
        session,
        conversation_id=uuid4(),
        token_hash=uuid4().hex,
        language=more.pop("language", "zh-Hans"),
        shopper={"name": SAM},
        now=now,
        **more,
    )


async def sam_says(
    session: AsyncSession,
    conversation_id: UUID,
    text: str = "我的包裹到哪里了？",
    *,
    now: datetime = NOON,
    client_id: str | None = None,
) -> Message:
    appended = await conversations.append(
        session,
        conversation_id,
        actor="shopper",
        text=text,
        client_id=client_id or uuid4().hex,
        now=now,
    )
    return appended.message


async def bot_answers(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    now: datetime = NOON,
    signals: dict[str, Any] | None = None,
    dialogue: list[Any] | None = None,
    state: str = "answered",
) -> bool:
    """Run one whole turn over whatever Sam has said."""
    turn = await turns.begin(session, conversation_id, lease=LEASE, now=now)
    assert turn is not None
    return await turns.finish(
        session,
        turn.turn_id,
        state=state,
        signals=signals or {},
        dialogue=dialogue or [],
        now=now,
    )


async def waiting_conversation(
    session: AsyncSession, *, now: datetime = NOON, priority_minutes: int = 0
) -> Conversation:
    """Sam has asked for a person and waits."""
    conversation = await new_conversation(session, now=now)
    await sam_says(session, conversation.id, "转人工", now=now)
    await queue.join(
        session,
        conversation.id,
        reasons=REASONS,
        card={},
        priority_minutes=priority_minutes,
        now=now,
    )
    return await conversations.get(session, conversation.id)


async def assigned_conversation(
    session: AsyncSession, *, agent_id: UUID = ALICE, now: datetime = NOON
) -> Assignment:
    conversation = await waiting_conversation(session, now=now)
    return await queue.claim(
        session, conversation.id, agent_id=agent_id, capacity=CAPACITY, now=now
    )
