"""Carries out a change that a turn asked for: once, whatever is repeated, and says what follows.

A row keyed by conversation and turn is taken before the shop is asked; the same key goes
along as the idempotency key, so a turn that was cut off can be repeated safely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from api.bot.payloads import BotRequest
from api.clock import Clock
from api.database import Database
from api.settings import AfterSale, Language
from api.shop.allowed import Verdict, rule
from api.shop.errors import (
    ChangeOutcomeUnknown,
    ChangeRefused,
    ChangeUnsupported,
    ShopUnreachable,
)
from api.shop.models import CarriedChange
from api.shop.numbers import order_number
from api.shop.orders import ChangeKind, ChangeReceipt, Order, OrderChange, OrderSource
from api.shop.phrases import TALK_TO_PERSON, Phrase, Value, Wording, spoken
from api.shop.proof import may_see
from api.words import Words
from handoff import conversations
from handoff.models import new_id

log = structlog.get_logger(__name__)

UNREACHABLE = Phrase(key="shop_unreachable", buttons=(TALK_TO_PERSON,))
Message = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Carrier:
    """Everything a change needs; no transaction is open while the shop is asked."""

    database: Database
    orders: OrderSource
    words: Words
    zone: ZoneInfo
    default_language: Language
    clock: Clock
    days: AfterSale = field(default_factory=AfterSale)

    async def carry_out(
        self, conversation_id: UUID, turn_id: UUID, request: BotRequest
    ) -> Message:
        """Do it once for this turn; return what to say, or a request for a person."""
        kept = await self._kept(conversation_id, turn_id)
        if kept is not None and kept.answer is not None:
            return kept.answer
        now = self.clock()
        change = _wish(request)
        if change is None:
            return _person(request.change, request.order_number, cause="unreadable")
        # A turn that was cut off after the shop said yes finds the order changed already.
        if kept is None:
            refusal = await self._refusal(conversation_id, change, now)
            if refusal is not None:
                return refusal
            await self._take(conversation_id, turn_id, change, now)
        state, answer = await self._ask(conversation_id, turn_id, change, now)
        return await self._finish(conversation_id, turn_id, state, answer)

    async def _refusal(
        self, conversation_id: UUID, change: OrderChange, now: datetime
    ) -> Message | None:
        """Why it is not done, whatever the bot asked; None if it may be."""
        try:
            order = await self.orders.find(change.order_number)
        except ShopUnreachable:
            return await self._say(conversation_id, UNREACHABLE, now)
        if order is None or not await self._is_open(conversation_id, order, now):
            return await self._say(conversation_id, Phrase(key="proof_expired"), now)
        ruling = rule(order, change.kind, now=now, zone=self.zone, days=self.days)
        if ruling.verdict is Verdict.NO:
            return await self._say(conversation_id, ruling.phrase, now)
        if ruling.verdict is Verdict.PERSON:
            return _person(
                change.kind,
                change.order_number,
                cause="not_by_interface",
                told=change.detail,
            )
        return None

    async def _ask(
        self, conversation_id: UUID, turn_id: UUID, change: OrderChange, now: datetime
    ) -> tuple[str, Message]:
        """What became of it, and what to say."""
        key = f"{conversation_id}:{turn_id}"
        try:
            receipt = await self.orders.request_change(change, idempotency_key=key)
        except ChangeUnsupported:
            cause = "not_by_interface"
        except ChangeRefused:
            cause = "refused_by_shop"
        except ChangeOutcomeUnknown:
            log.exception("change of unknown outcome", action="order_change", key=key)
            answer = _person(change.kind, change.order_number, cause="outcome_unknown")
            return "unknown", answer
        except ShopUnreachable:
            return "refused", await self._say(conversation_id, UNREACHABLE, now)
        else:
            return "done", await self._say(conversation_id, told(receipt), now)
        answer = _person(
            change.kind, change.order_number, cause=cause, told=change.detail
        )
        return "refused", answer

    async def _kept(self, conversation_id: UUID, turn_id: UUID) -> CarriedChange | None:
        async with self.database.reading() as session:
            found: CarriedChange | None = await session.scalar(
                select(CarriedChange).where(
                    CarriedChange.conversation_id == conversation_id,
                    CarriedChange.turn_id == turn_id,
                )
            )
        return found

    async def _take(
        self,
        conversation_id: UUID,
        turn_id: UUID,
        change: OrderChange,
        now: datetime,
    ) -> None:
        row = CarriedChange(
            id=new_id(),
            conversation_id=conversation_id,
            turn_id=turn_id,
            order_number=change.order_number,
            change=change.kind.value,
            state="running",
            started_at=now,
        )
        try:
            async with self.database.writing() as session:
                session.add(row)
        except IntegrityError:
            # The turn runs twice at once: the shop sees one key and acts once.
            log.warning("change taken twice", action="order_change", turn=str(turn_id))

    async def _finish(
        self, conversation_id: UUID, turn_id: UUID, state: str, answer: Message
    ) -> Message:
        async with self.database.writing() as session:
            row = await session.scalar(
                select(CarriedChange).where(
                    CarriedChange.conversation_id == conversation_id,
                    CarriedChange.turn_id == turn_id,
                )
            )
            if row is not None:
                row.state, row.answer = state, answer
                row.finished_at = self.clock()
        return answer

    async def _is_open(
        self, conversation_id: UUID, order: Order, now: datetime
    ) -> bool:
        async with self.database.reading() as session:
            return await may_see(session, conversation_id, order, now=now)

    async def _say(
        self, conversation_id: UUID, phrase: Phrase, now: datetime
    ) -> Message:
        async with self.database.reading() as session:
            conversation = await conversations.get(session, conversation_id)
        wording = Wording(
            words=self.words,
            language=spoken(conversation.language, default=self.default_language),
            zone=self.zone,
            now=now,
        )
        return wording.say(phrase)


def told(receipt: ChangeReceipt) -> Phrase:
    """What was taken on, under which reference, and what comes next by when."""
    args: dict[str, Value] = {
        "order_number": receipt.order_number,
        "reference": receipt.reference,
        "next": _next(receipt),
    }
    paid_back = receipt.kind in {ChangeKind.CANCEL, ChangeKind.PRICE}
    if paid_back and receipt.refund is not None:
        args["amount"] = receipt.refund
        return Phrase(key=f"change_done_{receipt.kind.value}_refund", args=args)
    return Phrase(key=f"change_done_{receipt.kind.value}", args=args)


def _next(receipt: ChangeReceipt) -> Phrase:
    if receipt.link is not None:
        return Phrase(key="change_next_link", args={"link": receipt.link})
    if receipt.next_by is not None:
        key = f"change_next_{receipt.kind.value}"
        return Phrase(key=key, args={"day": receipt.next_by})
    return Phrase(key="change_next_unknown")


def _wish(request: BotRequest) -> OrderChange | None:
    number = order_number(request.order_number)
    if number is None or request.change is None:
        return None
    detail = {str(name): str(value)[:500] for name, value in request.detail.items()}
    return OrderChange(
        kind=ChangeKind(request.change), order_number=number, detail=detail
    )


def _person(
    kind: str | None,
    number: str | None,
    *,
    cause: str,
    told: Mapping[str, str] | None = None,
) -> Message:
    detail = {
        **(told or {}),
        "change": str(kind or ""),
        "order_number": number or "",
        "cause": cause,
    }
    return {
        "request": {
            "type": "handoff_request",
            "reason": "change_needs_person",
            "detail": detail,
        }
    }
