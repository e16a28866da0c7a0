"""Decides, once for each conversation, whether a person takes it before the bot says anything."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api.desk import Desk
from api.signals import Past
from handoff import hours, reception
from handoff.decisions import Decision
from handoff.presence import AgentState
from handoff.reception import Received
from handoff.transitions import change


@dataclass(frozen=True, kw_only=True)
class Reception:
    """What the turn is to do, and what is to be kept; None where no rule was asked."""

    decision: Decision
    received: Received | None = None


async def receive(desk: Desk, past: Past, decision: Decision) -> Reception:
    """Weigh the rules at the first word of a conversation; later nothing changes.

    Asks Redis who is there, so no session may be open.
    """
    rules = desk.settings.handoff.reception
    row = past.conversation
    if not rules or past.turns or row.reception is not None:
        return Reception(decision=decision)
    now = desk.clock()
    wanted = reception.wish(
        [each.rule() for each in rules],
        row.id,
        channel=row.channel,
        now=now,
        zone=desk.opening_hours.timezone,
    )
    if not wanted.is_human:
        return Reception(decision=decision, received=Received.BOT_FIRST)
    if not await _is_somebody_there(desk):
        return Reception(decision=decision, received=Received.UNSTAFFED)
    with_person = reception.with_person(decision, wanted.reason())
    return Reception(decision=with_person, received=Received.HUMAN_FIRST)


async def _is_somebody_there(desk: Desk) -> bool:
    """Open and an agent available: a plan alone answers nobody."""
    now = desk.clock()
    if not hours.is_open(now, desk.opening_hours):
        return False
    here = await desk.presence.present(now=now)
    return any(each.state == AgentState.AVAILABLE for each in here or ())


async def keep_reception(
    session: AsyncSession, conversation_id: UUID, received: Received | None
) -> None:
    """Note with the conversation how it was received."""
    if received is not None:
        await change(session, conversation_id, to={"reception": received})
