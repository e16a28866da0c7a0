"""What is looked after again and again does what it says."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select

from api import chores
from api.desk import Desk
from api.shop.models import SignIn
from handoff.models import Message
from tests.api.people import Shopper
from tests.fakes import Clock


async def test_old_conversations_are_forgotten_with_who_signed_in(
    desk: Desk, sam: Shopper, clock: Clock
) -> None:
    await sam.say("where is my order")
    async with desk.database.writing() as session:
        now = clock()
        session.add(
            SignIn(
                conversation_id=UUID(sam.id),
                customer_id="c1",
                signed_in_at=now,
                valid_until=now + timedelta(minutes=30),
            )
        )
    await chores.forget_old(desk)
    assert await _kept(desk) != (0, 0), "nothing is old yet"
    clock.forward(days=desk.settings.privacy.retention_days + 1)
    await chores.forget_old(desk)
    assert await _kept(desk) == (0, 0)


async def _kept(desk: Desk) -> tuple[int | None, int | None]:
    async with desk.database.reading() as session:
        messages = await session.scalar(select(func.count()).select_from(Message))
        proofs = await session.scalar(select(func.count()).select_from(SignIn))
    return messages, proofs
