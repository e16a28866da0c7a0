"""Decides what an agent may give, whom it is asked of, and that the shop hears of it once."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from uuid import UUID

import structlog
from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.announce import announce, announce_queue
from api.desk import Desk
from api.errors import InvalidFields, NotAllowed
from api.shop.errors import ChangeRefused, ChangeUnsupported, ShopError
from api.shop.giving import Allowance, GivesAllowances
from api.shop.numbers import order_number
from api.views import agent_names
from api.words import LOCALES, Words, load_words
from handoff import allowances, conversations, ledger
from handoff.allowances import Limit, Wish
from handoff.errors import ConversationEnded, NoSuchConversation
from handoff.ledger import Request
from handoff.lifecycle import Actor, Audience

log = structlog.get_logger(__name__)

HUNDREDTHS = 100
#: what was given and not carried to the shop for so long is taken up by the chore
LEFT_LYING = timedelta(minutes=1)


class AllowanceView(BaseModel):
    """One request as the console shows it."""

    model_config = ConfigDict(frozen=True)

    request_id: UUID
    conversation_id: UUID
    order_number: str
    kind: str
    amount: Decimal
    currency: str
    reason: str
    state: str
    asked_at: datetime
    asked_by: UUID
    asked_by_name: str | None
    decided_by_name: str | None
    decision_note: str
    reference: str | None


@cache
def _words(table: str) -> Words:
    return load_words((LOCALES / "summary.yml",), table=table)


async def give(
    desk: Desk,
    member: StaffMember,
    conversation_id: UUID,
    *,
    key: str,
    kind: str,
    amount: Decimal,
    currency: str | None,
    order: str,
    reason: str,
) -> AllowanceView:
    """Give it if it is within the limits, else ask a supervisor; the same key only once."""
    limits = desk.settings.care.allowances
    wish = Wish(
        conversation_id=conversation_id,
        order_number=await _known_order(desk, conversation_id, order, kind, amount),
        kind=kind,
        minor_units=int(amount * HUNDREDTHS),
        currency=currency or limits.currency,
        reason=reason,
    )
    now = desk.clock()
    async with desk.database.writing() as session:
        row = await conversations.get(session, conversation_id)
        is_mine = row.agent_id == member.id
        if not is_mine and not member.may(Permission.SEE_ALL_CONVERSATIONS):
            raise NotAllowed
        request = await allowances.ask(
            session,
            wish,
            key=key,
            asked_by=member.id,
            limits=limits_of(desk, member),
            currency=limits.currency,
            day_began=_day_began(desk, now),
            now=now,
        )
        await _note(desk, session, request, step="asked", by=member.id)
    return await _go_on(desk, member, request)


async def decide(
    desk: Desk,
    member: StaffMember,
    request_id: UUID,
    *,
    is_approved: bool,
    note: str,
) -> AllowanceView:
    """Answer as a supervisor; the answer stands in the thread."""
    if not member.may(Permission.MOVE_CONVERSATIONS):
        raise NotAllowed
    async with desk.database.writing() as session:
        request = await allowances.decide(
            session,
            request_id,
            by=member.id,
            is_approved=is_approved,
            note=note,
            now=desk.clock(),
        )
        await _note(desk, session, request, step="decided", by=member.id)
    return await _go_on(desk, member, request)


async def waiting(desk: Desk, member: StaffMember) -> list[AllowanceView]:
    """What waits for a supervisor; an agent sees what they asked for themselves."""
    async with desk.database.reading() as session:
        found = await ledger.waiting(session)
        if not member.may(Permission.MOVE_CONVERSATIONS):
            found = [one for one in found if one.asked.asked_by == member.id]
        return await _views(session, found)


async def given_in(desk: Desk, conversation_id: UUID) -> list[AllowanceView]:
    """Everything asked for in this conversation."""
    async with desk.database.reading() as session:
        found = await ledger.of_conversation(session, conversation_id)
        return await _views(session, found)


async def carry_left_lying(desk: Desk) -> None:
    """What a process gave and died before telling the shop is told by another."""
    async with desk.database.reading() as session:
        found = await ledger.not_carried(session, before=desk.clock() - LEFT_LYING)
    for request in found:
        await _carry(desk, request, by=request.asked.asked_by)


def limits_of(desk: Desk, member: StaffMember) -> dict[str, Limit]:
    """What this person gives without asking, in hundredths."""
    given = desk.settings.care.allowances
    is_supervisor = member.may(Permission.MOVE_CONVERSATIONS)
    chosen = given.supervisor if is_supervisor else given.agent
    return {
        kind: Limit(
            order=round(limit.order * HUNDREDTHS), day=round(limit.day * HUNDREDTHS)
        )
        for kind, limit in chosen.items()
    }


async def _known_order(
    desk: Desk, conversation_id: UUID, given: str, kind: str, amount: Decimal
) -> str:
    """The order's one spelling; without an order the conversation stands for it."""
    if not given.strip() and kind != "refund":
        return str(conversation_id)
    number = order_number(given)
    try:
        order = await desk.orders.find(number) if number else None
    except ShopError:
        # The shop cannot be asked just now; whoever carries it out will see.
        return number or ""
    if number is None or order is None:
        raise InvalidFields([{"pointer": "/order_number", "detail": "No such order."}])
    if kind == "refund" and amount > order.total.amount:
        raise InvalidFields([{"pointer": "/amount", "detail": "More than was paid."}])
    return number


async def _go_on(desk: Desk, member: StaffMember, request: Request) -> AllowanceView:
    if request.state in {"granted", "approved"}:
        request = await _carry(desk, request, by=member.id)
    announce(desk, request.asked.conversation_id, "messages")
    announce_queue(desk)
    async with desk.database.reading() as session:
        [view] = await _views(session, [request])
    return view


async def _carry(desk: Desk, request: Request, *, by: UUID) -> Request:
    """Tell the shop, with no transaction open, and note what it said."""
    outcome, data = await _tell_shop(desk, request)
    async with desk.database.writing() as session:
        request = await allowances.carried(
            session,
            request.asked.request_id,
            outcome=outcome,
            by=by,
            data=data,
            now=desk.clock(),
        )
        await _note(desk, session, request, step="carried", by=by)
    return request


async def _tell_shop(desk: Desk, request: Request) -> tuple[str, dict[str, str]]:
    asked = request.asked
    has_order = asked.order_number != str(asked.conversation_id)
    if not has_order or not isinstance(desk.orders, GivesAllowances):
        return "prepared", {}
    allowance = Allowance(
        order_number=asked.order_number,
        kind=asked.kind,
        amount=Decimal(asked.minor_units) / HUNDREDTHS,
        currency=asked.currency,
    )
    key = str(asked.request_id)
    try:
        reference = await desk.orders.give_allowance(allowance, idempotency_key=key)
    except (ChangeUnsupported, ChangeRefused):
        return "prepared", {}
    except ShopError:
        log.exception("allowance of unknown outcome", action="allowance", key=key)
        return "failed", {}
    return "told", {"reference": reference}


async def _note(
    desk: Desk, session: AsyncSession, request: Request, *, step: str, by: UUID
) -> None:
    """A line for colleagues in the thread, once a step; none where the talk has ended."""
    entry = {
        "asked": request.asked,
        "decided": request.decided,
        "carried": request.carried,
    }[step]
    if entry is None:
        return
    words = _words(desk.settings.languages.traditional)
    language = desk.settings.languages.default
    amount = Decimal(entry.minor_units) / HUNDREDTHS
    text = words.say(
        f"note_allowance_{entry.outcome}",
        language,
        kind=words.say(f"kind_{entry.kind}", language),
        amount=f"{amount:.2f} {entry.currency}",
        order=entry.order_number,
        reason=entry.note,
    )
    try:
        await conversations.append(
            session,
            entry.conversation_id,
            actor=Actor.AGENT,
            kind="note",
            audience=Audience.AGENTS,
            text=text.strip(),
            client_id=f"allowance-{entry.request_id.hex}-{step}",
            agent_id=by,
            now=desk.clock(),
        )
    except (ConversationEnded, NoSuchConversation):
        return


def _day_began(desk: Desk, now: datetime) -> datetime:
    local = now.astimezone(desk.opening_hours.timezone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


async def _views(session: AsyncSession, found: list[Request]) -> list[AllowanceView]:
    names = await agent_names(
        session,
        [one.asked.asked_by for one in found]
        + [one.decided.by for one in found if one.decided],
    )
    return [
        AllowanceView(
            request_id=one.asked.request_id,
            conversation_id=one.asked.conversation_id,
            order_number=one.asked.order_number,
            kind=one.asked.kind,
            amount=Decimal(one.asked.minor_units) / HUNDREDTHS,
            currency=one.asked.currency,
            reason=one.asked.note,
            state=one.state,
            asked_at=one.asked.at,
            asked_by=one.asked.asked_by,
            asked_by_name=names.get(one.asked.asked_by),
            decided_by_name=names.get(one.decided.by) if one.decided else None,
            decision_note=one.decided.note if one.decided else "",
            reference=one.carried.data.get("reference") if one.carried else None,
        )
        for one in found
    ]
