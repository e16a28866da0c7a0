"""The whole path of a shopper's message, from its arrival to the words that answer it.

    1. check, clean, and append it in a first transaction; after the commit it is safe
    2. people have the conversation: done, they hear it
    3. the bot has it: begin a turn over everything unanswered, ask the bot with no
       transaction open, weigh what came back
    4. in a second transaction, if the bot still has the conversation: keep replies and
       dialogue, or move the shopper into the line with the card
    5. announce

Every failure ends in words for the shopper or in the line. A turn is never asked twice.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from api import signals as reading
from api.announce import announce, announce_queue
from api.desk import Desk
from api.drafts import keep_drafts
from api.handing_over import Joining, join, prepare_joining
from api.noticed import keep_noticed, notice
from api.order_seen import order_seen
from api.receiving import keep_reception, receive
from api.replies import Draft
from api.understanding import understand
from api.understood import TurnMessage, Understood, told_anyway, with_messages
from handoff import owed, turns
from handoff.decisions import Decision, Kind
from handoff.errors import IllegalMove
from handoff.lifecycle import Status
from handoff.models import Conversation, Message
from handoff.reception import HUMAN_FIRST, Received
from handoff.signals import OrderSeen
from handoff.turns import OpenTurn, TurnState

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a turn ended: what was decided, and what must still be told."""

    kept: bool
    joined: Conversation | None = None
    #: what the bot said, as it is kept
    said: tuple[Message, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A turn that is ours to answer, and what came before it."""

    turn: OpenTurn
    past: reading.Past

    def covers(self, seq: int) -> bool:
        return any(message.seq == seq for message in self.turn.messages)


async def begin(desk: Desk, conversation_id: UUID) -> Begun | None:
    """Take the next turn of the conversation, if there is one to take."""
    lease = timedelta(seconds=desk.settings.handoff.turn_lease_seconds)
    # After a power cut the bot is simply asked again: nothing was said in this turn yet.
    async with desk.database.writing(outlives_power_cut=False) as session:
        turn = await turns.begin(
            session, conversation_id, lease=lease, now=desk.clock()
        )
        if turn is None:
            return None
        past = await reading.read_past(desk, session, turn.conversation)
    return Begun(turn=turn, past=past)


async def answer(desk: Desk, conversation_id: UUID, begun: Begun) -> Outcome:
    """Run one turn to its end; whatever goes wrong in it becomes a handoff."""
    turn, past = begun.turn, begun.past
    announce(desk, conversation_id, "turn", detail="running")
    with desk.metrics.turn_seconds.time():
        try:
            understood = await understand(desk, turn, past)
            understood = await carry_out(desk, past, understood)
            outcome = await conclude(desk, past, understood)
        except Exception:
            # Nobody may be left without an answer because of a fault of ours.
            log.exception("turn failed", action="turn", turn_id=str(turn.turn_id))
            broken = Understood.broken(turn, reason="service_error")
            outcome = await conclude(desk, past, broken)
    desk.failpoints.reach("after_turn_before_announce")
    await tell(desk, conversation_id, outcome)
    return outcome


async def carry_out(
    desk: Desk, past: reading.Past, understood: Understood
) -> Understood:
    """Do what the bot asked for an order, once for this turn, and add the words for it.

    The order system may be slow or far away, so no transaction is open meanwhile.
    """
    said: list[TurnMessage] = []
    for request in understood.requests:
        if request.type == "order_change":
            message = await desk.change_order(
                past.conversation.id, understood.turn_id, request
            )
            said.append(told_anyway(message))
    return with_messages(understood, said)


async def conclude(desk: Desk, past: reading.Past, understood: Understood) -> Outcome:
    """Decide, write the words, and keep everything in one transaction."""
    order = await order_seen(desk, past.conversation.id, understood)
    weighed = reading.weigh(desk, past, understood, order=order)
    reception = await receive(desk, past, weighed)
    decision = reception.decision
    drafts = write(desk, past, understood, decision)
    joining = None
    if decision.kind is Kind.HANDOFF:
        joining = await prepare_joining(desk, past, understood, decision)
    desk.failpoints.reach("before_reply")
    outcome = await keep(
        desk,
        past,
        understood,
        decision=decision,
        order=order,
        drafts=drafts,
        joining=joining,
        received=reception.received,
    )
    desk.metrics.turns.labels(
        state=understood.state if outcome.kept else "dropped"
    ).inc()
    return outcome


def write(
    desk: Desk, past: reading.Past, understood: Understood, decision: Decision
) -> list[Draft]:
    """The words of the bot for this turn; a handoff brings its own."""
    writer = reading.writer(desk, past, understood)
    drafts: list[Draft] = []
    # The shop wants a person's words first; the bot has only read along.
    if HUMAN_FIRST in decision.codes:
        return drafts
    # Nobody asked for a person here: what the bot found out of the order is told first.
    is_helped_first = decision.codes == ("order_at_risk",)
    for message in understood.messages:
        is_kept = is_helped_first or message.stays_on_handoff
        if decision.kind is Kind.HANDOFF and not is_kept:
            continue
        draft = writer.write(message.message)
        if draft is None:
            continue
        if decision.kind is Kind.HANDOFF:
            # Nobody should press on with the bot while a person is being asked.
            draft = replace(draft, buttons=[])
        drafts.append(draft)
    if decision.kind is Kind.OFFER:
        drafts.append(writer.offer_person())
    if not drafts and decision.kind is not Kind.HANDOFF:
        drafts.append(writer.say("say_more"))
    return drafts


async def keep(
    desk: Desk,
    past: reading.Past,
    understood: Understood,
    *,
    decision: Decision,
    order: OrderSeen | None = None,
    drafts: list[Draft],
    joining: Joining | None,
    received: Received | None = None,
) -> Outcome:
    """Transaction 2: all of the turn, or, if a person took over meanwhile, none of it."""
    now = desk.clock()
    conversation_id = past.conversation.id
    async with desk.database.writing() as session:
        is_ours = await turns.finish(
            session,
            understood.turn_id,
            conversation_id=conversation_id,
            state=understood.state,
            signals=reading.to_row(past, understood, decision, order=order),
            # A person's answers are no part of the form the bot was in the middle of.
            dialogue=[] if joining is not None else understood.dialogue,
            failure=understood.failure,
            now=now,
        )
        if not is_ours:
            return Outcome(kept=False)
        await keep_reception(session, conversation_id, received)
        zone = ZoneInfo(desk.settings.shop.timezone)
        noticed = notice(past, understood, decision)
        await keep_noticed(session, noticed, zone=zone, now=now)
        said = await keep_drafts(
            session, conversation_id, drafts, turn_id=understood.turn_id, now=now
        )
        if joining is None:
            return Outcome(kept=True, said=tuple(said))
        return await _join(desk, session, past, understood, joining)


async def _join(
    desk: Desk,
    session: AsyncSession,
    past: reading.Past,
    understood: Understood,
    joining: Joining,
) -> Outcome:
    joined, notice = await join(desk, session, past, understood, joining)
    await keep_drafts(
        session,
        past.conversation.id,
        [notice],
        turn_id=understood.turn_id,
        now=desk.clock(),
    )
    for code in joining.decision.codes:
        desk.metrics.handoffs.labels(reason=code).inc()
    return Outcome(kept=True, joined=joined)


async def tell(desk: Desk, conversation_id: UUID, outcome: Outcome) -> None:
    """Announce what was committed; the line is told first, so that the bell finds it."""
    if outcome.joined is not None and outcome.joined.queue_rank_at is not None:
        await desk.line.add(conversation_id, rank_at=outcome.joined.queue_rank_at)
    announce(desk, conversation_id, "messages", "status")
    announce(desk, conversation_id, "turn", detail="done")
    if outcome.joined is not None:
        announce_queue(desk)


async def expire(desk: Desk) -> int:
    """Give conversations whose turn died with its process to a person, with words.

    Whoever expired a turn may die before the handoff, so the rows say what is left to do.
    """
    async with desk.database.writing() as session:
        await turns.expire(session, now=desk.clock())
    async with desk.database.reading() as session:
        left = [
            (turn.id, turn.conversation_id)
            for turn in await owed.without_words(session)
        ]
    for turn_id, conversation_id in left:
        with contextlib.suppress(IllegalMove):  # another process was faster
            await rescue(desk, conversation_id, turn_id)
    return len(left)


async def rescue(desk: Desk, conversation_id: UUID, turn_id: UUID) -> None:
    """Move a conversation with a failed turn into the line, unless somebody has it."""
    past = await reading.look_back(desk, conversation_id)
    if past.conversation.status != Status.BOT:
        return
    broken = Understood.lost(turn_id, past)
    decision = reading.weigh(desk, past, broken)
    joining = await prepare_joining(desk, past, broken, decision)
    async with desk.database.writing() as session:
        outcome = await _join(desk, session, past, broken, joining)
    await tell(desk, conversation_id, outcome)


__all__ = ["Begun", "Outcome", "TurnState", "answer", "begin", "expire", "rescue"]
